//! What happens to posts, on both databases.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::time::{DAY, HOUR};
use parvis_model::visibility::Visibility;
use parvis_store::timelines::{Range, Scope};

use super::{Draft, Edit, boost, delete, edit, pin, publish, unboost};
use crate::follows::{self, Wishes};
use crate::notifications;
use crate::testing::{Cost, Town, both, cost_of};
use crate::{Error, access, blocks, reactions, timelines, views};

fn draft(text: &str) -> Draft {
    Draft { text: text.to_owned(), ..Draft::default() }
}

async fn say(town: &Town, who: AccountId, draft: Draft) -> StatusId {
    town.write(move |tx| publish(tx, who, &draft)).await
}

/// Runs what the job queue would run for a post.
async fn fan_out(town: &Town, id: StatusId) {
    town.write(move |tx| timelines::fan_out(tx, id, AccountId(0)).map(|_| ())).await;
}

async fn home(town: &Town, who: AccountId) -> Vec<StatusId> {
    let page = town.read(move |c| timelines::home(c, who, Range::newest(20))).await;
    page.into_iter().map(|v| v.status.id).collect()
}

async fn listening() -> Town {
    Town::builder().listeners(vec![notifications::on_event, timelines::on_event]).build().await
}

#[tokio::test]
async fn a_post_has_its_mentions_tags_and_addresses() {
    both(|town| async move {
        let (ana, bo) = (town.resident("ana").await, town.resident("bo").await);
        let id = say(&town, ana, draft("Bonjour @bo et @nobody, voir https://example.org #Marché\0")).await;
        let view = town.read(move |c| views::of_status(c, Some(bo), id)).await.expect("seen");
        assert_eq!(view.status.uri, format!("http://town.example/users/ana/statuses/{id}"));
        assert_eq!(view.mentions.iter().map(|m| m.account_id).collect::<Vec<_>>(), [bo]);
        assert_eq!(view.tags.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["marché"]);
        assert!(view.status.html.contains("http://town.example/tags/march"), "{}", view.status.html);
        assert!(!view.status.source.contains('\0'));
    })
    .await;
}

#[tokio::test]
async fn i5_each_visibility_is_seen_by_whom_it_is_for() {
    both(|town| async move {
        let (ana, fan, bo) =
            (town.resident("ana").await, town.resident("fan").await, town.resident("bo").await);
        town.write(move |tx| follows::follow(tx, fan, ana, &Wishes::default(), None)).await;
        for (visibility, text, expected) in [
            (Visibility::Public, "all", [true, true, true, true]),
            (Visibility::Unlisted, "all", [true, true, true, true]),
            (Visibility::Private, "followers", [true, true, false, false]),
            (Visibility::Direct, "to @bo", [true, false, true, false]),
        ] {
            let id = say(&town, ana, Draft { visibility, ..draft(text) }).await;
            let mut seen = Vec::new();
            for viewer in [Some(ana), Some(fan), Some(bo), None] {
                let found = town.db().read(move |c| access::status(c, viewer, id)).await;
                assert!(matches!(found, Ok(_) | Err(Error::NotFound)));
                let shown = town.read(move |c| views::of_status(c, viewer, id)).await;
                assert_eq!(found.is_ok(), shown.is_some(), "access and views agree");
                seen.push(found.is_ok());
            }
            assert_eq!(seen, expected, "{visibility:?}");
        }
        let public = town.read(|c| timelines::public(c, None, Scope::Local, false, Range::newest(20))).await;
        assert_eq!(public.len(), 1, "unlisted and narrower posts are in no public timeline");
    })
    .await;
}

#[tokio::test]
async fn an_empty_or_too_long_post_is_refused() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    for (text, refusal) in [
        (" \n", Refusal::EmptyPost),
        (&"x".repeat(1_001), Refusal::TextTooLong),
        (&format!("https://e.org/{}", "x".repeat(20_000)), Refusal::TextTooLong),
    ] {
        let draft = draft(text);
        let result = town.db().write(move |tx| publish(tx, ana, &draft)).await;
        assert!(matches!(result, Err(Error::Invalid(p)) if p[0].refusal == refusal));
    }
}

#[tokio::test]
async fn the_same_idempotency_key_gives_the_same_post() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let once = Draft { idempotency_key: Some("k".repeat(5_000)), ..draft("once") };
        let first = say(&town, ana, once.clone()).await;
        assert_eq!(say(&town, ana, once).await, first);
    })
    .await;
}

