//! How servers fare, what is lifted and what is forgotten.

use std::time::Duration;

use parvis_model::follow::FollowState;
use parvis_model::time::{DAY, HOUR, MINUTE};
use parvis_store::timelines::Range;

use super::*;

async fn known(town: &Town, host: &'static str) -> Peer {
    town.read(move |c| peer(c, host)).await.unwrap()
}

#[tokio::test]
async fn r1_a_server_that_fails_for_a_week_is_dead_and_inbound_traffic_brings_it_back() {
    both(|town| async move {
        town.write(|tx| Ok(peer_rows::add(tx, "b.example", 0, None)?)).await;
        let fail = |tx: &mut Tx<'_>| record_failure(tx, "b.example", Trouble::default(), 60);
        let mut tries = 0;
        let began = town.now();
        loop {
            let next = town.write(fail).await;
            tries += 1;
            let pause = next.since(town.now());
            assert!((48_000..=29 * HOUR).contains(&pause), "{pause}");
            if known(&town, "b.example").await.is_dead {
                assert!(pause > 19 * HOUR, "probed daily: {pause}");
                break;
            }
            town.clock.set(next);
        }
        assert!(town.now().since(began) >= DEAD_AFTER);
        assert!((15..=40).contains(&tries), "{tries} tries in a week");

        assert!(town.write(|tx| revive(tx, "b.example")).await);
        assert_eq!(known(&town, "b.example").await.next_try_at, Some(town.now()));
        // It talks, but does not listen: one early try in ten minutes.
        town.write(fail).await;
        assert!(!town.write(|tx| revive(tx, "b.example")).await);
        town.clock.advance(11 * MINUTE);
        assert!(town.write(|tx| revive(tx, "b.example")).await);

        town.write(|tx| record_success(tx, "b.example")).await;
        let b = known(&town, "b.example").await;
        assert_eq!((b.is_dead, b.failures, b.next_try_at, b.first_failure_at), (false, 0, None, None));
        assert!(!town.write(|tx| revive(tx, "b.example")).await, "nothing to bring back");
    })
    .await;
}

#[tokio::test]
async fn r3_a_server_is_left_alone_for_as_long_as_it_asked() {
    both(|town| async move {
        town.write(|tx| Ok(peer_rows::add(tx, "b.example", 0, None)?)).await;
        let trouble = Trouble { after: Some(Duration::from_secs(7_200)), is_gone: false };
        let next = town.write(move |tx| record_failure(tx, "b.example", trouble, 60)).await;
        assert_eq!(next.since(town.now()), 2 * HOUR);
        let gone = Trouble { after: None, is_gone: true };
        town.write(move |tx| record_failure(tx, "b.example", gone, 60)).await;
        assert!(known(&town, "b.example").await.is_dead);
    })
    .await;
}

#[tokio::test]
async fn r4_servers_that_hear_nobody_are_forgotten_and_others_are_not() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            let bea = stranger(tx, "bea", "b.example", None)?;
            follow(tx, bea, ana)?;
            for n in 0..50 {
                peer_rows::add(tx, &format!("x{n}.example"), 0, None)?;
            }
            Ok(())
        })
        .await;
        town.clock.advance(89 * DAY);
        assert_eq!(town.write(forget_old).await.1, 0);
        town.clock.advance(2 * DAY);
        assert_eq!(town.write(forget_old).await.1, 50);
        assert!(town.read(|c| peer(c, "b.example")).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn old_activities_are_forgotten_but_not_where_they_went() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            let bea = stranger(tx, "bea", "b.example", Some("https://b.example/inbox"))?;
            follow(tx, bea, ana)
        })
        .await;
        for n in 1..=3 {
            town.write(move |tx| create(tx, ana, n)).await;
        }
        town.write(move |tx| end(tx, ana, 2)).await;
        numbered(&town).await;
        town.clock.advance(15 * DAY);
        let forgotten = town.write(forget_old).await.0;
        assert_eq!(forgotten, 3, "the highest number stays, the next is counted from it");
        assert_eq!(town.read(|c| Ok(rows::count(c)?)).await, 3, "posts 1 and 3, and the last row");
        // The follower leaves, and a month later the post is deleted.
        town.write(move |tx| {
            let page = parvis_store::follows::followers(tx, ana, FollowState::Accepted, Range::newest(1))?;
            follows::unfollow(tx, page[0].1, ana)
        })
        .await;
        town.write(move |tx| end(tx, ana, 3)).await;
        assert_eq!(gets(&town, "b.example").await, ["Delete/2", "Delete/3"]);
        assert_eq!(town.read(head).await, 5);
    })
    .await;
}

#[tokio::test]
async fn idle_servers_are_lifted_together_and_busy_ones_are_not() {
    both(|town| async move {
        town.write(|tx| {
            for host in ["idle.example", "busy.example", "down.example"] {
                peer_rows::add(tx, host, 0, None)?;
            }
            record_failure(tx, "down.example", Trouble::default(), 60).map(|_| ())
        })
        .await;
        town.write(|tx| lift(tx, &["busy.example".to_owned()], 9)).await;
        let mut cursors = Vec::new();
        for host in ["idle.example", "busy.example", "down.example"] {
            cursors.push(known(&town, host).await.cursor_seq);
        }
        assert_eq!(cursors, [9, 0, 0]);
        town.write(|tx| lift(tx, &[], 4)).await;
        assert_eq!(known(&town, "idle.example").await.cursor_seq, 9, "never back");
    })
    .await;
}

#[tokio::test]
async fn one_node_delivers_at_a_time() {
    both(|town| async move {
        let until = town.now().plus(15_000);
        let take = move |holder: i64| move |tx: &mut Tx<'_>| take_lead(tx, holder, until);
        assert!(town.db().claim(take(1)).await.unwrap());
        assert!(!town.db().claim(take(2)).await.unwrap());
        assert!(town.db().claim(take(1)).await.unwrap(), "it stays");
        town.db().claim(|tx: &mut Tx<'_>| leave_lead(tx, 1)).await.unwrap();
        assert!(town.db().claim(take(2)).await.unwrap());
        town.clock.advance(16_000);
        assert!(town.db().claim(take(1)).await.unwrap(), "the other one is gone");
    })
    .await;
}
