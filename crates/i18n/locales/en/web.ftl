# The pages.


## Around every page

nav-label = Main
nav-local = In town
nav-wide = All towns
nav-search = Search
nav-desk = Requests
nav-settings = Settings
footer-label = About this site
pager-label = More posts
pager-first = Back to the newest
ago-now = just now
ago-minutes =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
ago-hours =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
ago-days =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
date-day = { $day } { $month } { $year }
date-full = { $day }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Front page

front-welcome = Welcome to the square of { $town }
front-latest = Latest from the town
front-empty = Nothing has been posted yet.
front-neighbours = From other towns
front-more-neighbours = More from other towns
front-more = More from the town
front-people = People lately on the square
front-about = How this place works
front-promise = Newest first, no advertising, no ranking, no tracking. It belongs to the town and speaks with other towns.
join-title = Join in
join-account = Create an account with an e-mail address. It takes two minutes.
join-app = Use it here, or in any Mastodon app: give it the server { $domain }.
join-elsewhere = Already on Mastodon or in another town? Keep your account and follow people here, such as @name@{ $domain }.

## Search

search-label = Name, hashtag or address
search-hint = Name or #hashtag
search-submit = Search
search-help = Look for people by their name (ana), their full address (@ana@other-town.example), for a #hashtag, or, when you are signed in, for words in posts.
search-nothing = Nothing was found for “{ $query }”.
search-people = People
search-tags = Hashtags
search-posts = Posts

## Timelines

timeline-local-text = Everything that people of { $town } post publicly, newest first.
timeline-wide-text = Public posts from this town and from all the towns and servers it knows, newest first.
timeline-tag-text = Public posts with this hashtag, newest first.
timeline-empty = There is nothing here yet.

## Profile and posts

profile-joined = Joined { $date }
profile-no-posts = No public posts yet.
profile-automated = Automated
profile-pinned = Pinned
profile-follow-remote = To follow, search for { $handle } in your own app.
profile-suspended = This account is suspended. Its posts are not shown.
profile-elsewhere = This account lives on { $host }; what you see here may be incomplete.
profile-original = View the original profile
profile-tabs = What to show
profile-tab-posts = Posts
profile-tab-replies = Posts and replies
group-mark = Group
group-facilitators = Facilitators
group-how = To write here, mention { $handle } in a public post. Answers follow the post they answer.
facilitate-title = Facilitate
facilitate-of = Facilitate: { $name }
facilitate-posts = What stands here
facilitate-removed = Taken out of the group. Reason: { $reason }
facilitate-lock = Close the discussion
facilitate-unlock = Open it again
facilitate-pin = Show first
facilitate-unpin = Show first no longer
facilitate-more = Take out or exclude
facilitate-reason = Reason, which everybody may read
facilitate-remove = Take this post out
facilitate-ban = Exclude its author
facilitate-next = Older
facilitate-dismiss = Take the office away
facilitate-who = Address, such as @name or @name@server
facilitate-appoint = Make a facilitator
facilitate-banned = Excluded
facilitate-unban = Let in again
post-title = { $name }: { $excerpt }
post-without-text = a post without text
post-boosted-by = Boosted by { $name }
post-in-reply = In reply to { $handle }
post-in-reply-somebody = In reply to another post
post-edited = Edited { $date }
post-warning-show = Show: { $warning }
post-sensitive-show = Show the sensitive picture
post-sensitive-show-video = Show the sensitive video
post-sensitive-show-sound = Listen to the sensitive recording
post-sensitive-show-all = Show the sensitive pictures and recordings
post-original = View the original
post-attachment = Attachment
post-answer-hint = To answer, paste the address of this page into the search of your own app.
picture-undescribed = Picture without a description
video = Video
video-undescribed = Video without a description
audio = Sound recording
audio-undescribed = Sound recording without a description
poll-choose-one = Choose one
poll-choose-several = Choose one or several
poll-vote = Vote
poll-own = (your vote)
poll-percent = { $count } %
poll-over = Ended { $date }
poll-until = Open until { $date }
poll-hidden = The numbers show when it ends
thread-title = Conversation

## Sign up

