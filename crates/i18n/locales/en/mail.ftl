# Mail: subjects on one line, texts as paragraphs.

mail-confirm-subject = Confirm your address for { $town }
mail-confirm-text =
    Hello { $username },

    Please open this link to confirm your e-mail address for { $town }:

    { $link }

    The link works for seven days. If you did not ask for an account, ignore this message.
mail-reset-subject = A new password for { $town }
mail-reset-text =
    Hello { $username },

    Somebody, probably you, asked for a new password for { $town }. Open this link to choose one:

    { $link }

    The link works once, for two hours. If it was not you, ignore this message: nothing has changed.
mail-password-changed-subject = Your password for { $town } was changed
mail-password-changed-text =
    Hello { $username },

    The password of your account was changed and all sessions were ended. If it was not you, reset it at once and tell us.
mail-approved-subject = Your account at { $town } is open
mail-approved-text =
    Hello { $username },

    Your account was approved. Sign in at { $link }
mail-already-subject = You already have an account at { $town }
mail-already-text =
    Hello { $username },

    Somebody, probably you, wanted to open an account at { $town } with this e-mail address. You have one already: @{ $username }.

    If you have forgotten your password, choose a new one here:

    { $link }

    If it was not you, ignore this message: nothing has changed.
mail-rejected-subject = Your request for an account at { $town }
mail-rejected-text =
    Hello { $username },

    The moderators did not accept your request for an account at { $town }. Your details were deleted.
mail-decided-none-subject = A warning about your account at { $town }
mail-decided-none-text =
    Hello { $username },

    The moderators of { $town } looked at your account and ask you to mind the rules of the house. Nothing about your account was changed.

    { $has_reason ->
        [yes] They wrote: { $reason }
       *[no] { "" }
    }

    If you think that this is wrong, you can answer once within 20 days:

    { $link }
mail-decided-sensitive-subject = Your pictures at { $town }
mail-decided-sensitive-text =
    Hello { $username },

    The moderators of { $town } decided that your pictures are shown behind a warning from now on.

    { $has_reason ->
        [yes] They wrote: { $reason }
       *[no] { "" }
    }

    If you think that this is wrong, you can answer once within 20 days:

    { $link }
mail-decided-disable-subject = Your account at { $town } was switched off
mail-decided-disable-text =
    Hello { $username },

    The moderators of { $town } decided that nobody can sign in to your account. What you wrote is still there.

    { $has_reason ->
        [yes] They wrote: { $reason }
       *[no] { "" }
    }

    If you think that this is wrong, you can answer once within 20 days:

    { $link }
mail-decided-silence-subject = Your account at { $town } was limited
mail-decided-silence-text =
    Hello { $username },

    The moderators of { $town } decided that only people who follow you see what you write. You can use your account as before.

    { $has_reason ->
        [yes] They wrote: { $reason }
       *[no] { "" }
    }

    If you think that this is wrong, you can answer once within 20 days:

    { $link }
mail-decided-suspend-subject = Your account at { $town } was suspended
mail-decided-suspend-text =
    Hello { $username },

    The moderators of { $town } decided that your account is not shown any more and that nobody can sign in to it.

    { $has_reason ->
        [yes] They wrote: { $reason }
       *[no] { "" }
    }

    If you think that this is wrong, you can answer once within 20 days:

    { $link }
mail-appeal-approved-subject = Your appeal at { $town }
mail-appeal-approved-text =
    Hello { $username },

    You were right: the decision about your account was taken back.

    { $link }
mail-appeal-rejected-subject = Your appeal at { $town }
mail-appeal-rejected-text =
    Hello { $username },

    Somebody else looked at the decision about your account and it stays as it is.

    { $link }
