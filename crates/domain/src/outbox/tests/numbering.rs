//! Rows are numbered in the order in which they can be seen, without a gap.

use std::sync::{Mutex, mpsc};

use tokio::task::{JoinSet, spawn_blocking};

use super::*;

#[tokio::test]
async fn a_new_server_is_asked_to_take_nothing_old() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        for n in 1..=3 {
            town.write(move |tx| create(tx, ana, n)).await;
        }
        numbered(&town).await;
        town.write(move |tx| write(tx, activity("Create", 4, ana, only("c.example")))).await;
        numbered(&town).await;
        let peer = town.read(|c| peer(c, "c.example")).await.unwrap();
        assert_eq!((peer.cursor_seq, town.read(head).await), (3, 4));
        assert_eq!(gets(&town, "c.example").await, ["Create/4"]);
    })
    .await;
}

/// The case that loses rows with a cursor by id: the lower id commits later.
#[tokio::test(flavor = "multi_thread")]
async fn an_activity_that_commits_late_is_numbered_late_and_not_lost() {
    let Some(place) = Place::postgres() else { return };
    let town = Town::on(place).await;
    let ana = town.resident("ana").await;
    town.write(|tx| Ok(peer_rows::add(tx, "b.example", 0, None)?)).await;
    let (has_id, wait_for_id) = mpsc::channel();
    let (go_on, wait_to_go_on) = mpsc::channel::<()>();
    let wait_to_go_on = Mutex::new(wait_to_go_on);
    let mut late = JoinSet::new();
    // Another node: in one process those who write wait for each other.
    let other = town.another_node(Vec::new()).await;
    late.spawn(async move {
        let slow = move |tx: &mut Tx<'_>| {
            let id = write(tx, activity("Create", 1, ana, only("b.example")))?;
            let _ = has_id.send(id);
            // Answers at once when this runs a second time.
            let _ = wait_to_go_on.lock().unwrap().recv();
            Ok::<_, crate::Error>(id)
        };
        other.db().write(slow).await.unwrap()
    });
    let low = spawn_blocking(move || wait_for_id.recv().unwrap()).await.unwrap();
    let high = town.write(move |tx| write(tx, activity("Create", 2, ana, only("b.example")))).await;
    assert!(low < high);
    assert_eq!(gets(&town, "b.example").await, ["Create/2"]);
    town.write(|tx| advance(tx, "b.example", 1)).await;
    drop(go_on);
    assert_eq!(late.join_next().await.unwrap().unwrap(), low, "it ran once");
    assert_eq!(gets(&town, "b.example").await, ["Create/1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_whoever_writes_at_the_same_time() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        let mut writers = JoinSet::new();
        for n in 0..40_u32 {
            let town = town.handle();
            writers.spawn(async move {
                town.db().write(move |tx: &mut Tx<'_>| create(tx, ana, n)).await.unwrap();
                town.db().claim(|tx: &mut Tx<'_>| number(tx, 7)).await.unwrap();
            });
        }
        while let Some(done) = writers.join_next().await {
            done.unwrap();
        }
        numbered(&town).await;
        assert_eq!((town.read(head).await, town.read(|c| Ok(rows::count(c)?)).await), (40, 40));
        assert_eq!(town.read(|c| Ok(rows::count_unnumbered(c)?)).await, 0);
    })
    .await;
}
