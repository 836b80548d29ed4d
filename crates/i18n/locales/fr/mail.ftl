# Courriels : sujets sur une ligne, textes en paragraphes.

mail-confirm-subject = Confirmez votre adresse pour { $town }
mail-confirm-text =
    Bonjour { $username },

    Merci d’ouvrir ce lien pour confirmer votre adresse e-mail pour { $town } :

    { $link }

    Le lien est valable sept jours. Si vous n’avez pas demandé de compte, ignorez ce message.
mail-reset-subject = Un nouveau mot de passe pour { $town }
mail-reset-text =
    Bonjour { $username },

    Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour { $town }. Ouvrez ce lien pour en choisir un :

    { $link }

    Le lien sert une fois, pendant deux heures. Si ce n’était pas vous, ignorez ce message : rien n’a changé.
mail-password-changed-subject = Votre mot de passe pour { $town } a été changé
mail-password-changed-text =
    Bonjour { $username },

    Le mot de passe de votre compte a été changé et toutes les sessions ont été fermées. Si ce n’était pas vous, réinitialisez-le aussitôt et prévenez-nous.
mail-approved-subject = Votre compte sur { $town } est ouvert
mail-approved-text =
    Bonjour { $username },

    Votre compte a été accepté. Connectez-vous sur { $link }
mail-already-subject = Vous avez déjà un compte sur { $town }
mail-already-text =
    Bonjour { $username },

    Quelqu’un, sans doute vous, a voulu ouvrir un compte sur { $town } avec cette adresse e-mail. Vous en avez déjà un : @{ $username }.

    Si vous avez oublié votre mot de passe, choisissez-en un nouveau ici :

    { $link }

    Si ce n’était pas vous, ignorez ce message : rien n’a changé.
mail-rejected-subject = Votre demande de compte sur { $town }
mail-rejected-text =
    Bonjour { $username },

    Votre demande de compte sur { $town } n’a pas été acceptée. Vos données ont été effacées.
mail-decided-none-subject = Un avertissement concernant votre compte sur { $town }
mail-decided-none-text =
    Bonjour { $username },

    L’équipe de modération de { $town } a examiné votre compte et vous demande de respecter les règles de la maison. Rien n’a été changé à votre compte.

    { $has_reason ->
        [yes] Motif : { $reason }
       *[no] { "" }
    }

    Si vous pensez que c’est une erreur, vous pouvez répondre une fois dans les 20 jours :

    { $link }
mail-decided-sensitive-subject = Vos images sur { $town }
mail-decided-sensitive-text =
    Bonjour { $username },

    L’équipe de modération de { $town } a décidé que vos images s’affichent désormais derrière un avertissement.

    { $has_reason ->
        [yes] Motif : { $reason }
       *[no] { "" }
    }

    Si vous pensez que c’est une erreur, vous pouvez répondre une fois dans les 20 jours :

    { $link }
mail-decided-disable-subject = Votre compte sur { $town } a été désactivé
mail-decided-disable-text =
    Bonjour { $username },

    L’équipe de modération de { $town } a décidé que personne ne peut plus se connecter à votre compte. Ce que vous avez écrit reste visible.

    { $has_reason ->
        [yes] Motif : { $reason }
       *[no] { "" }
    }

    Si vous pensez que c’est une erreur, vous pouvez répondre une fois dans les 20 jours :

    { $link }
mail-decided-silence-subject = Votre compte sur { $town } a été limité
mail-decided-silence-text =
    Bonjour { $username },

    L’équipe de modération de { $town } a décidé que seules les personnes qui vous suivent voient ce que vous écrivez. Vous pouvez utiliser votre compte comme avant.

    { $has_reason ->
        [yes] Motif : { $reason }
       *[no] { "" }
    }

    Si vous pensez que c’est une erreur, vous pouvez répondre une fois dans les 20 jours :

    { $link }
mail-decided-suspend-subject = Votre compte sur { $town } a été suspendu
mail-decided-suspend-text =
    Bonjour { $username },

    L’équipe de modération de { $town } a décidé que votre compte n’est plus affiché et que personne ne peut s’y connecter.

    { $has_reason ->
        [yes] Motif : { $reason }
       *[no] { "" }
    }

    Si vous pensez que c’est une erreur, vous pouvez répondre une fois dans les 20 jours :

    { $link }
mail-appeal-approved-subject = Votre recours sur { $town }
mail-appeal-approved-text =
    Bonjour { $username },

    Vous aviez raison : la décision concernant votre compte a été annulée.

    { $link }
mail-appeal-rejected-subject = Votre recours sur { $town }
mail-appeal-rejected-text =
    Bonjour { $username },

    Quelqu’un d’autre a examiné la décision concernant votre compte et elle est maintenue.

    { $link }
