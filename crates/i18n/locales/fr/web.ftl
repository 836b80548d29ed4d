# Les pages.


## Autour de chaque page

nav-label = Principal
nav-local = En ville
nav-wide = Toutes les villes
nav-search = Rechercher
nav-desk = Demandes
nav-settings = Réglages
footer-label = À propos de ce site
pager-label = Plus de messages
pager-first = Revenir aux plus récents
ago-now = à l’instant
ago-minutes =
    { $count ->
        [one] il y a { $count } minute
       *[other] il y a { $count } minutes
    }
ago-hours =
    { $count ->
        [one] il y a { $count } heure
       *[other] il y a { $count } heures
    }
ago-days =
    { $count ->
        [one] il y a { $count } jour
       *[other] il y a { $count } jours
    }
date-day = { $day } { $month } { $year }
date-full = { $day }, { $time } UTC
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre

## Page d’accueil

front-welcome = Bienvenue sur la place de { $town }
front-latest = Les nouvelles de la commune
front-empty = Rien n’a encore été publié.
front-neighbours = Chez les voisins
front-more-neighbours = Plus de nouvelles des voisins
front-more = Plus de nouvelles
front-people = Vus récemment sur la place
front-about = Comment marche ce lieu
front-promise = Le plus récent d’abord, sans publicité, sans classement, sans pistage. Ce lieu appartient à la commune et dialogue avec d’autres communes.
join-title = Venez sur la place
join-account = Créez un compte avec une adresse e-mail. Cela prend deux minutes.
join-app = Utilisez-le ici, ou dans toute application Mastodon : indiquez le serveur { $domain }.
join-elsewhere = Déjà sur Mastodon ou dans une autre commune ? Gardez votre compte et suivez les gens d’ici, par exemple @nom@{ $domain }.

## Recherche

search-label = Nom, mot-dièse ou adresse
search-hint = Nom ou #mot-dièse
search-submit = Rechercher
search-help = Cherchez des personnes par leur nom (ana) ou leur adresse complète (@ana@autre-ville.example), un #mot-dièse ou, une fois connecté, des mots dans les messages.
search-nothing = Rien n’a été trouvé pour « { $query } ».
search-people = Personnes
search-tags = Mots-dièse
search-posts = Messages

## Fils

timeline-local-text = Tout ce que les habitants de { $town } publient, le plus récent d’abord.
timeline-wide-text = Les messages publics d’ici et de toutes les communes et serveurs connus, le plus récent d’abord.
timeline-tag-text = Les messages publics avec ce mot-dièse, le plus récent d’abord.
timeline-empty = Il n’y a encore rien ici.

## Profil et messages

profile-joined = Inscription : { $date }
profile-no-posts = Pas encore de message public.
profile-automated = Automatique
profile-pinned = Épinglé
profile-follow-remote = Pour suivre, cherchez { $handle } dans votre application.
profile-suspended = Ce compte est suspendu. Ses messages ne sont pas affichés.
profile-elsewhere = Ce compte est hébergé sur { $host } ; ce que vous voyez ici peut être incomplet.
profile-original = Voir le profil d’origine
profile-tabs = Que montrer
profile-tab-posts = Messages
profile-tab-replies = Messages et réponses
group-mark = Groupe
group-facilitators = Animation
group-how = Pour écrire ici, mentionnez { $handle } dans un message public. Les réponses suivent le message auquel elles répondent.
facilitate-title = Animer
facilitate-of = Animer : { $name }
facilitate-posts = Ce qui figure ici
facilitate-removed = Retiré du groupe. Motif : { $reason }
facilitate-lock = Clore la discussion
facilitate-unlock = La rouvrir
facilitate-pin = Montrer en premier
facilitate-unpin = Ne plus montrer en premier
facilitate-more = Retirer ou exclure
facilitate-reason = Motif, que tout le monde peut lire
facilitate-remove = Retirer ce message
facilitate-ban = Exclure son auteur·rice
facilitate-next = Plus anciens
facilitate-dismiss = Retirer de l’animation
facilitate-who = Adresse, par exemple @nom ou @nom@serveur
facilitate-appoint = Ajouter à l’animation
facilitate-banned = Exclu·es
facilitate-unban = Réadmettre
post-title = { $name } : { $excerpt }
post-without-text = un message sans texte
post-boosted-by = Partagé par { $name }
post-in-reply = En réponse à { $handle }
post-in-reply-somebody = En réponse à un autre message
post-edited = Modifié { $date }
post-warning-show = Afficher : { $warning }
post-sensitive-show = Afficher l’image sensible
post-sensitive-show-video = Afficher la vidéo sensible
post-sensitive-show-sound = Écouter l’enregistrement sensible
post-sensitive-show-all = Afficher les images et enregistrements sensibles
post-original = Voir l’original
post-attachment = Pièce jointe
post-answer-hint = Pour répondre, collez l’adresse de cette page dans la recherche de votre application.
picture-undescribed = Image sans description
video = Vidéo
video-undescribed = Vidéo sans description
audio = Enregistrement sonore
audio-undescribed = Enregistrement sonore sans description
poll-choose-one = Choisissez une réponse
poll-choose-several = Choisissez une ou plusieurs réponses
poll-vote = Voter
poll-own = (votre vote)
poll-percent = { $count } %
poll-over = Terminé : { $date }
poll-until = Ouvert jusqu’au { $date }
poll-hidden = Les résultats s’affichent à la fin
thread-title = Conversation

