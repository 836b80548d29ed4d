//! BEGIN, COMMIT, ROLLBACK and savepoints on either database, and how deep diesel believes a connection to be.
//!
//! Who calls this: `pool` (reads), `postgres_write`, `writer` (SQLite), `tx` (savepoints), `migrate`.

use diesel::connection::{
    AnsiTransactionManager, Connection, TransactionDepthChange, TransactionManager, TransactionManagerStatus,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::db::{Db, each};
use super::notices::Notice;
use crate::error::Error;

/// What a transaction may assume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// Reading: all statements see the same state.
    Snapshot,
    /// Writing: as if no other transaction ran beside it.
    Serializable,
    /// Claiming from a queue with `FOR UPDATE SKIP LOCKED`, where serializable would only cause repetitions. SQLite has one writer, so it
    /// is the same as [`Begin::Serializable`] there.
    ReadCommitted,
}

type Manager = <Db as Connection>::TransactionManager;

/// Opens a transaction.
pub(crate) fn begin(db: &mut Db, begin: Begin) -> Result<(), Error> {
    let done = each!(
        db,
        pg | c
            | c.begin(match begin {
                Begin::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                Begin::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE",
                Begin::ReadCommitted => "BEGIN ISOLATION LEVEL READ COMMITTED",
            }),
        sqlite
            | c
            | match begin {
                Begin::Snapshot => run(c, BeginReading, TransactionDepthChange::IncreaseDepth),
                Begin::Serializable | Begin::ReadCommitted =>
                    AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            }
    );
    done.map_err(Error::from)
}

/// Commits the outermost transaction. On PostgreSQL the notices leave with it; on SQLite the writer sends them afterwards.
pub(crate) fn commit(db: &mut Db, notices: &[Notice]) -> Result<(), Error> {
    let done =
        each!(db, pg | c | c.commit(notices), sqlite | c | AnsiTransactionManager::commit_transaction(c));
    done.map_err(Error::from)
}

/// Gives up the innermost transaction or savepoint.
pub(crate) fn rollback(db: &mut Db) -> Result<(), Error> {
    Manager::rollback_transaction(db).map_err(Error::from)
}

/// Ends a transaction on SQLite that only read.
pub(crate) fn end_reading(c: &mut SqliteConnection) -> Result<(), Error> {
    run(c, EndReading, TransactionDepthChange::DecreaseDepth).map_err(Error::from)
}

/// Around every read, so the connection keeps it ready: diesel's own are parsed each time.
#[derive(QueryId)]
struct BeginReading;

/// See [`BeginReading`].
#[derive(QueryId)]
struct EndReading;

impl QueryFragment<Sqlite> for BeginReading {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("BEGIN");
        Ok(())
    }
}

impl QueryFragment<Sqlite> for EndReading {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("ROLLBACK");
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for BeginReading {}
impl<C> RunQueryDsl<C> for EndReading {}

fn run<Q>(c: &mut SqliteConnection, words: Q, change: TransactionDepthChange) -> QueryResult<()>
where
    Q: QueryFragment<Sqlite> + QueryId + RunQueryDsl<SqliteConnection>,
{
    words.execute(c)?;
    match AnsiTransactionManager::transaction_manager_status_mut(c) {
        TransactionManagerStatus::Valid(status) => status.change_transaction_depth(change),
        TransactionManagerStatus::InError => Err(diesel::result::Error::BrokenTransactionManager),
    }
}

/// Opens a savepoint in a transaction.
pub(crate) fn savepoint(db: &mut Db) -> Result<(), Error> {
    Manager::begin_transaction(db).map_err(Error::from)
}

/// Keeps what was done since the innermost savepoint.
pub(crate) fn release(db: &mut Db) -> Result<(), Error> {
    Manager::commit_transaction(db).map_err(Error::from)
}

/// How many transactions and savepoints are open; `None` when the connection is broken.
pub(crate) fn depth(db: &mut Db) -> Option<u32> {
    let depth = Manager::transaction_manager_status_mut(db).transaction_depth().ok()?;
    Some(depth.map_or(0, std::num::NonZeroU32::get))
}