#[tokio::test]
async fn home_shows_whom_one_follows_and_what_one_writes() {
    let town = listening().await;
    let (ana, fan, bo) = (town.resident("ana").await, town.resident("fan").await, town.resident("bo").await);
    let before = say(&town, ana, draft("before")).await;
    town.write(move |tx| follows::follow(tx, fan, ana, &Wishes::default(), None)).await;
    town.clock.advance(HOUR);
    let after = say(&town, ana, draft("after")).await;
    let other = say(&town, bo, draft("not followed")).await;
    let mine = say(&town, fan, draft("mine")).await;
    let to_bo = say(&town, ana, Draft { in_reply_to: Some(other), ..draft("an answer to bo") }).await;
    for id in [after, other, mine, to_bo] {
        fan_out(&town, id).await;
    }
    assert_eq!(
        home(&town, fan).await,
        [mine, after, before],
        "answers to people one does not follow are left out"
    );
    town.write(move |tx| follows::unfollow(tx, fan, ana)).await;
    assert_eq!(home(&town, fan).await, [mine]);
}

#[tokio::test]
async fn who_was_away_is_not_written_to_and_a_rebuilt_home_is_whole() {
    let town = listening().await;
    let (ana, fan) = (town.resident("ana").await, town.resident("fan").await);
    town.write(move |tx| follows::follow(tx, fan, ana, &Wishes::default(), None)).await;
    town.clock.advance(40 * DAY);
    let id = say(&town, ana, draft("while away")).await;
    fan_out(&town, id).await;
    assert!(home(&town, fan).await.is_empty());
    town.write(move |tx| timelines::rebuild(tx, fan)).await;
    assert_eq!(home(&town, fan).await, [id]);
}