## Inscription

sign-up-title = Créer un compte
sign-up-username = Nom d’utilisateur
sign-up-username-hint = Lettres minuscules, chiffres et tirets bas. Il devient @nom@{ $domain }.
sign-up-email = Adresse e-mail
sign-up-email-hint = Jamais affichée. Un lien de confirmation vous est envoyé.
sign-up-password = Mot de passe
sign-up-password-hint = Au moins 10 caractères.
sign-up-reason = Pourquoi souhaitez-vous nous rejoindre ?
sign-up-reason-hint = Quelques mots pour la modération, qui examine chaque demande.
sign-up-accept-rules = J’ai lu les règles et je les accepte
sign-up-rules-title = Les règles de la maison
sign-up-submit = Créer le compte
sign-up-done-title = Presque terminé
sign-up-done-text = Un message avec un lien vous a été envoyé. Ouvrez le lien pour confirmer votre adresse.
sign-up-done-spam = Rien après quelques minutes ? Regardez parmi les courriers indésirables.
sign-up-closed = Il n’est pas possible d’ouvrir un compte pour le moment.
sign-up-have-account = Vous avez déjà un compte ?
confirm-again-title = Renvoyer le lien
confirm-again-text = Indiquez l’adresse e-mail de votre inscription. Si elle attend d’être confirmée, un nouveau lien y est envoyé.
confirm-again-link = Le message n’est pas arrivé ?
confirm-title = Confirmez votre adresse
confirm-text = Un clic, et votre adresse e-mail est confirmée.
confirm-submit = Confirmer mon adresse
confirmed-title = Adresse confirmée
confirmed-text = Vous pouvez maintenant vous connecter, ici ou dans une application.
confirmed-waiting = Votre adresse est confirmée. La modération va examiner votre demande.

## Connexion

sign-in-title = Connexion
sign-in-login = Adresse e-mail ou nom d’utilisateur
sign-in-submit = Se connecter
sign-in-forgot = Mot de passe oublié ?
sign-in-no-account = Pas encore de compte ?
sign-in-for-app = Une application souhaite utiliser votre compte. Connectez-vous d’abord.
sign-out-here = Se déconnecter ici
sign-out-everywhere = Se déconnecter partout
form-problems = Merci de vérifier votre saisie :

## Réglages

settings-title = Votre compte
settings-address = Votre adresse dans le Fédivers
settings-app-hint = Dans une application, indiquez le serveur { $domain } et connectez-vous avec votre adresse e-mail.
settings-password = Mot de passe
settings-password-text = Un nouveau mot de passe ferme toutes les autres sessions et retire leur accès à toutes les applications.
settings-password-old = Mot de passe actuel
settings-password-done = Votre mot de passe est changé.
settings-sessions = Navigateurs et applications
settings-sessions-text = « Partout » ferme toutes les sessions des navigateurs, ici aussi, et retire leur accès à toutes les applications.
settings-back = Retour à votre compte
settings-ways = Déménager et partir

## Déménager et partir

