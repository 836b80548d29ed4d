//! Idle connections, and how many may be in use at once. Work on them runs on tokio's blocking threads.
//!
//! On SQLite these are the readers (`writer` has its own connection); on PostgreSQL everything runs here.

use std::any::Any;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::db::Db;
use super::limits::{Limits, patiently};
use super::sqlite::{self, Purpose};
use super::tls::Connector;
use super::transaction::{self, Begin};
use super::tx::Conn;
use crate::error::{Error, Failure};

/// Where connections come from.
pub(super) enum Source {
    /// Readers of this file.
    Sqlite(PathBuf),
    /// Sessions of this server.
    Postgres(Arc<Connector>),
}

/// A bounded set of connections.
pub(super) struct Pool {
    source: Source,
    idle: Mutex<Vec<Conn>>,
    slots: Arc<Semaphore>,
    /// On PostgreSQL, for those who write.
    lane: Arc<Semaphore>,
    size: u32,
    limits: Limits,
}

impl Pool {
    /// At most `size` connections, opened when they are first needed.
    pub(super) fn new(source: Source, size: usize, limits: Limits) -> Arc<Self> {
        let slots = size.clamp(1, 1_000);
        let size = u32::try_from(slots).unwrap_or(1);
        Arc::new(Self {
            source,
            idle: Mutex::default(),
            slots: Arc::new(Semaphore::new(slots)),
            lane: Arc::new(Semaphore::new(1)),
            size,
            limits,
        })
    }

    /// Waits for the right to use a connection.
    pub(super) async fn slot(&self) -> Result<OwnedSemaphorePermit, Error> {
        patiently(self.limits, self.slots.clone().acquire_owned(), "all connections were busy").await
    }

    /// Waits for the right to write. Before [`Pool::slot`], so that who waits keeps no connection from others.
    pub(super) async fn lane(&self) -> Result<OwnedSemaphorePermit, Error> {
        patiently(self.limits, self.lane.clone().acquire_owned(), "other writes were in the way").await
    }

    /// Waits until nobody uses a connection any more, and keeps it so while the permit lives. Not for ever: at the end of the program a
    /// closure that hangs must not hold up the rest.
    pub(super) async fn quiet(&self) -> Option<OwnedSemaphorePermit> {
        patiently(
            self.limits,
            self.slots.clone().acquire_many_owned(self.size),
            "connections were still in use",
        )
        .await
        .ok()
    }

    /// A connection with an open transaction. A connection that died while it was idle is replaced: nothing was done on it yet.
    pub(super) fn begin(&self, begin: Begin) -> Result<Conn, Error> {
        loop {
            let idle = self.idle().pop();
            let is_fresh = idle.is_none();
            let mut conn = match idle {
                Some(conn) => conn,
                None => self.connect()?,
            };
            match transaction::begin(&mut conn.db, begin) {
                Ok(()) => return Ok(conn),
                Err(error) if is_fresh => return Err(error),
                Err(error) => tracing::debug!(%error, "an idle connection is dead and is replaced"),
            }
        }
    }

    /// A new connection.
    pub(super) fn connect(&self) -> Result<Conn, Error> {
        match &self.source {
            Source::Sqlite(path) => sqlite::open(path, Purpose::Reading),
            Source::Postgres(connector) => connector.connect().map(|c| Conn::new(Db::Pg(c))),
        }
    }

    /// Gives up what is open and keeps the connection if it can be used again. Says whether it lives.
    pub(super) fn give_up(&self, mut conn: Conn) -> bool {
        let alive = match &mut conn.db {
            Db::Pg(c) => c.reset(),
            Db::Sqlite(c) => {
                transaction::end_reading(c).is_ok() && transaction::depth(&mut conn.db) == Some(0)
            }
        };
        if alive {
            self.put_back(conn);
        }
        alive
    }

    /// Keeps a connection without a transaction for the next one.
    pub(super) fn put_back(&self, conn: Conn) {
        if !self.slots.is_closed() {
            self.idle().push(conn);
        }
    }

    /// Refuses all further work and closes what is idle.
    pub(super) fn close(&self) {
        self.slots.close();
        self.lane.close();
        self.idle().clear();
    }

    /// Runs `f` in one snapshot, on this thread.
    pub(super) fn read<T, E: Failure>(
        &self,
        now: parvis_model::time::Moment,
        extra: Option<Arc<dyn Any + Send + Sync>>,
        f: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.begin(Begin::Snapshot)?;
        conn.start(now, extra, false);
        // A panic in `f` drops the connection, and the database forgets its transaction.
        let result = f(&mut conn);
        let is_postgres = matches!(conn.db, Db::Pg(_));
        let is_alive = self.give_up(conn);
        match result {
            // PostgreSQL translates its messages, so the class of the error may have been guessed wrong; a dead connection is certain.
            Err(_) if is_postgres && !is_alive => {
                Err(Error::Unavailable("the connection to PostgreSQL was lost".into()).into())
            }
            other => other,
        }
    }

    /// Runs one statement without a transaction around it, on this thread. A connection that died while it was idle is replaced.
    pub(super) fn glance<T, E: Failure>(
        &self,
        now: parvis_model::time::Moment,
        extra: Option<&Arc<dyn Any + Send + Sync>>,
        f: impl Fn(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        loop {
            let idle = self.idle().pop();
            let is_fresh = idle.is_none();
            let mut conn = match idle {
                Some(conn) => conn,
                None => self.connect()?,
            };
            conn.start(now, extra.cloned(), false);
            let before = conn.statements();
            // A panic in `f` drops the connection.
            let result = f(&mut conn);
            debug_assert!(
                conn.statements() - before <= 1,
                "a glance is one statement: others may see another state"
            );
            if result.is_ok() {
                self.put_back(conn);
                return result;
            }
            let is_alive = match &mut conn.db {
                Db::Pg(c) => c.reset(),
                Db::Sqlite(_) => true,
            };
            if is_alive {
                self.put_back(conn);
            }
            if is_alive || is_fresh {
                return result;
            }
            tracing::debug!("an idle connection is dead and is replaced");
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Conn>> {
        // Nothing in the lock can panic half way.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