sign-up-title = Create an account
sign-up-username = Username
sign-up-username-hint = Lower-case letters, digits and underscores. It becomes @username@{ $domain }.
sign-up-email = E-mail address
sign-up-email-hint = Never shown. A link to confirm it is sent to you.
sign-up-password = Password
sign-up-password-hint = At least 10 characters.
sign-up-reason = Why would you like to join?
sign-up-reason-hint = A few words for the moderators, who look at each request.
sign-up-accept-rules = I have read the rules and accept them
sign-up-rules-title = The rules of the house
sign-up-submit = Create the account
sign-up-done-title = Almost there
sign-up-done-text = A message with a link was sent to you. Open the link to confirm your address.
sign-up-done-spam = Nothing after a few minutes? Look among your unwanted mail.
sign-up-closed = New accounts are not opened at the moment.
sign-up-have-account = You have an account already?
confirm-again-title = Send the link again
confirm-again-text = Give the e-mail address you signed up with. If it awaits confirmation, a new link is sent to it.
confirm-again-link = The message did not arrive?
confirm-title = Confirm your address
confirm-text = One click, and your e-mail address is confirmed.
confirm-submit = Confirm my address
confirmed-title = Address confirmed
confirmed-text = You can sign in now, here or in an app.
confirmed-waiting = Your address is confirmed. The moderators will look at your request.

## Sign in

sign-in-title = Sign in
sign-in-login = E-mail address or username
sign-in-submit = Sign in
sign-in-forgot = Forgotten your password?
sign-in-no-account = No account yet?
sign-in-for-app = An app would like to use your account. Sign in first.
sign-out-here = Sign out here
sign-out-everywhere = Sign out everywhere
form-problems = Please check what you entered:

## Settings

settings-title = Your account
settings-address = Your address in the Fediverse
settings-app-hint = In an app, give the server { $domain } and sign in with your e-mail address.
settings-password = Password
settings-password-text = A new password ends all other sessions and takes their access from all apps.
settings-password-old = Present password
settings-password-done = Your password is changed.
settings-sessions = Browsers and apps
settings-sessions-text = “Everywhere” ends all sessions in browsers, here too, and takes their access from all apps.
settings-back = Back to your account
settings-ways = Moving and leaving

## Moving and leaving

move-title = Move to or from another server
move-here = Move here
move-here-text = Name the account that you leave. Then start the move there and give { $handle } as the new account: your followers come along.
move-alias = Address of the account that you leave
move-address-hint = Such as @name@town.example
move-alias-submit = Name this account
move-alias-done = The account is named. You can start the move there now.
move-unalias = Remove
move-unalias-done = The account is not named any more.
move-away = Move away
move-away-text = First name { $handle } as a former account at the new one. Your followers are then moved; your posts stay here. Afterwards this account cannot move again for 30 days.
move-to = Address of the new account
move-submit = Move my followers
move-done = The move is under way. Your followers will follow the new account within a few minutes or hours.
move-stay = Point there no longer
move-stay-text = Your followers do not come back by themselves.
move-stayed = This account does not point to another one any more.
move-not-before = This account can move again on { $date }.
profile-moved = This account has moved to
leave-title = Delete the account
leave-what = What happens to { $handle }
leave-posts = Your profile, posts, pictures, messages and lists are erased. That takes a few minutes.
leave-elsewhere = Other servers are asked to erase their copies. Most do; nobody can force them.
leave-name = The name is never given to anybody again, not even to you.
leave-final = Nothing of it can be brought back.
leave-move-instead = Rather move to another server?
leave-submit = Delete my account for good
leave-done = Your account is deleted. What belonged to it is being erased.

## Lists as files

data-title = Take your lists along, or bring them
data-take = Take along
data-take-text = Files that other servers of the Fediverse can read.
data-bring = Bring here
data-bring-text = Choose a file that your other server made. It is worked through in the background: each row may ask another server.
data-following = Accounts you follow
data-blocking = Accounts you block
data-muting = Accounts you mute
data-domains = Servers you block
data-lists = Your lists
data-bookmarks = Bookmarks
data-kind = What the file lists
data-file = File
data-file-hint = CSV, at most 2 MB and 10,000 rows.
data-mode = What is here already
data-merge = Keep it and add what is in the file
data-overwrite = Replace it by what is in the file
data-submit = Bring this list
data-results = Files you brought
data-finished = Done: { $done } of { $all } rows.
data-under-way = Under way: { $done } of { $all } rows so far. Load the page again to see more.
data-failed = What could not be done

## Password