move-title = Déménager depuis ou vers un autre serveur
move-here = Emménager ici
move-here-text = Indiquez le compte que vous quittez. Lancez ensuite le déménagement là-bas et donnez { $handle } comme nouveau compte : vos abonnés vous suivent.
move-alias = Adresse du compte que vous quittez
move-address-hint = Par exemple @nom@ville.example
move-alias-submit = Indiquer ce compte
move-alias-done = Le compte est indiqué. Vous pouvez maintenant lancer le déménagement là-bas.
move-unalias = Retirer
move-unalias-done = Le compte n’est plus indiqué.
move-away = Partir ailleurs
move-away-text = Indiquez d’abord { $handle } comme ancien compte dans le nouveau. Vos abonnés sont ensuite transférés ; vos publications restent ici. Après cela, ce compte ne peut pas déménager pendant 30 jours.
move-to = Adresse du nouveau compte
move-submit = Transférer mes abonnés
move-done = Le déménagement est en cours. Vos abonnés suivront le nouveau compte d’ici quelques minutes ou quelques heures.
move-stay = Ne plus renvoyer vers ce compte
move-stay-text = Vos abonnés ne reviennent pas d’eux-mêmes.
move-stayed = Ce compte ne renvoie plus vers un autre.
move-not-before = Ce compte pourra de nouveau déménager le { $date }.
profile-moved = Ce compte a déménagé vers
leave-title = Supprimer le compte
leave-what = Ce qui arrive à { $handle }
leave-posts = Votre profil, vos publications, images, messages et listes sont effacés. Cela prend quelques minutes.
leave-elsewhere = Les autres serveurs sont priés d’effacer leurs copies. La plupart le font ; personne ne peut les y forcer.
leave-name = Le nom n’est plus jamais attribué, pas même à vous.
leave-final = Rien ne peut être rétabli.
leave-move-instead = Plutôt déménager vers un autre serveur ?
leave-submit = Supprimer définitivement mon compte
leave-done = Votre compte est supprimé. Ce qui lui appartenait est en cours d’effacement.

## Listes en fichiers

data-title = Emporter vos listes, ou les apporter
data-take = Emporter
data-take-text = Des fichiers que d’autres serveurs du Fédivers savent lire.
data-bring = Apporter ici
data-bring-text = Choisissez un fichier produit par votre autre serveur. Il est traité en arrière-plan : chaque ligne peut interroger un autre serveur.
data-following = Comptes que vous suivez
data-blocking = Comptes que vous bloquez
data-muting = Comptes que vous masquez
data-domains = Serveurs que vous bloquez
data-lists = Vos listes
data-bookmarks = Marque-pages
data-kind = Ce que liste le fichier
data-file = Fichier
data-file-hint = CSV, au plus 2 Mo et 10 000 lignes.
data-mode = Ce qui est déjà là
data-merge = Le garder et ajouter le contenu du fichier
data-overwrite = Le remplacer par le contenu du fichier
data-submit = Apporter cette liste
data-results = Fichiers que vous avez apportés
data-finished = Terminé : { $done } lignes sur { $all }.
data-under-way = En cours : { $done } lignes sur { $all } pour l’instant. Rechargez la page pour en voir plus.
data-failed = Ce qui n’a pas pu être fait

## Mot de passe

reset-title = Réinitialiser le mot de passe
reset-text = Indiquez votre adresse e-mail. Si un compte existe, un lien y est envoyé.
reset-submit-ask = Envoyez-moi un lien
reset-sent = Si un compte existe avec cette adresse, un lien est en route.
reset-new-title = Choisir un nouveau mot de passe
reset-new-password = Nouveau mot de passe
reset-submit = Changer le mot de passe
reset-done = Votre mot de passe est changé et toutes les sessions sont fermées.

## Autorisation des applications

