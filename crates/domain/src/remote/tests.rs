//! What may be kept of actors and posts of other servers, on both databases. The same rules through signed deliveries are tested in
//! `federation::activities`.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::DAY;
use parvis_store::{accounts as rows, media};

use super::statuses::Wanted;
use super::{
    Outcome, RemoteActor, RemoteEmoji, RemoteKey, RemoteKind, RemoteMedia, RemoteNote, accounts, statuses,
};
use crate::error::Error;
use crate::policy::{self, Severity};
use crate::testing::{Town, both, somebody};
use crate::{actors, views};

pub(crate) fn actor(host: &str, name: &str) -> RemoteActor {
    let uri = format!("https://{host}/users/{name}");
    RemoteActor {
        fields: vec![("Web".to_owned(), "<a href=\"https://x.example\" onclick=\"a()\">x</a>".to_owned())],
        avatar: Some("https://cdn.example/a.png".to_owned()),
        shared_inbox: Some(format!("https://{host}/inbox")),
        followers: Some(format!("{uri}/followers")),
        keys: vec![RemoteKey {
            uri: format!("{uri}#main-key"),
            algorithm: "rsa".to_owned(),
            public_der: vec![1, 2, 3],
        }],
        ..somebody(host, name)
    }
}

pub(crate) fn note(id: &str) -> RemoteNote {
    RemoteNote {
        uri: format!("https://away.example/notes/{id}"),
        author: "https://away.example/users/bea".to_owned(),
        html: "<p>hi</p>".to_owned(),
        is_public: true,
        ..RemoteNote::default()
    }
}

pub(crate) async fn keep(town: &Town, actor: RemoteActor) -> Result<AccountId, Error> {
    town.db().write(move |tx| accounts::upsert(tx, &actor)).await
}

pub(crate) async fn create(town: &Town, note: RemoteNote) -> Outcome<StatusId> {
    town.write(move |tx| statuses::create(tx, &note, Wanted::Yes)).await
}

