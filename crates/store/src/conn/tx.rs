//! What closures get: [`Conn`] to read, [`Tx`] to write.
//!
//! The diesel connection inside is private to this crate, so that nobody else writes SQL. `domain` reaches its own context through
//! [`Conn::extension`], and adds `record` to `Tx` with it.

use std::any::Any;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use parvis_model::ids::IdMaker;
use parvis_model::random::{Random, SharedRandom};
use parvis_model::time::{Moment, SharedClock};
use tokio::sync::broadcast;

use super::db::Db;
use super::leases::Ids;
use super::notices::Notice;
use super::statements::Statements;
use super::transaction;
use crate::error::Failure;

/// What all connections of one database share.
pub(super) struct Shared {
    pub(super) clock: SharedClock,
    pub(super) random: SharedRandom,
    pub(super) extra: Option<Arc<dyn Any + Send + Sync>>,
    pub(super) ids: Ids,
    pub(super) sender: broadcast::Sender<Notice>,
}

/// A connection in a transaction that only reads.
pub struct Conn {
    pub(crate) db: Db,
    now: Moment,
    extra: Option<Arc<dyn Any + Send + Sync>>,
    statements: Statements,
    writes: bool,
    memo: Option<Box<dyn Any + Send>>,
}

impl Conn {
    pub(super) fn new(mut db: Db) -> Self {
        let statements = Statements::watch(&mut db);
        Self { db, now: Moment::default(), extra: None, statements, writes: true, memo: None }
    }

    /// Called when a transaction starts.
    pub(super) fn start(&mut self, now: Moment, extra: Option<Arc<dyn Any + Send + Sync>>, writes: bool) {
        self.now = now;
        self.extra = extra;
        self.writes = writes;
        self.memo = None;
    }

    /// Whether what is read here may be taken back, because this transaction may have written it itself: then nobody else may be shown it, and
    /// nothing of it may be kept.
    #[must_use]
    pub const fn is_writing(&self) -> bool {
        self.writes
    }

    /// The value given to `Database::open`, for the layer above to downcast.
    #[must_use]
    pub fn extension(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.extra.as_ref()
    }

    /// What the layer above remembers for the rest of this transaction; nothing at its beginning.
    pub const fn memo(&mut self) -> &mut Option<Box<dyn Any + Send>> {
        &mut self.memo
    }

    /// The instant of this transaction: read from the clock once, so that everything in it agrees.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now
    }

    /// The connection, for queries.
    pub(crate) fn db(&mut self) -> &mut Db {
        &mut self.db
    }

    /// How many SQL statements this connection ran so far, for tests that bound the cost of a use case.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.statements.count()
    }
}

/// A transaction that writes. Dropped without being committed when the closure fails.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    shared: &'a Shared,
    notices: Vec<Notice>,
    must_run_again: bool,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut Conn, shared: &'a Shared) -> Self {
        conn.start(shared.clock.now(), shared.extra.clone(), true);
        Self { conn, shared, notices: Vec::new(), must_run_again: false }
    }

    /// What is to be told after commit, and whether a savepoint hid a failure that needs the whole transaction to run again.
    pub(super) fn into_parts(self) -> (Vec<Notice>, bool) {
        (self.notices, self.must_run_again)
    }

    /// A new id: higher than every id this process gave before, different from those of other processes.
    #[must_use]
    pub fn new_id(&self) -> i64 {
        self.shared.ids.with(|maker: &mut IdMaker| maker.next(self.conn.now))
    }

    /// Where random numbers come from.
    #[must_use]
    pub fn random(&self) -> &'a dyn Random {
        &*self.shared.random
    }

    /// Tells subscribers after the commit, and only then. The same notice twice in a transaction is told once. A topic is short: PostgreSQL
    /// carries 8000 bytes.
    pub fn notify(&mut self, topic: &str, id: i64) {
        let notice = Notice { topic: topic.to_owned(), id };
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    /// Runs `f` so that its failure takes back only what it did, and the transaction goes on. Without this, going on after an error is a
    /// mistake: PostgreSQL refuses every further statement.
    ///
    /// # Errors
    /// What `f` fails with, or the failure to open the savepoint.
    pub fn attempt<T, E: Failure>(&mut self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        transaction::savepoint(&mut self.conn.db)?;
        let told = self.notices.len();
        match f(self) {
            Ok(value) => {
                transaction::release(&mut self.conn.db)?;
                Ok(value)
            }
            Err(error) => {
                self.notices.truncate(told);
                // PostgreSQL has given up the whole transaction, whatever the caller makes of the error.
                self.must_run_again |= error.is_retryable();
                transaction::rollback(&mut self.conn.db)?;
                Err(error)
            }
        }
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}
