//! SQLite alone: group commit and what ends a group, other processes, durability.

use std::sync::mpsc;
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};
use diesel::sqlite::SqliteConnection;
use futures_util::future::join_all;
use parvis_model::random::SeededRandom;

use super::super::limits::Limits;
use super::super::sqlite::path_of;
use super::{insert, list, names, notice, run, with_things};
use crate::error::Error;
use crate::testing::{Place, START, TestDatabase};
use crate::{Database, Notice, RESYNC, Tx};

/// A database whose groups are not cut by time, so that the tests decide what is in a group.
async fn patient() -> (Place, Database) {
    let place = Place::sqlite();
    let clock = parvis_model::time::ManualClock::starting_at(START);
    let limits = Limits { group_time: Duration::from_secs(3600), ..Limits::default() };
    let db = Database::open_with(place.settings(clock, SeededRandom::new(1)), limits).await.unwrap();
    with_things(&db).await;
    (place, db)
}

type Step = Box<dyn Fn(&mut Tx<'_>) -> Result<(), Error> + Send + Sync>;

/// Runs all steps in one group and gives their answers: the writer is held by a first closure until the others are in the queue.
async fn in_one_group(db: &Database, steps: Vec<Step>) -> Vec<Result<(), Error>> {
    let (release, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let first = db.write(move |_| held.lock().unwrap().recv().map_err(|e| Error::Other(e.to_string())));
    let others = steps.into_iter().map(|step| db.write(step));
    let opener = async move {
        // Polled last: by now everything before it has been queued.
        release.send(()).unwrap();
    };
    let (first, answers, ()) = tokio::join!(first, join_all(others), opener);
    // The closure that held the writer shares its group's fate.
    if matches!(answers.first(), Some(Err(Error::Unavailable(_)))) {
        assert!(matches!(first, Err(Error::Unavailable(_))), "{first:?}");
    } else {
        first.unwrap();
    }
    answers
}

fn step(f: impl Fn(&mut Tx<'_>) -> Result<(), Error> + Send + Sync + 'static) -> Step {
    Box::new(f)
}

fn adds(name: &'static str) -> Step {
    step(move |tx| {
        let id = insert(tx, name)?;
        tx.notify("thing", id);
        Ok(())
    })
}

fn is_unavailable(answers: &[Result<(), Error>]) -> bool {
    answers.iter().all(|answer| matches!(answer, Err(Error::Unavailable(_))))
}

fn topics(heard: &mut tokio::sync::broadcast::Receiver<Notice>) -> Vec<String> {
    std::iter::from_fn(|| heard.try_recv().ok()).map(|notice| notice.topic).collect()
}

#[tokio::test]
async fn closures_of_a_group_are_committed_together_and_a_refused_one_takes_back_only_itself() {
    let (_place, db) = patient().await;
    let mut heard = db.subscribe();
    let answers = in_one_group(
        &db,
        vec![
            adds("a"),
            step(|tx| {
                insert(tx, "lost")?;
                tx.notify("lost", 1);
                Err(Error::Other("no".into()))
            }),
            // It sees what its neighbour in the group did.
            step(|tx| {
                assert_eq!(list(tx)?, ["a"]);
                insert(tx, "b").map(|_| ())
            }),
            adds("a"),
        ],
    )
    .await;
    assert_eq!(answers[1], Err(Error::Other("no".into())));
    assert_eq!(answers[3], Err(Error::Conflict("things.name".into())));
    assert_eq!((&answers[0], &answers[2]), (&Ok(()), &Ok(())));
    assert_eq!(names(&db).await, ["a", "b"]);
    assert_eq!(topics(&mut heard), ["thing"]);
}

#[tokio::test]
async fn raise_rollback_ends_the_group_and_all_answer_unavailable() {
    let (_place, db) = patient().await;
    db.write(|tx| {
        run(tx, "CREATE TRIGGER no_trees BEFORE INSERT ON things WHEN new.name = 'tree' BEGIN SELECT RAISE(ROLLBACK, 'no trees'); END")
    })
    .await
    .unwrap();
    let mut heard = db.subscribe();
    // Passed on, and swallowed: either way the transaction is gone.
    for swallows in [false, true] {
        let tree = step(move |tx| match insert(tx, "tree") {
            Err(error) if !swallows => Err(error),
            _ => Ok(()),
        });
        let answers = in_one_group(&db, vec![adds("a"), tree]).await;
        assert!(is_unavailable(&answers), "{answers:?}");
        assert!(names(&db).await.is_empty());
        assert!(!topics(&mut heard).contains(&"thing".to_owned()));
    }
    db.write(|tx| insert(tx, "bench")).await.unwrap();
    assert_eq!(names(&db).await, ["bench"]);
}

#[tokio::test]
async fn r13_a_full_disk_answers_unavailable_and_reads_go_on_until_there_is_room_again() {
    let (_place, db) = patient().await;
    db.write(|tx| insert(tx, "before")).await.unwrap();
    let mut heard = db.subscribe();
    let full = step(|tx| {
        // The file may not grow any more, on this connection.
        run(tx, "PRAGMA max_page_count = 1")?;
        let rows: Vec<String> = (0..2_000).map(|i| format!("({}, 'filler {i}', 0)", 1_000_000 + i)).collect();
        run(tx, &format!("INSERT INTO things VALUES {}", rows.join(", ")))
    });
    let answers = in_one_group(&db, vec![adds("same group"), full]).await;
    assert!(matches!(answers[1], Err(Error::Unavailable(_))), "{answers:?}");
    // SQLite may take back the statement alone or everything; what it did is what was answered.
    let kept = answers[0].is_ok();
    let expected: &[&str] = if kept { &["before", "same group"] } else { &["before"] };
    assert_eq!(names(&db).await, expected);
    assert_eq!(topics(&mut heard).contains(&"thing".to_owned()), kept);
    // Room again.
    let healed = db.write(|tx| run(tx, "PRAGMA max_page_count = 1073741823")).await;
    healed.unwrap();
    db.write(|tx| insert(tx, "tree")).await.unwrap();
    assert!(names(&db).await.contains(&"tree".to_owned()));
}

#[tokio::test]
async fn a_commit_that_fails_answers_unavailable_to_all_and_the_connection_is_replaced() {
    let (_place, db) = patient().await;
    db.write(|tx| {
        run(tx, "CREATE TABLE parts (id BIGINT PRIMARY KEY, thing BIGINT REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)")
    })
    .await
    .unwrap();
    let mut heard = db.subscribe();
    // A deferred constraint is only looked at by COMMIT.
    let orphan = step(|tx| run(tx, "INSERT INTO parts VALUES (1, 99)"));
    let answers = in_one_group(&db, vec![adds("a"), orphan, adds("b")]).await;
    assert!(is_unavailable(&answers), "{answers:?}");
    assert!(names(&db).await.is_empty());
    assert!(!topics(&mut heard).contains(&"thing".to_owned()));
    db.write(|tx| insert(tx, "bench")).await.unwrap();
    assert_eq!(names(&db).await, ["bench"]);
}

#[tokio::test]
async fn a_closure_that_leaves_a_transaction_open_ends_the_group() {
    let (_place, db) = patient().await;
    let open = step(|tx| super::super::transaction::savepoint(&mut tx.db));
    let answers = in_one_group(&db, vec![adds("a"), open, adds("next group")]).await;
    assert!(is_unavailable(&answers[..2]), "{answers:?}");
    // Nothing more ran in the lost group: the third began one of its own.
    assert_eq!(answers[2], Ok(()));
    assert_eq!(names(&db).await, ["next group"]);
}

#[tokio::test]
async fn a_panic_in_a_group_leaves_its_neighbours_alone() {
    let (_place, db) = patient().await;
    let broken = db.write(|tx| -> Result<(), Error> {
        insert(tx, "lost")?;
        tx.attempt(|tx| {
            insert(tx, "lost too")?;
            panic!("a mistake in a use case")
        })
    });
    let broken = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(broken));
    let (answers, broken) = tokio::join!(in_one_group(&db, vec![adds("a"), adds("b")]), broken);
    assert!(broken.is_err());
    assert_eq!(answers, [Ok(()), Ok(())]);
    assert_eq!(names(&db).await, ["a", "b"]);
}

#[tokio::test]
async fn r13_a_full_queue_and_busy_connections_answer_unavailable_and_recover() {
    let place = Place::sqlite();
    let clock = parvis_model::time::ManualClock::starting_at(START);
    let limits = Limits { queue: 1, patience: Duration::ZERO, ..Limits::default() };
    let db = Database::open_with(place.settings(clock, SeededRandom::new(1)), limits).await.unwrap();
    with_things(&db).await;
    // The writer is held by the first closure; one more fits into the queue.
    let (started, has_started) = tokio::sync::oneshot::channel();
    let started = std::sync::Mutex::new(Some(started));
    let (release, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let first = db.write(move |_| {
        started.lock().unwrap().take().map(|started| started.send(()));
        held.lock().unwrap().recv().map_err(|e| Error::Other(e.to_string()))
    });
    let rest = async {
        has_started.await.unwrap();
        let fits = db.write(|tx| insert(tx, "fits"));
        let refused = async {
            let refused = db.write(|tx| insert(tx, "refused")).await;
            release.send(()).unwrap();
            refused
        };
        tokio::join!(fits, refused)
    };
    let (first, (fits, refused)) = tokio::join!(first, rest);
    assert_eq!(first, Ok(()));
    assert!(fits.is_ok() && matches!(refused, Err(Error::Unavailable(_))), "{fits:?} {refused:?}");
    let busy = db.0.pool.quiet().await.unwrap();
    assert!(matches!(db.read(list).await, Err(Error::Unavailable(_))));
    drop(busy);
    assert_eq!(names(&db).await, ["fits"]);
}

#[tokio::test]
async fn another_processs_write_gives_resync_and_our_own_does_not() {
    let db = TestDatabase::sqlite().await;
    with_things(&db).await;
    let mut heard = db.subscribe();
    db.write(|tx| insert(tx, "ours")).await.unwrap();
    let path = path_of(db.place.url()).unwrap();
    let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    other.batch_execute("PRAGMA busy_timeout = 5000; INSERT INTO things VALUES (1, 'theirs', 0)").unwrap();
    // An idle writer notices by itself.
    assert_eq!(heard.recv().await.unwrap(), notice(RESYNC, 0));
    assert!(heard.try_recv().is_err());
    // A busy one notices in its next group, before its own notices.
    other.batch_execute("INSERT INTO things VALUES (2, 'theirs again', 0)").unwrap();
    db.write(|tx| {
        tx.notify("ours", 7);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(heard.recv().await.unwrap(), notice(RESYNC, 0));
    assert_eq!(heard.recv().await.unwrap(), notice("ours", 7));
}

#[tokio::test]
async fn r13_a_writer_waits_for_another_process_instead_of_failing() {
    let db = TestDatabase::sqlite().await;
    with_things(&db).await;
    let path = path_of(db.place.url()).unwrap();
    let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    other
        .batch_execute(
            "PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE; INSERT INTO things VALUES (1, 'theirs', 0)",
        )
        .unwrap();
    let ours = db.write(|tx| insert(tx, "ours"));
    let theirs = tokio::task::spawn_blocking(move || other.batch_execute("COMMIT").unwrap());
    let (ours, theirs) = tokio::join!(ours, theirs);
    theirs.unwrap();
    ours.unwrap();
    assert_eq!(names(&db).await, ["ours", "theirs"]);
}

#[tokio::test]
async fn r5_what_was_answered_is_in_the_files_when_the_process_dies_the_next_moment() {
    let db = TestDatabase::sqlite().await;
    with_things(&db).await;
    let synchronous = db
        .write(|tx| {
            #[derive(diesel::QueryableByName)]
            struct Row {
                #[diesel(sql_type = diesel::sql_types::Integer)]
                synchronous: i32,
            }
            let row: Row =
                diesel::RunQueryDsl::get_result(diesel::sql_query("PRAGMA synchronous"), &mut tx.db)?;
            Ok::<_, Error>(row.synchronous)
        })
        .await;
    assert_eq!(synchronous, Ok(2), "FULL: every commit is followed by fsync");
    db.write(|tx| insert(tx, "bench")).await.unwrap();
    // The files as they are now, while the database is open: what a killed process leaves behind.
    let path = path_of(db.place.url()).unwrap();
    let left = tempfile::tempdir().unwrap();
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", path.display());
        std::fs::copy(from, left.path().join(format!("left.db{suffix}"))).unwrap();
    }
    let url = format!("sqlite://{}", left.path().join("left.db").display());
    let settings = crate::Settings { url, ..db.place.settings(db.clock.clone(), SeededRandom::new(2)) };
    let restarted = Database::open(settings).await.unwrap();
    assert_eq!(names(&restarted).await, ["bench"]);
}

#[tokio::test]
async fn a_backup_under_load_is_a_whole_database() {
    let db = TestDatabase::sqlite().await;
    with_things(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("it's a backup.db");
    let writes = (0..50).map(|i| db.write(move |tx| insert(tx, &format!("{i:02}"))));
    let (written, saved) = tokio::join!(join_all(writes), db.backup_to(&target));
    saved.unwrap();
    assert!(written.iter().all(Result::is_ok));
    let url = format!("sqlite://{}", target.display());
    let settings = crate::Settings { url, ..db.place.settings(db.clock.clone(), SeededRandom::new(2)) };
    let copy = Database::open(settings).await.unwrap();
    let kept = names(&copy).await;
    assert_eq!(kept, names(&db).await[..kept.len()], "a prefix of what was written, nothing torn");
    assert_eq!(copy.migrations_pending().await, Ok(vec![]));
    assert!(
        matches!(db.backup_to(&target).await, Err(Error::Other(_))),
        "an existing file is never overwritten"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_readable_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/parvis.db");
    let place = Place::sqlite();
    let clock = parvis_model::time::ManualClock::starting_at(START);
    let url = format!("sqlite://{}", path.display());
    let db =
        Database::open(crate::Settings { url, ..place.settings(clock, SeededRandom::new(1)) }).await.unwrap();
    assert!(!db.migrate().await.unwrap().is_empty());
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let mode = file.as_ref().unwrap().metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file:?}");
    }
}

#[tokio::test]
async fn a_damaged_file_is_corrupt_and_not_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.db");
    std::fs::write(
        &path,
        b"this is not a database, whatever its name says; and it is long enough to be looked at".repeat(9),
    )
    .unwrap();
    let place = Place::sqlite();
    let clock = parvis_model::time::ManualClock::starting_at(START);
    let url = format!("sqlite://{}", path.display());
    let opened = Database::open(crate::Settings { url, ..place.settings(clock, SeededRandom::new(1)) }).await;
    assert!(matches!(opened.map(|_| ()), Err(Error::Corrupt(_))));
}