#[tokio::test]
async fn muted_and_blocked_people_leave_the_timeline_and_pages_fill_up() {
    both(|town| async move {
        let (ana, noisy) = (town.resident("ana").await, town.resident("noisy").await);
        let mut wanted = Vec::new();
        for n in 0..6 {
            wanted.push(say(&town, ana, draft(&format!("ana {n}"))).await);
            say(&town, noisy, draft(&format!("noisy {n}"))).await;
        }
        town.write(move |tx| blocks::mute(tx, ana, noisy, true, None)).await;
        let page = town
            .read(move |c| timelines::public(c, Some(ana), Scope::Federated, false, Range::newest(4)))
            .await;
        let shown: Vec<StatusId> = page.iter().map(|v| v.status.id).collect();
        assert_eq!(shown, wanted.iter().rev().take(4).copied().collect::<Vec<_>>());
        town.write(move |tx| blocks::block(tx, noisy, ana, None)).await;
        let first = wanted[0];
        assert!(matches!(
            town.db().read(move |c| access::status(c, Some(noisy), first)).await,
            Err(Error::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn r10_reactions_count_once_whatever_is_repeated() {
    both(|town| async move {
        let (ana, bo) = (town.resident("ana").await, town.resident("bo").await);
        let id = say(&town, ana, draft("count me")).await;
        for _ in 0..2 {
            town.write(move |tx| reactions::favourite(tx, bo, id, None)).await;
            town.write(move |tx| boost(tx, bo, id, None)).await;
        }
        say(&town, bo, Draft { in_reply_to: Some(id), ..draft("an answer") }).await;
        let counts = town.read(move |c| views::of_status(c, None, id)).await.expect("seen").counts;
        assert_eq!((counts.favourites, counts.reblogs, counts.replies), (1, 1, 1));
        for _ in 0..2 {
            town.write(move |tx| reactions::unfavourite(tx, bo, id)).await;
            town.write(move |tx| unboost(tx, bo, id)).await;
        }
        let view = town.read(move |c| views::of_status(c, Some(bo), id)).await.expect("seen");
        assert_eq!((view.counts.favourites, view.counts.reblogs), (0, 0));
        assert_eq!(view.flags.map(|f| (f.favourited, f.reblogged)), Some((false, false)));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_post_leaves_a_tombstone_and_its_answers_stay() {
    both(|town| async move {
        let (ana, bo) = (town.resident("ana").await, town.resident("bo").await);
        let id = say(&town, ana, draft("gone soon")).await;
        let answer = say(&town, bo, Draft { in_reply_to: Some(id), ..draft("an answer") }).await;
        let boosted = town.write(move |tx| boost(tx, bo, id, None)).await;
        assert!(
            matches!(town.db().write(move |tx| delete(tx, bo, id)).await, Err(Error::NotFound)),
            "only its author"
        );
        town.write(move |tx| delete(tx, ana, id)).await;
        let uri = format!("http://town.example/users/ana/statuses/{id}");
        assert!(town.read(move |c| Ok(parvis_store::policy::tombstone(c, &uri)?)).await.is_some());
        assert!(town.read(move |c| views::of_status(c, None, answer)).await.is_some());
        assert!(town.read(move |c| views::of_status(c, None, boosted)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_edit_keeps_the_earlier_version() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let id = say(&town, ana, draft("frist")).await;
        town.clock.advance(HOUR);
        let change = Edit { text: Some("first".to_owned()), ..Edit::default() };
        town.write(move |tx| edit(tx, ana, id, &change)).await;
        let status = town.read(move |c| access::status(c, None, id)).await;
        assert_eq!((status.source.as_str(), status.version, status.edited_at.is_some()), ("first", 2, true));
        let earlier = town.read(move |c| Ok(parvis_store::statuses::edits_of(c, id)?)).await;
        assert!(earlier[0].html.contains("frist"));
    })
    .await;
}

#[tokio::test]
async fn pins_are_few_and_ones_own() {
    let town = Town::new().await;
    let (ana, bo) = (town.resident("ana").await, town.resident("bo").await);
    let mut last = StatusId(0);
    for n in 0..5 {
        last = say(&town, ana, draft(&format!("{n}"))).await;
        let id = last;
        town.write(move |tx| pin(tx, ana, id)).await;
    }
    let sixth = say(&town, ana, draft("sixth")).await;
    let refused = town.db().write(move |tx| pin(tx, ana, sixth)).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::TooManyPins))));
    assert!(matches!(
        town.db().write(move |tx| pin(tx, bo, last)).await,
        Err(Error::Refused(Refusal::CannotPin))
    ));
    let shown = town.read(move |c| timelines::pinned(c, None, ana)).await;
    assert_eq!(shown.len(), 5);
}

#[tokio::test]
async fn a_post_of_which_nothing_would_be_seen_is_empty() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    for text in ["", " \n", "\u{200B}", "\u{FEFF}\u{2060} \u{200D}", "\u{3164}"] {
        let refused = town.db().write(move |tx| publish(tx, ana, &draft(text))).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{text:?}");
    }
    say(&town, ana, draft("👨\u{200D}👩\u{200D}👧")).await;
}

#[tokio::test]
async fn o14_nothing_of_a_blocked_server_is_shown() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let id = say(&town, ana, draft("local")).await;
    town.write(|tx| crate::policy::block(tx, "evil.example", crate::policy::Severity::Suspend, false, ""))
        .await;
    assert!(town.read(|c| crate::policy::is_suspended(c, "deep.evil.example:8443")).await);
    assert!(!town.read(|c| crate::policy::is_suspended(c, "notevil.example")).await);
    assert!(town.read(move |c| views::of_status(c, None, id)).await.is_some());
}

#[tokio::test]
async fn a_page_costs_the_same_number_of_statements_whatever_is_on_it() {
    let town = Town::new().await;
    let (ana, bo) = (town.resident("ana").await, town.resident("bo").await);
    let mut counts = Vec::new();
    for round in 0..2 {
        for n in 0..(round * 15 + 3) {
            let text = format!("@bo #tag{n} https://e.org/{n}");
            let id = say(&town, ana, Draft { visibility: Visibility::Public, ..draft(&text) }).await;
            town.write(move |tx| reactions::favourite(tx, bo, id, None)).await;
            town.write(move |tx| boost(tx, bo, id, None)).await;
        }
        let range = Range::newest(20);
        let (page, n) = cost_of(&town, move |c| {
            timelines::of_account(c, Some(ana), bo, &timelines::Wanted::default(), range)
        })
        .await;
        assert!(!page.is_empty());
        counts.push(n);
    }
    assert_eq!(counts[0], counts[1], "{counts:?}");
    assert!(counts[0].is_at_most(Cost { cold: 30, warm: 10 }), "{counts:?}");
}
