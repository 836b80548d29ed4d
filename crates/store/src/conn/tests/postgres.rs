//! PostgreSQL alone: running again, lost connections, what may not be believed about a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use tokio::sync::Barrier;

use super::{insert, list, names, notice, run, things, with_things};
use crate::conn::postgres::PgConn;
use crate::error::Error;
use crate::testing::TestDatabase;
use crate::{Conn, Database, RESYNC, Tx};

async fn with_numbers(db: &Database) {
    with_things(db).await;
    db.write(|tx| run(tx, "INSERT INTO things VALUES (1, 'a', 1), (2, 'b', 1)")).await.unwrap();
}

fn total(conn: &mut Conn) -> Result<i64, Error> {
    let numbers: Vec<i64> = things::table.select(things::number).load(&mut conn.db)?;
    Ok(numbers.iter().sum())
}

/// Takes one from the thing `id` if the sum over all of them stays above zero: reads in order to write.
fn take(tx: &mut Tx<'_>, id: i64) -> Result<bool, Error> {
    let allowed = total(tx)? > 1;
    if allowed {
        diesel::update(things::table.find(id))
            .set(things::number.eq(things::number - 1))
            .execute(&mut tx.db)?;
    }
    Ok(allowed)
}

#[tokio::test]
async fn two_writers_that_decide_on_the_same_rows_behave_as_one_after_the_other() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_numbers(&db).await;
    // Two nodes: in one process they would not meet.
    let other = db.open_again().await;
    let barrier = Arc::new(Barrier::new(2));
    let runs = Arc::new(AtomicUsize::new(0));
    let writer = |node: Database, id| {
        let (barrier, runs) = (barrier.clone(), runs.clone());
        let handle = tokio::runtime::Handle::current();
        async move {
            let decide = move |tx: &mut Tx<'_>| {
                let is_first = runs.fetch_add(1, Ordering::SeqCst) < 2;
                total(tx)?;
                // Both have read before either writes, in their first run.
                if is_first {
                    handle.block_on(barrier.wait());
                }
                take(tx, id)
            };
            node.write(decide).await
        }
    };
    let (a, b) = tokio::join!(writer((*db).clone(), 1), writer(other, 2));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(a != b, "exactly one was allowed: {a} {b}");
    assert!(runs.load(Ordering::SeqCst) > 2, "one of them ran again");
    assert_eq!(db.read(total).await, Ok(1));
}

#[tokio::test]
async fn a_deadlock_runs_again() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_numbers(&db).await;
    let barrier = Arc::new(Barrier::new(2));
    let runs = Arc::new(AtomicUsize::new(0));
    let writer = |first: i64, second: i64| {
        let (barrier, runs) = (barrier.clone(), runs.clone());
        let handle = tokio::runtime::Handle::current();
        // READ COMMITTED, where locks in different orders are a deadlock and not a serialization failure.
        db.claim(move |tx| {
            let is_first = runs.fetch_add(1, Ordering::SeqCst) < 2;
            run(tx, &format!("UPDATE things SET number = number + 1 WHERE id = {first}"))?;
            if is_first {
                handle.block_on(barrier.wait());
            }
            run(tx, &format!("UPDATE things SET number = number + 1 WHERE id = {second}"))
        })
    };
    let (a, b) = tokio::join!(writer(1, 2), writer(2, 1));
    assert_eq!((a, b), (Ok(()), Ok(())));
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    assert_eq!(db.read(total).await, Ok(6));
}

#[tokio::test]
async fn a_conflict_hidden_in_an_attempt_still_runs_again() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_numbers(&db).await;
    let other = db.open_again().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let handle = tokio::runtime::Handle::current();
    db.write(move |tx| {
        total(tx)?;
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            let other = &other;
            handle.block_on(other.write(|tx| run(tx, "UPDATE things SET number = 5 WHERE id = 1")))?;
        }
        // The use case shrugs at whatever this says.
        let _ = tx.attempt(|tx| run(tx, "UPDATE things SET number = number + 1 WHERE id = 1"));
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(db.read(total).await, Ok(7));
}

#[tokio::test]
async fn a_closure_that_goes_on_after_an_error_is_not_told_that_it_was_committed() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_things(&db).await;
    let mut heard = db.subscribe();
    for notifies in [false, true] {
        let answer = db
            .write(move |tx| {
                insert(tx, "bench")?;
                // PostgreSQL has given up the transaction here, and would answer COMMIT with a quiet ROLLBACK.
                let _ = insert(tx, "bench");
                if notifies {
                    tx.notify("thing", 1);
                }
                Ok::<_, Error>(())
            })
            .await;
        assert!(matches!(answer, Err(Error::Other(_))), "{answer:?}");
        assert!(names(&db).await.is_empty());
    }
    db.write(|tx| insert(tx, "tree")).await.unwrap();
    assert!(heard.try_recv().is_err());
}