#[tokio::test]
async fn o6_o12_hostile_actors_are_not_kept() {
    both(|town| async move {
        town.resident("ana").await;
        let ours = RemoteActor { uri: town.urls().actor("ana"), ..actor("town.example", "ana") };
        let inbox = RemoteActor {
            inbox: "https://internal.example/inbox".to_owned(),
            ..actor("away.example", "bea")
        };
        let address =
            RemoteActor { uri: "https://127.0.0.1/users/bea".to_owned(), ..actor("away.example", "bea") };
        let long = RemoteActor {
            uri: format!("https://away.example/{}", "x".repeat(3_000)),
            ..actor("away.example", "bea")
        };
        for bad in [ours, inbox, address, long] {
            let uri = bad.uri.clone();
            assert!(matches!(keep(&town, bad).await, Err(Error::Remote(_))), "{uri:.60}");
        }
        for name in ["", "a/b", "a@b", "\u{202e}ana", &"x".repeat(5_000)] {
            let bad = RemoteActor { username: name.to_owned(), ..actor("away.example", "bea") };
            assert!(matches!(keep(&town, bad).await, Err(Error::Remote(_))), "{name:.20}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_handle_belongs_to_one_actor_and_moves_only_to_a_free_place() {
    both(|town| async move {
        let bea = keep(&town, actor("away.example", "bea")).await.unwrap();
        let twin =
            RemoteActor { uri: "https://away.example/users/2".to_owned(), ..actor("away.example", "bea") };
        assert!(matches!(keep(&town, twin).await, Err(Error::Remote(_))));
        let other = keep(&town, actor("other.example", "bea")).await.unwrap();
        let settle = |id, host: &'static str| {
            let db = town.db().clone();
            async move { db.write(move |tx| accounts::settle_handle(tx, id, host)).await }
        };
        assert!(settle(other, "away.example").await.is_err(), "taken");
        assert!(settle(other, "town.example").await.is_err(), "our domain never from outside (threats O11)");
        settle(bea, "short.example").await.unwrap();
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let row = town.read(move |c| Ok(rows::by_id(c, bea)?)).await.unwrap();
        assert_eq!(row.acct(), "bea@short.example", "reading the document again leaves it there");
    })
    .await;
}

#[tokio::test]
async fn what_an_actor_says_is_kept_harmless_and_keys_are_replaced() {
    both(|town| async move {
        let mut first = actor("away.example", "bea");
        first.emojis =
            vec![RemoteEmoji { shortcode: "blob".to_owned(), url: "https://cdn.example/b.png".to_owned() }];
        first.name = "Béa :blob: ✅".to_owned();
        first.avatar = Some("javascript:alert(1)".to_owned());
        let id = keep(&town, first.clone()).await.unwrap();
        let view = town
            .read(move |c| {
                let row = rows::by_id(c, id)?.unwrap();
                views::of_account(c, &row)
            })
            .await;
        assert_eq!((view.emojis.len(), view.account.avatar.clone(), view.account.version), (1, None, 1));
        assert!(!view.account.display_name.contains('✅'));
        assert!(!view.fields[0].value.contains("onclick"), "{}", view.fields[0].value);
        first.keys[0].public_der = vec![9];
        first.name = "Other".to_owned();
        keep(&town, first).await.unwrap();
        let (row, keys) =
            town.read(move |c| Ok((rows::by_id(c, id)?.unwrap(), actors::keys_of(c, id)?))).await;
        assert_eq!((row.version, keys.len(), keys[0].public_der.clone()), (2, 1, vec![9]));
    })
    .await;
}

#[tokio::test]
async fn o14_nothing_of_a_blocked_server_is_kept() {
    both(|town| async move {
        keep(&town, actor("away.example", "bea")).await.unwrap();
        town.write(|tx| policy::block(tx, "away.example", Severity::Suspend, false, "")).await;
        assert!(keep(&town, actor("sub.away.example", "bob")).await.is_err());
        let refused = town.db().write(|tx| statuses::create(tx, &note("1"), Wanted::Yes)).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn j3_pictures_and_tags_are_bounded_and_only_of_the_web() {
    both(|town| async move {
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let picture = |url: String| RemoteMedia {
            url,
            kind: RemoteKind::Image,
            width: 10,
            height: 5,
            ..RemoteMedia::default()
        };
        let mut many = note("1");
        many.media = vec![picture("file:///etc/passwd".to_owned()), picture("data:text/html,x".to_owned())];
        many.media.extend((0..50).map(|n| picture(format!("https://cdn.example/{n}.png"))));
        many.hashtags = (0..500).map(|n| format!("tag{n}")).collect();
        many.hashtags.push("#not a tag".to_owned());
        let id = create(&town, many).await.kept().unwrap();
        let (pictures, view) = town
            .read(move |c| Ok((media::of_statuses(c, &[id])?, views::of_status(c, None, id)?.unwrap())))
            .await;
        assert_eq!((pictures.len(), view.tags.len()), (16, 100));
        assert!(
            pictures.iter().all(|p| p.remote_url.as_deref().unwrap().starts_with("https://cdn.example/"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_late_post_stands_in_the_last_week_and_ids_never_collide() {
    both(|town| async move {
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let now = town.now();
        let mut ids = Vec::new();
        for n in 0..40 {
            let late = RemoteNote { published: Some(now.minus(900 * DAY)), ..note(&n.to_string()) };
            ids.push(create(&town, late).await.kept().unwrap());
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 40);
        assert!(ids.iter().all(|id| id.0 >= parvis_model::ids::floor_at(now.minus(7 * DAY))));
    })
    .await;
}

#[tokio::test]
async fn x1_titles_and_warnings_are_text_and_huge_posts_fit() {
    both(|town| async move {
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let hostile = RemoteNote {
            title: Some("<img src=x onerror=a()>T & t".to_owned()),
            warning: "<b>cw</b>\u{202e}".to_owned(),
            html: "<i>&amp;&lt;</i>".repeat(20_000),
            ..note("1")
        };
        let id = create(&town, hostile).await.kept().unwrap();
        let row = town.read(move |c| actors::post(c, id)).await.unwrap();
        assert!(row.html.starts_with("<p><strong>T &amp; t</strong></p>"), "{:.80}", row.html);
        assert_eq!((row.warning.as_str(), row.is_sensitive), ("cw", true));
        assert!(row.html.chars().count() <= 200_000);
    })
    .await;
}

#[tokio::test]
async fn two_writers_of_one_post_keep_it_once() {
    both(|town| async move {
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let (one, two) = (town.handle(), town.handle());
        let write = |town: crate::Town| async move {
            town.db().write(|tx| statuses::create(tx, &note("1"), Wanted::Yes)).await
        };
        let (first, second) = tokio::join!(write(one), write(two));
        // One may have met the other's row (the worker then comes again and finds it), never two rows.
        let kept: Vec<StatusId> = [first, second].into_iter().filter_map(|o| o.ok()?.kept()).collect();
        assert!(!kept.is_empty() && kept.iter().all(|id| *id == kept[0]), "{kept:?}");
    })
    .await;
}

#[tokio::test]
async fn i2_what_is_quoted_under_somebody_elses_name_is_not_found() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        town.resident("ben").await;
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let draft = crate::statuses::Draft { text: "mine".to_owned(), ..Default::default() };
        let post = town.write(move |tx| crate::statuses::publish(tx, ana, &draft)).await;
        let urls = town.urls().clone();
        for (uri, expected) in [
            (urls.status("ben", post), None),
            (urls.status_page("ben", post), None),
            (urls.status("ana", post), Some(post)),
            (urls.status_page("ana", post), Some(post)),
        ] {
            let quote = Some(super::RemoteQuote { uri: uri.clone(), ..Default::default() });
            let id = uri.trim_start_matches("http://town.example/").replace('/', "-");
            let quoting = create(&town, RemoteNote { quote, ..note(&id) }).await.kept().unwrap();
            let row = town.read(move |c| crate::quotes::of_quoting(c, quoting)).await.unwrap();
            assert_eq!(row.quoted_id, expected, "{uri}");
        }
    })
    .await;
}
