//! Where posts of other servers stand in threads and lists, and what that must not tell, on both databases.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::timelines::Range;

use super::statuses::Wanted;
use super::tests::{actor, create, keep, note};
use super::{RemoteNote, boosts, statuses};
use crate::follows::{self, Wishes};
use crate::policy::{self, Severity};
use crate::search::{self, Query};
use crate::statuses::{Draft, publish, thread};
use crate::testing::{Town, both, both_with};
use crate::{accounts, actors, blocks, notifications, reactions, views};

/// Ana of the town, with a post, and Bea of another server.
async fn scene(town: &Town, visibility: Visibility) -> (AccountId, AccountId, StatusId) {
    let ana = town.resident("ana").await;
    let bea = keep(town, actor("away.example", "bea")).await.unwrap();
    let draft = Draft { text: "hello".to_owned(), visibility, ..Draft::default() };
    let post = town.write(move |tx| publish(tx, ana, &draft)).await;
    (ana, bea, post)
}

fn answer(id: &str, to: &str) -> RemoteNote {
    RemoteNote { in_reply_to: Some(to.to_owned()), ..note(id) }
}

/// What a note stands under, and whom it answers.
async fn parent(town: &Town, note: RemoteNote) -> (Option<StatusId>, Option<AccountId>) {
    let id = create(town, note).await.kept().unwrap();
    let row = town.read(move |c| actors::post(c, id)).await.unwrap();
    (row.in_reply_to_id, row.in_reply_to_account_id)
}

/// Posts above and below a post, for everybody.
async fn around(town: &Town, id: StatusId) -> (Vec<StatusId>, Vec<StatusId>) {
    let thread = town.read(move |c| thread::around(c, None, id)).await;
    let ids = |views: Vec<views::StatusView>| views.into_iter().map(|v| v.status.id).collect();
    (ids(thread.ancestors), ids(thread.descendants))
}

async fn replies(town: &Town, id: StatusId) -> (i64, usize) {
    town.read(move |c| {
        let view = views::of_status(c, None, id)?.unwrap();
        Ok((view.counts.replies, actors::replies_of(c, &view.status, Range::newest(20))?.len()))
    })
    .await
}

#[tokio::test]
async fn i2_i5_an_answer_to_a_private_post_does_not_tell_that_the_post_is_there() {
    both(|town| async move {
        for (n, visibility) in [Visibility::Private, Visibility::Direct].into_iter().enumerate() {
            let draft = Draft { text: "secret".to_owned(), visibility, ..Draft::default() };
            let ana = if n == 0 { scene(&town, visibility).await.0 } else { local(&town).await };
            let secret = town.write(move |tx| publish(tx, ana, &draft)).await;
            let urls = town.urls();
            for (m, to) in [urls.status("ana", secret), urls.status_page("ana", secret)].iter().enumerate() {
                assert_eq!(parent(&town, answer(&format!("{n}{m}"), to)).await, (None, None), "{to}");
            }
        }
    })
    .await;
}

async fn local(town: &Town) -> AccountId {
    town.read(|c| Ok(accounts::find::local(c, "ana")?.id)).await
}

#[tokio::test]
async fn i2_a_number_under_somebody_elses_name_is_no_address() {
    both(|town| async move {
        let (ana, _, post) = scene(&town, Visibility::Public).await;
        town.resident("ben").await;
        let urls = town.urls().clone();
        for (n, wrong) in [urls.status("ben", post), urls.status_page("ben", post)].iter().enumerate() {
            assert_eq!(parent(&town, answer(&format!("w{n}"), wrong)).await, (None, None), "{wrong}");
            let (urls, wrong) = (urls.clone(), wrong.clone());
            assert!(town.read(move |c| actors::post_by_any_address(c, &urls, &wrong)).await.is_none());
        }
        for (n, right) in [urls.status("ana", post), urls.status_page("ana", post)].iter().enumerate() {
            assert_eq!(parent(&town, answer(&format!("r{n}"), right)).await, (Some(post), Some(ana)));
        }
    })
    .await;
}

