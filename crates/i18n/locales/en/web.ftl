# The pages.


## Front page

front-welcome = Welcome to the square of { $town }
front-latest = Latest from the town
front-empty = Nothing has been posted yet.
front-people = People

## Profile and posts

profile-title = { $name } (@{ $handle })
profile-joined = Joined { $date }
profile-no-posts = No public posts yet.
profile-moved = This account has moved.
profile-automated = Automated
profile-pinned = Pinned
profile-follow-remote = To follow, search for { $handle } in your own app.
post-title = { $name }: { $excerpt }
post-boosted-by = Boosted by { $name }
post-in-reply = In reply to { $handle }
post-edited = Edited { $date }
post-warning-show = Show: { $warning }
post-sensitive-show = Show the sensitive picture
post-original = View the original
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
sign-up-accept-rules = I have read the rules and accept them
sign-up-submit = Create the account
sign-up-done-title = Almost there
sign-up-done-text = A message with a link was sent to you. Open the link to confirm your address.
sign-up-closed = New accounts are not opened at the moment.
confirmed-title = Address confirmed
confirmed-text = You can sign in now, here or in an app.
confirmed-waiting = Your address is confirmed. The moderators will look at your request.

## Sign in

sign-in-title = Sign in
sign-in-login = E-mail address or username
sign-in-submit = Sign in
sign-in-forgot = Forgotten your password?
sign-in-no-account = No account yet?
sign-out-everywhere = Sign out everywhere

## Password

reset-title = Reset the password
reset-text = Give your e-mail address. If there is an account, a link is sent to it.
reset-sent = If there is an account with this address, a link is on its way.
reset-new-password = New password
reset-submit = Change the password
reset-done = Your password is changed and all sessions are ended.

## Consent for apps

consent-title = Let an app use your account?
consent-text = { $app } asks to use your account { $handle }. It may then:
consent-unverified = Anybody can choose any name for an app. Allow only what you started yourself.
consent-allow = Allow
consent-deny = Refuse
consent-code-title = Your code
consent-code-text = Copy this code into the app. It works once and for ten minutes.
scope-read = Read everything you can read
scope-write = Post and change things in your name
scope-follow = Follow, block and mute in your name
scope-push = Receive your notifications
scope-profile = Read your profile
scope-other = Part of it: { $scope }

## The town

about-title = About { $town }
about-contact = Contact
about-software = This instance runs Parvis { $version }, free software under the AGPL.
rules-title = Rules
rules-empty = The town has not written any rules yet.
legal-title = Legal notice
legal-empty = The town has not written its legal notice yet.
