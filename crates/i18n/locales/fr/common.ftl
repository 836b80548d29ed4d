# Mots que plusieurs parties utilisent.


## Nombres

count-posts =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
count-followers =
    { $count ->
        [one] { $count } abonné
       *[other] { $count } abonnés
    }
count-following =
    { $count ->
        [one] { $count } abonnement
       *[other] { $count } abonnements
    }
count-boosts =
    { $count ->
        [one] { $count } partage
       *[other] { $count } partages
    }
count-favourites =
    { $count ->
        [one] { $count } favori
       *[other] { $count } favoris
    }
count-replies =
    { $count ->
        [one] { $count } réponse
       *[other] { $count } réponses
    }
count-votes =
    { $count ->
        [one] { $count } vote
       *[other] { $count } votes
    }
count-voters =
    { $count ->
        [one] { $count } personne
       *[other] { $count } personnes
    }
count-residents =
    { $count ->
        [one] { $count } compte
       *[other] { $count } comptes
    }

## Qui peut voir un message

visibility-public = Public
visibility-unlisted = Non listé
visibility-private = Abonnés seulement
visibility-direct = Personnes mentionnées seulement

## Boutons et liens

button-send = Envoyer
button-cancel = Annuler
button-continue = Continuer
button-back = Retour
link-older = Plus anciens
link-newer = Plus récents
link-source = Code source
link-about = À propos
link-rules = Règles
link-legal = Mentions légales
link-sign-in = Se connecter
link-sign-up = Créer un compte
link-sign-out = Se déconnecter
skip-to-content = Aller au contenu
language-label = Langue

## Ce qui est annoncé à un appareil

push-mention = { $name } vous mentionne
push-status = { $name } a publié un message
push-reblog = { $name } a partagé votre message
push-follow = { $name } vous suit
push-follow-request = { $name } demande à vous suivre
push-favourite = { $name } aime votre message
push-poll = Un sondage de { $name } est terminé
push-update = { $name } a modifié un message
push-quote = { $name } a cité votre message
push-quoted-update = { $name } a modifié un message que vous avez cité
push-severed-relationships = Certaines de vos relations ont pris fin
push-moderation-warning = La modération a un message pour vous
push-admin-sign-up = { $name } vient de s’inscrire
push-admin-report = { $name } a envoyé un signalement