consent-title = Autoriser une application à utiliser votre compte ?
consent-text = { $app } demande à utiliser votre compte { $handle }. Elle pourra alors :
consent-website = L’application indique ce site : { $website }
consent-returns = Vous serez renvoyé vers { $place }.
consent-unverified = N’importe qui peut donner n’importe quel nom à une application. N’autorisez que ce que vous avez lancé vous-même.
consent-allow = Autoriser
consent-deny = Refuser
consent-refused-title = Accès refusé
consent-refused-text = L’application n’a pas reçu d’accès. Vous pouvez fermer cette page.
consent-code-title = Votre code
consent-code-text = Copiez ce code dans l’application. Il sert une fois, pendant dix minutes.
consent-bad-title = La demande de l’application est incorrecte
consent-bad-client = Cette application n’est pas connue ici. Recommencez dans l’application pour qu’elle s’inscrive à nouveau.
consent-bad-redirect = L’adresse de retour n’est pas une de celles que l’application a déclarées.
consent-bad-request = La demande de l’application est incompréhensible : { $reason }
scope-read = Lire tout ce que vous pouvez lire
scope-write = Publier et modifier en votre nom
scope-follow = Suivre, bloquer et masquer en votre nom
scope-push = Recevoir vos notifications
scope-profile = Lire votre profil
scope-other = Une partie : { $scope }
scope-admin = Administrer la commune
scope-admin-read = Administrer la commune : voir { $what }
scope-admin-write = Administrer la commune : modifier { $what }
scope-admin-accounts = les comptes de tout le monde
scope-admin-reports = les signalements
scope-admin-domain-allows = les serveurs autorisés
scope-admin-domain-blocks = les serveurs bloqués
scope-admin-ip-blocks = les réseaux bloqués
scope-admin-email-domain-blocks = les fournisseurs de messagerie bloqués
scope-admin-canonical-email-blocks = les adresses électroniques bloquées
scope-part-read = Lire : { $what }
scope-part-write = Modifier : { $what }
scope-what-accounts = les profils et votre compte
scope-what-blocks = les personnes que vous bloquez
scope-what-bookmarks = vos marque-pages
scope-what-collections = vos collections de comptes
scope-what-conversations = vos conversations privées
scope-what-favourites = vos favoris
scope-what-filters = vos filtres
scope-what-follows = les personnes que vous suivez
scope-what-lists = vos listes
scope-what-media = les images de vos messages
scope-what-mutes = les personnes que vous masquez
scope-what-notifications = vos notifications
scope-what-reports = les signalements à la modération
scope-what-search = les résultats de recherche
scope-what-statuses = les messages

## Demandes de compte

desk-title = Demandes de compte
desk-none = Personne n’attend de décision.
desk-asked = Demande faite { $date }
desk-no-reason = Aucune raison donnée.
desk-approve = Accepter
desk-reject = Refuser

## La commune

about-title = À propos de { $town }
about-how = Comment ça marche
about-public = Ce qui est publié peut être lu par tout le monde, même sans compte.
about-federated = Cette commune dialogue avec d’autres communes et avec tout le Fédivers : on peut y suivre, répondre et être suivi. Ce qui est parti peut être supprimé ici, mais personne ne peut promettre que toutes les copies ailleurs disparaissent.
about-order = Les messages se suivent dans l’ordre où ils ont été écrits. Rien n’est mis en avant, caché ni vendu.
about-cookies = Les cookies servent seulement à rester connecté, à protéger les formulaires et à retenir une langue. Aucune page ne demande quoi que ce soit à un autre site.
about-contact = Contact
about-software-title = Le logiciel
about-software = Cette instance utilise Parvis { $version }, un logiciel libre sous AGPL.
rules-title = Règles
rules-empty = La commune n’a pas encore écrit de règles.
legal-title = Mentions légales
legal-empty = La commune n’a pas encore rédigé ses mentions légales.

## Quoted posts

quote-pending = Ce message en cite un autre, dont l’auteur n’a pas encore donné son accord.
quote-refused = L’auteur du message cité ne souhaite pas qu’il soit cité ici.
quote-deleted = Le message cité a été supprimé.
quote-hidden = Le message cité n’est pas pour tout le monde.
quote-whole = Voir le message entier
# Décisions de la modération, et recours.
strikes-title = Décisions concernant votre compte
strikes-link = Voir ce que la modération a décidé, et répondre
strikes-none = Aucune décision ne concerne votre compte.
strike-none = On vous a demandé de respecter les règles
strike-sensitive = Vos images s’affichent derrière un avertissement
strike-disable = Votre compte a été désactivé
strike-silence = Votre compte a été limité
strike-suspend = Votre compte a été suspendu
appeal-yours = Votre réponse
appeal-pending = Quelqu’un va l’examiner.
appeal-approved = Vous aviez raison : la décision a été annulée.
appeal-rejected = La décision est maintenue.
appeal-text = Pourquoi est-ce une erreur ?
appeal-hint = Vous pouvez répondre une fois, dans les 20 jours. Une autre personne que celle qui a décidé la lira.
appeal-submit = Faire appel
appeal-over = Le délai de réponse est passé, ou la décision a été annulée.
desk-appeals-title = Recours
desk-appeal-approve = Annuler la décision
desk-appeal-reject = Maintenir la décision
