# Words that several parts use.


## Counts

count-posts =
    { $count ->
        [one] { $count } post
       *[other] { $count } posts
    }
count-followers =
    { $count ->
        [one] { $count } follower
       *[other] { $count } followers
    }
count-following = { $count } following
count-boosts =
    { $count ->
        [one] { $count } boost
       *[other] { $count } boosts
    }
count-favourites =
    { $count ->
        [one] { $count } favourite
       *[other] { $count } favourites
    }
count-replies =
    { $count ->
        [one] { $count } reply
       *[other] { $count } replies
    }
count-votes =
    { $count ->
        [one] { $count } vote
       *[other] { $count } votes
    }
count-voters =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
count-residents =
    { $count ->
        [one] { $count } account
       *[other] { $count } accounts
    }

## Who may see a post

visibility-public = Public
visibility-unlisted = Unlisted
visibility-private = Followers only
visibility-direct = Mentioned people only

## Buttons and links

button-send = Send
button-cancel = Cancel
button-continue = Continue
button-back = Back
link-older = Older
link-newer = Newer
link-source = Source code
link-about = About
link-rules = Rules
link-legal = Legal notice
link-sign-in = Sign in
link-sign-up = Create an account
link-sign-out = Sign out
skip-to-content = Skip to the content
language-label = Language

## What a device is told

push-mention = { $name } mentioned you
push-status = { $name } posted
push-reblog = { $name } boosted your post
push-follow = { $name } follows you
push-follow-request = { $name } asks to follow you
push-favourite = { $name } likes your post
push-poll = A poll by { $name } has ended
push-update = { $name } edited a post
push-quote = { $name } quoted your post
push-quoted-update = { $name } edited a post that you quoted
push-severed-relationships = Some of your connections have ended
push-moderation-warning = The moderators have a message for you
push-admin-sign-up = { $name } signed up
push-admin-report = { $name } sent a report
