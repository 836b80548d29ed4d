# Les pages.


## Page d’accueil

front-welcome = Bienvenue sur la place de { $town }
front-latest = Les nouvelles de la commune
front-empty = Rien n’a encore été publié.
front-people = Habitants

## Profil et messages

profile-title = { $name } (@{ $handle })
profile-joined = Inscription : { $date }
profile-no-posts = Pas encore de message public.
profile-moved = Ce compte a déménagé.
profile-automated = Automatique
profile-pinned = Épinglé
profile-follow-remote = Pour suivre, cherchez { $handle } dans votre application.
post-title = { $name } : { $excerpt }
post-boosted-by = Partagé par { $name }
post-in-reply = En réponse à { $handle }
post-edited = Modifié { $date }
post-warning-show = Afficher : { $warning }
post-sensitive-show = Afficher l’image sensible
post-original = Voir l’original
thread-title = Conversation

## Inscription

sign-up-title = Créer un compte
sign-up-username = Nom d’utilisateur
sign-up-username-hint = Lettres minuscules, chiffres et tirets bas. Il devient @nom@{ $domain }.
sign-up-email = Adresse e-mail
sign-up-email-hint = Jamais affichée. Un lien de confirmation vous est envoyé.
sign-up-password = Mot de passe
sign-up-password-hint = Au moins 10 caractères.
sign-up-reason = Pourquoi souhaitez-vous nous rejoindre ?
sign-up-accept-rules = J’ai lu les règles et je les accepte
sign-up-submit = Créer le compte
sign-up-done-title = Presque terminé
sign-up-done-text = Un message avec un lien vous a été envoyé. Ouvrez le lien pour confirmer votre adresse.
sign-up-closed = Il n’est pas possible d’ouvrir un compte pour le moment.
confirmed-title = Adresse confirmée
confirmed-text = Vous pouvez maintenant vous connecter, ici ou dans une application.
confirmed-waiting = Votre adresse est confirmée. La modération va examiner votre demande.

## Connexion

sign-in-title = Connexion
sign-in-login = Adresse e-mail ou nom d’utilisateur
sign-in-submit = Se connecter
sign-in-forgot = Mot de passe oublié ?
sign-in-no-account = Pas encore de compte ?
sign-out-everywhere = Se déconnecter partout

## Mot de passe

reset-title = Réinitialiser le mot de passe
reset-text = Indiquez votre adresse e-mail. Si un compte existe, un lien y est envoyé.
reset-sent = Si un compte existe avec cette adresse, un lien est en route.
reset-new-password = Nouveau mot de passe
reset-submit = Changer le mot de passe
reset-done = Votre mot de passe est changé et toutes les sessions sont fermées.

## Autorisation des applications

consent-title = Autoriser une application à utiliser votre compte ?
consent-text = { $app } demande à utiliser votre compte { $handle }. Elle pourra alors :
consent-unverified = N’importe qui peut donner n’importe quel nom à une application. N’autorisez que ce que vous avez lancé vous-même.
consent-allow = Autoriser
consent-deny = Refuser
consent-code-title = Votre code
consent-code-text = Copiez ce code dans l’application. Il sert une fois, pendant dix minutes.
scope-read = Lire tout ce que vous pouvez lire
scope-write = Publier et modifier en votre nom
scope-follow = Suivre, bloquer et masquer en votre nom
scope-push = Recevoir vos notifications
scope-profile = Lire votre profil
scope-other = Une partie : { $scope }

## La commune

about-title = À propos de { $town }
about-contact = Contact
about-software = Cette instance utilise Parvis { $version }, un logiciel libre sous AGPL.
rules-title = Règles
rules-empty = La commune n’a pas encore écrit de règles.
legal-title = Mentions légales
legal-empty = La commune n’a pas encore rédigé ses mentions légales.
