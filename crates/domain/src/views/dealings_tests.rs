//! What a reader did, and what others did to them, shows on their next page, whatever of it is kept in memory.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::HOUR;

use super::kept_tests::{Scene, change, scene};
use super::{Place, of_statuses};
use crate::follows::{self, Wishes};
use crate::polls::vote;
use crate::remote::tests as away;
use crate::statuses::{self as posts, boost, pin, unboost, unpin};
use crate::testing::{Town, both, cost_of};
use crate::{Result, Tx, blocks, filters, host_blocks, reactions};

fn filter(tx: &mut Tx<'_>, owner: AccountId, seconds: Option<i64>) -> Result<()> {
    let wanted = filters::Wanted {
        title: Some("hello".to_owned()),
        contexts: parvis_model::filter::Contexts::parse(&["home".to_owned()]),
        expires_in: Some(seconds),
        keywords: vec![filters::KeywordChange {
            text: Some("hello".to_owned()),
            ..filters::KeywordChange::default()
        }],
        ..filters::Wanted::default()
    };
    filters::create(tx, owner, &wanted).map(|_| ())
}

#[tokio::test]
async fn what_readers_do_shows_on_their_next_page() {
    both(|town| async move {
        let (scene, [ana, bea, cem]) = scene(&town).await;
        let [first, private, poll, quoting, ..] = scene.posts[..] else { unreachable!() };
        let all = &scene;
        change(&town, all, "a favourite", move |tx| reactions::favourite(tx, bea, first, None).map(|_| ()))
            .await;
        change(&town, all, "no favourite", move |tx| reactions::unfavourite(tx, bea, first).map(|_| ()))
            .await;
        change(&town, all, "a bookmark", move |tx| reactions::bookmark(tx, bea, first).map(|_| ())).await;
        change(&town, all, "no bookmark", move |tx| reactions::unbookmark(tx, bea, first).map(|_| ())).await;
        change(&town, all, "a boost", move |tx| boost(tx, bea, first, None).map(|_| ())).await;
        change(&town, all, "no boost", move |tx| unboost(tx, bea, first).map(|_| ())).await;
        change(&town, all, "a pin", move |tx| pin(tx, ana, first)).await;
        change(&town, all, "no pin", move |tx| unpin(tx, ana, first)).await;
        change(&town, all, "a muted conversation", move |tx| posts::mute(tx, ana, first, true).map(|_| ()))
            .await;
        change(&town, all, "its end", move |tx| posts::mute(tx, ana, first, false).map(|_| ())).await;
        change(&town, all, "a vote", move |tx| {
            let id = parvis_store::polls::of_status(tx, poll)?.expect("a poll").id;
            vote(tx, bea, id, &[1]).map(|_| ())
        })
        .await;
        change(&town, all, "a quote that is gone", move |tx| posts::delete(tx, bea, quoting)).await;
        assert!(!scene_shows(&town, &scene, cem, private).await);
        change(&town, all, "a follower", move |tx| {
            follows::follow(tx, cem, ana, &Wishes::default(), None).map(|_| ())
        })
        .await;
        assert!(scene_shows(&town, &scene, cem, private).await);
        change(&town, all, "no follower", move |tx| follows::unfollow(tx, cem, ana)).await;
        change(&town, all, "boosts unwanted", move |tx| {
            let wishes = Wishes { shows_boosts: Some(false), ..Wishes::default() };
            follows::follow(tx, bea, cem, &wishes, None).map(|_| ())
        })
        .await;
        change(&town, all, "a block by who wrote it", move |tx| blocks::block(tx, ana, cem, None)).await;
        change(&town, all, "its end", move |tx| blocks::unblock(tx, ana, cem)).await;
        change(&town, all, "a mute", move |tx| blocks::mute(tx, bea, ana, true, None)).await;
        change(&town, all, "its end", move |tx| blocks::unmute(tx, bea, ana)).await;
        change(&town, all, "a filter", move |tx| filter(tx, bea, None)).await;
    })
    .await;
}

#[tokio::test]
async fn what_ends_by_itself_is_over_on_the_next_page() {
    both(|town| async move {
        let (scene, [ana, bea, _]) = scene(&town).await;
        let first = scene.posts[0];
        change(&town, &scene, "a mute for an hour", move |tx| blocks::mute(tx, bea, ana, true, Some(3_600)))
            .await;
        assert!(!timeline_shows(&town, bea, first).await);
        town.clock.advance(HOUR);
        town.clock.advance(HOUR);
        assert!(timeline_shows(&town, bea, first).await);
        change(&town, &scene, "a filter for an hour", move |tx| filter(tx, bea, Some(3_600))).await;
        assert!(is_filtered(&town, bea, first).await);
        town.clock.advance(HOUR);
        town.clock.advance(HOUR);
        assert!(!is_filtered(&town, bea, first).await);
    })
    .await;
}

#[tokio::test]
async fn servers_that_a_reader_avoids_are_avoided_on_the_next_page() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        away::keep(&town, away::actor("away.example", "bea")).await.expect("an actor");
        let post = away::create(&town, away::note("1")).await.kept().expect("a post");
        assert!(timeline_shows(&town, ana, post).await);
        town.write(move |tx| host_blocks::block(tx, ana, "away.example")).await;
        assert!(!timeline_shows(&town, ana, post).await);
        town.write(move |tx| host_blocks::unblock(tx, ana, "away.example")).await;
        assert!(timeline_shows(&town, ana, post).await);
    })
    .await;
}

#[tokio::test]
async fn a_page_seen_before_costs_no_question_about_its_reader() {
    both(|town| async move {
        let (scene, [_, bea, _]) = scene(&town).await;
        let posts = scene.posts.clone();
        let (_, cost) = cost_of(&town, move |c| of_statuses(c, Some(bea), &posts, Place::Timeline)).await;
        // No emojis in it, and nothing hangs on it.
        let one = vec![scene.posts[1]];
        let (_, of_one) = cost_of(&town, move |c| of_statuses(c, Some(bea), &one, Place::Timeline)).await;
        assert!(of_one.warm < of_one.cold && cost.warm < cost.cold, "{cost:?} {of_one:?}");
        assert_eq!(of_one.warm, 1, "the heads alone");
    })
    .await;
}

async fn scene_shows(town: &Town, scene: &Scene, reader: AccountId, post: StatusId) -> bool {
    assert!(scene.posts.contains(&post));
    town.read(move |c| of_statuses(c, Some(reader), &[post], Place::Elsewhere)).await.len() == 1
}

async fn timeline_shows(town: &Town, reader: AccountId, post: StatusId) -> bool {
    town.read(move |c| of_statuses(c, Some(reader), &[post], Place::Timeline)).await.len() == 1
}

async fn is_filtered(town: &Town, reader: AccountId, post: StatusId) -> bool {
    let seen = town.read(move |c| of_statuses(c, Some(reader), &[post], Place::Timeline)).await;
    !seen[0].filtered.is_empty()
}