#[tokio::test]
async fn i5_a_private_post_that_comes_later_does_not_take_strangers_in() {
    both(|town| async move {
        let bea = keep(&town, actor("away.example", "bea")).await.unwrap();
        keep(&town, actor("evil.example", "eve")).await.unwrap();
        let eve = |id: &str| RemoteNote {
            uri: format!("https://evil.example/notes/{id}"),
            author: "https://evil.example/users/eve".to_owned(),
            ..answer(id, "https://away.example/notes/late")
        };
        let open = create(&town, eve("1")).await.kept().unwrap();
        let closed = create(&town, RemoteNote { is_public: false, ..eve("2") }).await.kept().unwrap();
        let late = create(&town, RemoteNote { is_public: false, ..note("late") }).await.kept().unwrap();
        let rows = town.read(move |c| Ok([actors::post(c, open)?, actors::post(c, closed)?])).await;
        let [open, closed] = rows.map(|row| row.unwrap().in_reply_to_account_id);
        // Whom a post of another server is for, that server knows: what is not for everybody gives nothing away.
        assert_eq!((open, closed), (None, Some(bea)), "{late}");
    })
    .await;
}

#[tokio::test]
async fn o14_an_answer_of_somebody_blocked_does_not_stand_below_the_post() {
    both(|town| async move {
        let (ana, bea, post) = scene(&town, Visibility::Public).await;
        let uri = town.urls().status("ana", post);
        let before = create(&town, answer("1", &uri)).await.kept().unwrap();
        assert_eq!(around(&town, post).await.1, [before]);
        assert_eq!(replies(&town, post).await, (1, 1));
        town.write(move |tx| blocks::block(tx, ana, bea, None)).await;
        assert_eq!(around(&town, post).await.1, [], "what came before the block");
        assert_eq!(replies(&town, post).await, (0, 0));
        assert_eq!(parent(&town, answer("2", &uri)).await, (None, None), "what comes after it");
        town.write(move |tx| blocks::unblock(tx, ana, bea)).await;
        assert_eq!(around(&town, post).await.1, [before]);
    })
    .await;
}

#[tokio::test]
async fn a_post_does_not_answer_itself_and_circles_are_not_closed() {
    both(|town| async move {
        keep(&town, actor("away.example", "bea")).await.unwrap();
        assert_eq!(parent(&town, answer("self", "https://away.example/notes/self")).await, (None, None));
        let one = create(&town, answer("a", "https://away.example/notes/b")).await.kept().unwrap();
        let two = create(&town, answer("b", "https://away.example/notes/c")).await.kept().unwrap();
        let three = create(&town, answer("c", "https://away.example/notes/a")).await.kept().unwrap();
        assert_eq!(around(&town, three).await, (vec![two, one], vec![]), "two is the first that was said");
        assert_eq!(around(&town, two).await, (vec![], vec![one, three]));
        // One that is here from before is shown once.
        town.write(move |tx| Ok(parvis_store::statuses::adopt(tx, &[two], three, AccountId(0)).map(|_| ())?))
            .await;
        for id in [one, two, three] {
            let (above, below) = around(&town, id).await;
            let mut all: Vec<StatusId> = above.into_iter().chain(below).collect();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 2, "{id}");
            assert!(!all.contains(&id));
        }
    })
    .await;
}

#[tokio::test]
async fn j1_a_post_of_the_year_one_is_of_now() {
    both(|town| async move {
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let old = RemoteNote { published: Some(parvis_model::time::Moment(0)), ..note("1") };
        let id = create(&town, old).await.kept().unwrap();
        let row = town.read(move |c| actors::post(c, id)).await.unwrap();
        assert_eq!(row.created_at, town.now());
    })
    .await;
}

/// Everywhere where people are listed: how many.
async fn listed(town: &Town, ana: AccountId, post: StatusId) -> [usize; 7] {
    let query = Query { text: "bea".to_owned(), accounts: true, limit: 20, ..Query::default() };
    let found = search::search(town, None, query).await.unwrap().accounts.len();
    let lists = town
        .read(move |c| {
            let all = || Range::newest(20);
            Ok([
                reactions::favourited_by(c, None, post, all())?.len(),
                reactions::boosted_by(c, None, post, all())?.len(),
                follows::followers(c, None, ana, all())?.len(),
                follows::following(c, None, ana, all())?.len(),
                notifications::page(c, ana, &notifications_of_all(), all())?.len(),
                actors::follower_uris(c, ana, all())?.len(),
            ])
        })
        .await;
    [lists[0], lists[1], lists[2], lists[3], lists[4], lists[5], found]
}

