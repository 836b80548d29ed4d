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