reset-title = Reset the password
reset-text = Give your e-mail address. If there is an account, a link is sent to it.
reset-submit-ask = Send me a link
reset-sent = If there is an account with this address, a link is on its way.
reset-new-title = Choose a new password
reset-new-password = New password
reset-submit = Change the password
reset-done = Your password is changed and all sessions are ended.

## Consent for apps

consent-title = Let an app use your account?
consent-text = { $app } asks to use your account { $handle }. It may then:
consent-website = The app names this website: { $website }
consent-returns = You will be sent back to { $place }.
consent-unverified = Anybody can choose any name for an app. Allow only what you started yourself.
consent-allow = Allow
consent-deny = Refuse
consent-refused-title = Access refused
consent-refused-text = The app did not get access. You can close this page.
consent-code-title = Your code
consent-code-text = Copy this code into the app. It works once and for ten minutes.
consent-bad-title = The app asked in a wrong way
consent-bad-client = This app is not known here. Start again in the app, so that it registers anew.
consent-bad-redirect = The address to return to is not one the app registered.
consent-bad-request = The app’s request cannot be understood: { $reason }
scope-read = Read everything you can read
scope-write = Post and change things in your name
scope-follow = Follow, block and mute in your name
scope-push = Receive your notifications
scope-profile = Read your profile
scope-other = Part of it: { $scope }
scope-admin = Administer the town
scope-admin-read = Administer the town: see { $what }
scope-admin-write = Administer the town: change { $what }
scope-admin-accounts = everybody's accounts
scope-admin-reports = reports
scope-admin-domain-allows = allowed servers
scope-admin-domain-blocks = blocked servers
scope-admin-ip-blocks = blocked networks
scope-admin-email-domain-blocks = blocked mail providers
scope-admin-canonical-email-blocks = blocked mail addresses
scope-part-read = Read: { $what }
scope-part-write = Change: { $what }
scope-what-accounts = profiles and your account
scope-what-blocks = whom you block
scope-what-bookmarks = your bookmarks
scope-what-collections = your collections of accounts
scope-what-conversations = your private conversations
scope-what-favourites = your favourites
scope-what-filters = your filters
scope-what-follows = whom you follow
scope-what-lists = your lists
scope-what-media = pictures of your posts
scope-what-mutes = whom you mute
scope-what-notifications = your notifications
scope-what-reports = reports to the moderators
scope-what-search = search results
scope-what-statuses = posts

## Requests for accounts

desk-title = Requests for accounts
desk-none = Nobody waits for a decision.
desk-asked = Asked { $date }
desk-no-reason = No reason was given.
desk-approve = Accept
desk-reject = Reject

## The town

about-title = About { $town }
about-how = How it works
about-public = What is posted publicly can be read by everybody, also without an account.
about-federated = This town speaks with other towns and with the whole Fediverse: people there can follow, answer and be followed. What was sent out can be deleted here, but nobody can promise that every copy elsewhere is gone.
about-order = Posts stand in the order in which they were written. Nothing is pushed, hidden or sold.
about-cookies = Cookies are used only to keep you signed in, to protect forms and to remember a language. No page asks any other site for anything.
about-contact = Contact
about-software-title = The software
about-software = This instance runs Parvis { $version }, free software under the AGPL.
rules-title = Rules
rules-empty = The town has not written any rules yet.
legal-title = Legal notice
legal-empty = The town has not written its legal notice yet.

## Quoted posts

quote-pending = This post quotes another one, whose author has not agreed yet.
quote-refused = The quoted author does not want this post to be quoted here.
quote-deleted = The quoted post was deleted.
quote-hidden = The quoted post is not for everybody.
quote-whole = See the whole post
# Decisions of staff, and appeals.
strikes-title = Decisions about your account
strikes-link = See what the moderators decided, and answer
strikes-none = Nothing was decided about your account.
strike-none = You were asked to mind the rules
strike-sensitive = Your pictures stand behind a warning
strike-disable = Your account was switched off
strike-silence = Your account was limited
strike-suspend = Your account was suspended
appeal-yours = Your answer
appeal-pending = Somebody will look at it.
appeal-approved = You were right: the decision was taken back.
appeal-rejected = The decision stays as it is.
appeal-text = Why is this wrong?
appeal-hint = You can answer once, within 20 days. Somebody else than who decided reads it.
appeal-submit = Appeal
appeal-over = The time to answer is over, or the decision was taken back.
desk-appeals-title = Appeals
desk-appeal-approve = Take the decision back
desk-appeal-reject = Leave it as it is