fn notifications_of_all() -> crate::rows::NotificationFilter {
    crate::rows::NotificationFilter::default()
}

#[tokio::test]
async fn o14_nobody_of_a_blocked_server_and_nobody_suspended_stands_in_a_list() {
    both_with(&[notifications::on_event], |town| async move {
        let (ana, bea, post) = scene(&town, Visibility::Public).await;
        town.write(move |tx| {
            follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/f"))?;
            follows::follow(tx, ana, bea, &Wishes::default(), None)?;
            follows::accept(tx, bea, ana)?;
            reactions::favourite(tx, bea, post, None)?;
            let boost = boosts::RemoteBoost {
                uri: "https://away.example/boost".to_owned(),
                who: bea,
                original: post,
                is_public: true,
                published: None,
            };
            boosts::announce(tx, &boost)?;
            Ok(())
        })
        .await;
        assert_eq!(listed(&town, ana, post).await, [1, 1, 1, 1, 3, 1, 1]);
        town.write(|tx| policy::block(tx, "away.example", Severity::Suspend, false, "")).await;
        assert_eq!(listed(&town, ana, post).await, [0; 7], "a blocked server");
        town.write(|tx| policy::unblock(tx, "away.example")).await;
        town.write(move |tx| accounts::suspend::suspend(tx, parvis_model::account::Role::Admin, bea)).await;
        assert_eq!(listed(&town, ana, post).await[..5], [0; 5], "a suspended account");
    })
    .await;
}

#[tokio::test]
async fn i5_a_tag_is_found_only_when_everybody_may_read_a_post_with_it() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        for (tag, visibility) in [
            ("openfair", Visibility::Public),
            ("openlane", Visibility::Unlisted),
            ("openheart", Visibility::Private),
            ("opensecret", Visibility::Direct),
        ] {
            let draft = Draft { text: format!("#{tag}"), visibility, ..Draft::default() };
            town.write(move |tx| publish(tx, ana, &draft)).await;
        }
        let query = Query { text: "#open".to_owned(), hashtags: true, limit: 20, ..Query::default() };
        let found = search::search(&town, None, query).await.unwrap().hashtags;
        assert_eq!(found.into_iter().map(|t| t.name).collect::<Vec<_>>(), ["openfair", "openlane"]);
    })
    .await;
}

#[tokio::test]
async fn i2_i5_of_a_post_that_was_not_for_everybody_nothing_is_told_after_it_is_deleted() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        for (visibility, is_told) in [
            (Visibility::Public, true),
            (Visibility::Unlisted, true),
            (Visibility::Private, false),
            (Visibility::Direct, false),
        ] {
            let draft = Draft { text: "one".to_owned(), visibility, ..Draft::default() };
            let id = town.write(move |tx| publish(tx, ana, &draft)).await;
            town.write(move |tx| crate::statuses::delete(tx, ana, id)).await;
            let uri = town.urls().status("ana", id);
            let told = town.read(move |c| actors::deleted_at(c, &uri)).await;
            assert_eq!(told.is_some(), is_told, "{visibility:?}");
        }
        // A late copy of a private post that its author took back stays out all the same.
        keep(&town, actor("away.example", "bea")).await.unwrap();
        let secret = RemoteNote { is_public: false, ..note("gone") };
        let bea = town.read(|c| actors::by_uri(c, "https://away.example/users/bea")).await.unwrap().id;
        create(&town, secret.clone()).await.kept().unwrap();
        town.write(move |tx| super::gone::delete(tx, bea, "https://away.example/notes/gone")).await;
        let again = town.write(move |tx| statuses::create(tx, &secret, Wanted::Yes)).await;
        assert_eq!(again.kept(), None);
    })
    .await;
}