/// Ends every other session on this database, as a restart of the server does.
fn kill_all_others(conn: &mut Conn) -> Result<(), Error> {
    run(
        conn,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
}

#[tokio::test]
async fn r13_connections_killed_while_idle_are_replaced_without_an_error() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_things(&db).await;
    let other = db.open_again().await;
    let mut heard = db.subscribe();
    // Several idle connections, all of which die.
    let reads = (0..4).map(|_| db.read(list));
    futures_util::future::join_all(reads).await;
    other.read(kill_all_others).await.unwrap();
    db.write(|tx| insert(tx, "bench")).await.unwrap();
    assert_eq!(names(&db).await, ["bench"]);
    // The listening connection died too: it says so when it is back, and hears again.
    assert_eq!(heard.recv().await.unwrap(), notice(RESYNC, 0));
    other
        .write(|tx| {
            tx.notify("after", 1);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(heard.recv().await.unwrap(), notice("after", 1));
}

#[tokio::test]
async fn r13_a_write_whose_connection_is_killed_before_its_commit_runs_again_and_counts_once() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_things(&db).await;
    let other = db.open_again().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let (counted, killer, handle) = (runs.clone(), other.clone(), tokio::runtime::Handle::current());
    db.write(move |tx| {
        insert(tx, "bench")?;
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            handle.block_on(killer.read(kill_all_others))?;
        }
        insert(tx, "tree").map(|_| ())
    })
    .await
    .unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(names(&db).await, ["bench", "tree"]);
}

#[tokio::test]
async fn r13_a_read_whose_connection_is_killed_is_unavailable_and_the_next_one_works() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_things(&db).await;
    let other = db.open_again().await;
    let handle = tokio::runtime::Handle::current();
    let answer = db
        .read(move |conn| {
            handle.block_on(other.read(kill_all_others))?;
            list(conn)
        })
        .await;
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    assert!(names(&db).await.is_empty());
}

#[tokio::test]
async fn r13_a_server_that_is_down_is_unavailable() {
    let Some(db) = TestDatabase::postgres().await else { return };
    // Nothing listens on port 1.
    let url = "postgres://postgres@127.0.0.1:1/parvis".to_owned();
    let settings = crate::Settings {
        url,
        ..db.place.settings(db.clock.clone(), parvis_model::random::SeededRandom::new(1))
    };
    assert!(matches!(Database::open(settings).await.map(|_| ()), Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn notices_reach_other_nodes() {
    let Some(db) = TestDatabase::postgres().await else { return };
    let other = db.open_again().await;
    let mut there = other.subscribe();
    db.write(|tx| {
        tx.notify("thing", 9);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(there.recv().await.unwrap(), notice("thing", 9));
}

#[tokio::test]
async fn two_workers_claim_different_rows_of_a_queue() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_numbers(&db).await;
    let barrier = Arc::new(Barrier::new(2));
    let runs = Arc::new(AtomicUsize::new(0));
    let claim = || {
        let (barrier, runs) = (barrier.clone(), runs.clone());
        let handle = tokio::runtime::Handle::current();
        db.claim(move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            let next = diesel::sql_query(
                "SELECT id FROM things WHERE number = 1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
            );
            let row: Id = next.get_result(&mut tx.db)?;
            handle.block_on(barrier.wait());
            diesel::update(things::table.find(row.id)).set(things::number.eq(0)).execute(&mut tx.db)?;
            Ok::<_, Error>(row.id)
        })
    };
    let (a, b) = tokio::join!(claim(), claim());
    let mut claimed = [a.unwrap(), b.unwrap()];
    claimed.sort_unstable();
    assert_eq!(claimed, [1, 2]);
    assert_eq!(runs.load(Ordering::SeqCst), 2, "neither was in the other's way");
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

#[tokio::test]
async fn r5_commits_wait_for_the_disk() {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        synchronous_commit: String,
    }
    let Some(db) = TestDatabase::postgres().await else { return };
    let value = db
        .write(|tx| {
            let row: Row = diesel::sql_query("SHOW synchronous_commit").get_result(&mut tx.db)?;
            Ok::<_, Error>(row.synchronous_commit)
        })
        .await;
    assert_eq!(value, Ok("on".to_owned()));
}

#[tokio::test]
async fn a_connection_opened_by_its_address_alone_lives_on_a_runtime_too() {
    let Some(db) = TestDatabase::postgres().await else { return };
    let url = db.place.url().to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        let mut connection = PgConn::establish(&url).unwrap();
        diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("42"))
            .get_result::<i32>(&mut connection)
    });
    assert_eq!(answer.await.unwrap(), Ok(42));
}

#[tokio::test]
async fn those_who_write_in_one_process_wait_for_each_other_and_none_runs_twice() {
    let Some(db) = TestDatabase::postgres().await else { return };
    with_numbers(&db).await;
    let runs = Arc::new(AtomicUsize::new(0));
    let writer = |id| {
        let runs = runs.clone();
        db.write(move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            total(tx)?;
            run(tx, &format!("UPDATE things SET number = number + 1 WHERE id = {id}"))
        })
    };
    let all = (0..20).map(|n| writer(n % 2 + 1));
    assert!(futures_util::future::join_all(all).await.into_iter().all(|done| done.is_ok()));
    assert_eq!(runs.load(Ordering::SeqCst), 20, "they read what the others write, and yet never met");
    assert_eq!(db.read(total).await, Ok(22));
}
