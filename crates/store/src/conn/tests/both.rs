//! What holds on SQLite and on PostgreSQL alike.

use std::sync::Arc;

use diesel::prelude::*;
use futures_util::FutureExt;

use super::super::db::{BothExt, each};
use super::{insert, list, names, notice, run, things, with_things};
use crate::error::{Error, Failure};
use crate::testing::both;
use crate::{Settings, Tx};

#[tokio::test]
async fn what_is_written_is_read() {
    both(|db| async move {
        with_things(&db).await;
        db.write(|tx| insert(tx, "bench")).await.unwrap();
        assert_eq!(names(&db).await, ["bench"]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_closure_leaves_nothing() {
    both(|db| async move {
        with_things(&db).await;
        let refused: Result<(), Error> = db
            .write(|tx| {
                insert(tx, "bench")?;
                Err(Error::Other("no".into()))
            })
            .await;
        assert_eq!(refused, Err(Error::Other("no".into())));
        assert!(names(&db).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_conflict_names_table_and_columns_the_same_on_both() {
    both(|db| async move {
        with_things(&db).await;
        db.write(|tx| run(tx, "INSERT INTO things VALUES (1, 'bench', 7)")).await.unwrap();
        for (index, row, expected) in [
            ("", "(2, 'bench', 8)", "things.name"),
            ("", "(1, 'tree', 8)", "things.id"),
            ("CREATE UNIQUE INDEX things_lower ON things (lower(name))", "(2, 'BENCH', 8)", "things_lower"),
            ("DROP INDEX things_lower; CREATE UNIQUE INDEX things_pair ON things (number, name)", "(2, 'tree', 8)", ""),
        ] {
            db.write(move |tx| run(tx, index)).await.unwrap();
            let sql = format!("INSERT INTO things VALUES {row}");
            let answer = db.write(move |tx| run(tx, &sql)).await;
            let expected = if expected.is_empty() { Ok(()) } else { Err(Error::Conflict(expected.into())) };
            assert_eq!(answer, expected, "{row}");
        }
        db.write(|tx| {
            // With the constraint on the name alone gone, the index over two columns speaks.
            each!(tx,
                pg |c| diesel::connection::SimpleConnection::batch_execute(c, "ALTER TABLE things DROP CONSTRAINT things_name_key"),
                sqlite |c| diesel::connection::SimpleConnection::batch_execute(c,
                    "CREATE TABLE copy AS SELECT * FROM things; DROP TABLE things; ALTER TABLE copy RENAME TO things; \
                     CREATE UNIQUE INDEX things_pair ON things (number, name)"))
            .map_err(Error::from)
        })
        .await
        .unwrap();
        let error = db.write(|tx| run(tx, "INSERT INTO things VALUES (3, 'bench', 7)")).await.unwrap_err();
        assert_eq!(error, Error::Conflict("things.number, things.name".into()));
    })
    .await;
}

#[tokio::test]
async fn notices_come_after_the_commit_once_each_and_never_after_a_rollback() {
    both(|db| async move {
        with_things(&db).await;
        let mut heard = db.subscribe();
        let _: Result<(), Error> = db
            .write(|tx| {
                tx.notify("refused", 1);
                Err(Error::Other("no".into()))
            })
            .await;
        db.write(|tx| {
            let id = insert(tx, "bench")?;
            tx.notify("thing", id);
            tx.notify("thing", id);
            let _: Result<(), Error> = tx.attempt(|tx| {
                tx.notify("taken back", 2);
                Err(Error::Other("no".into()))
            });
            tx.notify("last", 3);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        let first = heard.recv().await.unwrap();
        assert_eq!(first.topic, "thing");
        let id = first.id;
        let found = db
            .read(move |c| Ok::<_, Error>(things::table.find(id).count().get_result::<i64>(&mut c.db)?))
            .await;
        assert_eq!(found, Ok(1), "whoever hears of a thing finds it");
        assert_eq!(heard.recv().await.unwrap(), notice("last", 3));
        assert!(heard.try_recv().is_err());
    })
    .await;
}

#[tokio::test]
async fn an_attempt_takes_back_only_itself_and_the_transaction_goes_on() {
    both(|db| async move {
        with_things(&db).await;
        db.write(|tx| {
            insert(tx, "bench")?;
            let again = tx.attempt(|tx| {
                insert(tx, "lost")?;
                insert(tx, "bench")
            });
            assert_eq!(again, Err(Error::Conflict("things.name".into())));
            insert(tx, "tree").map(|_| ())
        })
        .await
        .unwrap();
        assert_eq!(names(&db).await, ["bench", "tree"]);
    })
    .await;
}

#[tokio::test]
async fn a_panic_in_a_nested_transaction_leaves_nothing_and_later_writes_work() {
    both(|db| async move {
        with_things(&db).await;
        for depth in 0..3 {
            let broken = db.write(move |tx| nested(tx, depth));
            assert!(std::panic::AssertUnwindSafe(broken).catch_unwind().await.is_err(), "depth {depth}");
            let name = format!("after {depth}");
            db.write(move |tx| insert(tx, &name)).await.unwrap();
        }
        let _: Result<(), Error> = std::panic::AssertUnwindSafe(db.read(|_| panic!("in a read")))
            .catch_unwind()
            .await
            .unwrap_or(Ok(()));
        assert_eq!(names(&db).await, ["after 0", "after 1", "after 2"]);
        // A second look from outside: diesel must not have believed in a commit that never happened.
        assert_eq!(names(&db.open_again().await).await, ["after 0", "after 1", "after 2"]);
    })
    .await;
}

fn nested(tx: &mut Tx<'_>, depth: usize) -> Result<(), Error> {
    insert(tx, &format!("lost {depth}"))?;
    if depth == 0 {
        panic!("a mistake in a use case");
    }
    tx.db.transaction(|_| Ok::<_, diesel::result::Error>(()))?;
    tx.attempt(|tx| nested(tx, depth - 1))
}

#[tokio::test]
async fn ids_rise_and_never_repeat_even_between_processes_and_after_the_clock_goes_back() {
    both(|db| async move {
        with_things(&db).await;
        let other = db.open_again().await;
        let mut all = Vec::new();
        for turn in 0..3 {
            for (who, db) in [&*db, &other].into_iter().enumerate() {
                all.push(db.write(move |tx| insert(tx, &format!("{turn} {who}"))).await.unwrap());
            }
        }
        let (here, there): (Vec<_>, Vec<_>) = all.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
        assert!(here.is_sorted() && there.is_sorted());
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
        // Restarted with a clock that is a day behind: still above everything there is.
        other.close().await;
        db.clock.advance(-parvis_model::time::DAY);
        let restarted = db.open_again().await;
        let id = restarted.write(|tx| insert(tx, "later")).await.unwrap();
        assert!(all.iter().all(|before| *before < id), "{id} is above {all:?}");
    })
    .await;
}

#[tokio::test]
async fn a_node_number_is_given_back_at_the_end_and_taken_over_when_its_lease_is_over() {
    both(|db| async move {
        let slot = |id: i64| (id >> 10) & 63;
        let id = |tx: &mut Tx<'_>| Ok::<_, Error>(tx.new_id());
        assert_eq!(slot(db.write(id).await.unwrap()), 0);
        let second = db.open_again().await;
        assert_eq!(slot(second.write(id).await.unwrap()), 1);
        second.close().await;
        let third = db.open_again().await;
        assert_eq!(slot(third.write(id).await.unwrap()), 1);
        // The first two are silent for an hour, as if killed.
        db.clock.advance(parvis_model::time::HOUR);
        let fourth = db.open_again().await;
        assert_eq!(slot(fourth.write(id).await.unwrap()), 0);
        // The first wakes up and finds its number gone.
        assert_eq!(slot(db.write(id).await.unwrap()), 1);
    })
    .await;
}

#[tokio::test]
async fn a_read_sees_one_state_and_cannot_write() {
    both(|db| async move {
        with_things(&db).await;
        let writer = (*db).clone();
        let handle = tokio::runtime::Handle::current();
        // Another thread commits between the two statements of the read.
        let seen = db
            .read(move |conn| {
                let before = list(conn)?;
                std::thread::scope(|scope| {
                    scope.spawn(|| handle.block_on(writer.write(|tx| insert(tx, "bench"))).unwrap());
                });
                Ok::<_, Error>((before, list(conn)?))
            })
            .await
            .unwrap();
        assert_eq!(seen, (vec![], vec![]));
        assert_eq!(names(&db).await, ["bench"]);
        let error = db.read(|conn| run(conn, "DELETE FROM things")).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert_eq!(names(&db).await, ["bench"]);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_has_one_instant() {
    both(|db| async move {
        let clock = db.clock.clone();
        let (first, second) = db
            .write(move |tx| {
                let first = tx.now();
                clock.advance(1_000);
                Ok::<_, Error>((first, tx.now()))
            })
            .await
            .unwrap();
        assert_eq!(first, second);
        let read = db.read(|conn| Ok::<_, Error>(conn.now())).await.unwrap();
        assert_eq!(read, first.plus(1_000));
    })
    .await;
}

#[tokio::test]
async fn statements_are_counted_without_begin_commit_and_savepoints() {
    both(|db| async move {
        with_things(&db).await;
        let (_, written) = db
            .counted_write(|tx| {
                insert(tx, "bench")?;
                tx.attempt(|tx| insert(tx, "tree"))
            })
            .await
            .unwrap();
        assert_eq!(written, 2);
        let (_, read) = db
            .counted_read(|conn| {
                list(conn)?;
                list(conn)
            })
            .await
            .unwrap();
        assert_eq!(read, 2);
    })
    .await;
}

#[tokio::test]
async fn the_value_given_at_the_start_reaches_every_transaction() {
    both(|db| async move {
        let settings = db.place.settings(db.clock.clone(), parvis_model::random::SeededRandom::new(1));
        let listeners: Vec<&'static str> = vec!["outbox"];
        let with =
            crate::Database::open(Settings { extra: Some(Arc::new(listeners)), ..settings }).await.unwrap();
        let found = with
            .write(|tx| {
                let listeners = tx.extension().and_then(|extra| extra.downcast_ref::<Vec<&'static str>>());
                Ok::<_, Error>(listeners.cloned())
            })
            .await;
        assert_eq!(found, Ok(Some(vec!["outbox"])));
        let read = with.read(|c| Ok::<_, Error>(c.extension().is_some())).await;
        assert_eq!(read, Ok(true));
    })
    .await;
}

#[tokio::test]
async fn upserts_run_through_both_and_each() {
    both(|db| async move {
        with_things(&db).await;
        for number in [1_i64, 2] {
            db.write(move |tx| {
                let row = (things::id.eq(5), things::name.eq("bench"), things::number.eq(number));
                diesel::insert_into(things::table)
                    .values(row)
                    .on_conflict(things::id)
                    .do_update()
                    .set(things::number.eq(diesel::upsert::excluded(things::number)))
                    .both()
                    .execute(&mut tx.db)?;
                let rows = vec![(things::id.eq(6), things::name.eq("tree"), things::number.eq(number))];
                each!(tx, |c| diesel::insert_into(things::table)
                    .values(&rows)
                    .on_conflict_do_nothing()
                    .execute(c))?;
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        }
        let numbers = db
            .read(|conn| {
                Ok::<_, Error>(
                    things::table.order(things::id).select(things::number).load::<i64>(&mut conn.db)?,
                )
            })
            .await;
        assert_eq!(numbers, Ok(vec![2, 1]));
    })
    .await;
}

#[tokio::test]
async fn a_closed_database_answers_unavailable() {
    both(|db| async move {
        with_things(&db).await;
        db.ping().await.unwrap();
        db.close().await;
        assert!(matches!(db.ping().await, Err(Error::Unavailable(_))));
        let write = db.write(|tx| insert(tx, "bench")).await.unwrap_err();
        let read = db.read(list).await.unwrap_err();
        assert!(
            matches!((&write, &read), (Error::Unavailable(_), Error::Unavailable(_))),
            "{write:?} {read:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    both(|db| async move {
        assert_eq!(db.migrations_pending().await, Ok(vec![]));
        let before = tables(&db).await;
        assert!(before.len() > 1, "{before:?}");
        let mut reverted = db.revert_all().await.unwrap();
        reverted.reverse();
        assert_eq!(
            tables(&db).await,
            ["__diesel_schema_migrations"],
            "every down.sql drops what its up.sql made"
        );
        assert_eq!(db.migrations_pending().await.unwrap().len(), reverted.len());
        assert_eq!(db.migrate().await, Ok(reverted));
        assert_eq!(tables(&db).await, before);
        db.redo().await.unwrap();
        assert_eq!(tables(&db).await, before);
    })
    .await;
}

async fn tables(db: &crate::Database) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let sql = if db.is_postgres() {
        "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    } else {
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    };
    db.read(move |conn| {
        let tables: Vec<Table> = diesel::sql_query(sql).load(&mut conn.db)?;
        Ok::<_, Error>(tables.into_iter().map(|table| table.name).collect())
    })
    .await
    .unwrap()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let list = |engine: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(engine);
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                assert!(path.join("up.sql").exists() && path.join("down.sql").exists(), "{}", path.display());
                path.file_name().unwrap().to_string_lossy().into_owned()
            })
            .collect();
        names.sort();
        names
    };
    let names = list("sqlite");
    assert_eq!(names, list("postgres"));
    let numbers: Vec<&str> = names.iter().map(|name| name.split_once('_').expect("NNNN_name").0).collect();
    assert!(numbers.iter().all(|n| n.len() == 4 && n.bytes().all(|b| b.is_ascii_digit())), "{names:?}");
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "a number is there twice: {names:?}");
}

#[test]
fn only_a_retry_is_retryable() {
    assert!(Error::Retry.is_retryable());
    assert!(!Error::Unavailable("x".into()).is_retryable());
}
