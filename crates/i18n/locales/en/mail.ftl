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
