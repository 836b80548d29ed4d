//! [`Database`]: the door to everything stored. One closure is one transaction, on a thread that may block.

use std::any::Any;
use std::path::PathBuf;
use std::sync::Arc;

use parvis_model::random::SharedRandom;
use parvis_model::time::SharedClock;
use tokio::sync::{broadcast, oneshot};
use tokio::task::{AbortHandle, spawn_blocking};

use super::company;
use super::leases::Ids;
use super::limits::Limits;
use super::notices::{self, Notice};
use super::pool::{Pool, Source};
use super::tls::Connector;
use super::transaction::Begin;
use super::tx::{Conn, Shared, Tx};
use super::writer::Writer;
use super::{postgres_write, sqlite};
use crate::error::{Error, Failure};

/// What [`Database::open`] needs to know.
pub struct Settings {
    /// `sqlite://path/to/file` (made if it is not there) or `postgres://user:password@host/database?sslmode=…`.
    pub url: String,
    /// How many transactions may read at once; on PostgreSQL the writing ones count too.
    pub readers: usize,
    /// A value that every transaction carries, for the layer above ([`super::Conn::extension`]).
    pub extra: Option<Arc<dyn Any + Send + Sync>>,
    /// Where instants come from.
    pub clock: SharedClock,
    /// Where random numbers come from.
    pub random: SharedRandom,
    /// Certificates (PEM) trusted beside the system's when connecting to PostgreSQL.
    pub extra_ca_file: Option<PathBuf>,
}

/// A database. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Database(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) shared: Arc<Shared>,
    pub(super) pool: Arc<Pool>,
    pub(super) engine: Engine,
}

pub(super) enum Engine {
    Sqlite { writer: Writer, path: PathBuf },
    Postgres { listener: AbortHandle },
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Engine::Postgres { listener } = &self.engine {
            listener.abort();
        }
    }
}

impl Database {
    /// Opens the database. On PostgreSQL it is reached at once, so a wrong address shows here.
    ///
    /// # Errors
    /// `Unavailable` when the file or server cannot be reached, `Other` when the settings make no sense.
    pub async fn open(settings: Settings) -> Result<Self, Error> {
        Self::open_with(settings, Limits::default()).await
    }

    pub(super) async fn open_with(settings: Settings, limits: Limits) -> Result<Self, Error> {
        let Settings { url, readers, extra, clock, random, extra_ca_file } = settings;
        let (sender, _) = broadcast::channel(notices::BACKLOG);
        let ids = Ids::new(random.number());
        let name = company::name(random.number());
        let shared = Arc::new(Shared { clock, random, extra, ids, sender });
        let (source, engine) = if let Some(path) = sqlite::path_of(&url) {
            let (at, for_writer) = (path.clone(), shared.clone());
            let start = move || {
                sqlite::prepare(&at)?;
                Writer::start(at, for_writer, limits)
            };
            let writer = spawn_blocking(start).await.or_else(postgres_write::ended)??;
            (Source::Sqlite(path.clone()), Engine::Sqlite { writer, path })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let connector = Arc::new(Connector::new(&url, &name, extra_ca_file.as_deref())?);
            let (ready, first) = oneshot::channel();
            #[expect(
                clippy::disallowed_methods,
                reason = "lives as long as the database and is aborted with it"
            )]
            let task = tokio::spawn(notices::listen(connector.clone(), shared.sender.clone(), ready));
            let engine = Engine::Postgres { listener: task.abort_handle() };
            first.await.unwrap_or_else(|_| Err(Error::Unavailable("the program is ending".into())))?;
            (Source::Postgres(connector), engine)
        } else {
            return Err(Error::Other("the database URL must begin with sqlite:// or postgres://".into()));
        };
        Ok(Self(Arc::new(Inner { shared, pool: Pool::new(source, readers, limits), engine })))
    }

    /// Runs `f` on a connection that only reads; all its statements see one state of the database.
    ///
    /// # Errors
    /// What `f` fails with, or `Unavailable`.
    ///
    /// # Panics
    /// When `f` panics.
    pub async fn read<T, E: Failure>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
    {
        let slot = self.0.pool.slot().await?;
        let inner = self.0.clone();
        let task = spawn_blocking(move || {
            let result = inner.pool.read(inner.shared.clock.now(), inner.shared.extra.clone(), f);
            drop(slot);
            result
        });
        match task.await {
            Ok(result) => result,
            Err(error) => postgres_write::ended(error).map_err(E::from),
        }
    }

    /// As [`Database::read`], for what is bounded whatever anybody asks: a page of a list, a single thing. On SQLite on this very thread: going to
    /// another one and back takes as long as finding a page in the file's cache.
    ///
    /// # Errors
    /// As [`Database::read`].
    ///
    /// # Panics
    /// When `f` panics.
    pub async fn read_page<T, E: Failure>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
    {
        if !matches!(self.0.engine, Engine::Sqlite { .. }) {
            return self.read(f).await;
        }
        let slot = self.0.pool.slot().await?;
        let result = self.0.pool.read(self.0.shared.clock.now(), self.0.shared.extra.clone(), f);
        drop(slot);
        result
    }

    /// Asks one question that a look at an index answers, such as who comes with a token: `f` runs one statement at most, without a transaction around
    /// it. On SQLite on this very thread: going to another one and back would take longer than the answer.
    ///
    /// # Errors
    /// What `f` fails with, or `Unavailable`.
    ///
    /// # Panics
    /// When `f` panics.
    pub async fn glance<T, E: Failure>(
        &self,
        f: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
    {
        let slot = self.0.pool.slot().await?;
        let now = self.0.shared.clock.now();
        if matches!(self.0.engine, Engine::Sqlite { .. }) {
            let result = self.0.pool.glance(now, self.0.shared.extra.as_ref(), f);
            drop(slot);
            return result;
        }
        let inner = self.0.clone();
        let task = spawn_blocking(move || {
            let result = inner.pool.glance(now, inner.shared.extra.as_ref(), f);
            drop(slot);
            result
        });
        match task.await {
            Ok(result) => result,
            Err(error) => postgres_write::ended(error).map_err(E::from),
        }
    }

    /// Runs `f` in a transaction that behaves as if no other ran beside it, and answers when its effect is on the disk.
    ///
    /// On PostgreSQL `f` may run several times; only the last run counts. It must not wait for anything outside the database. When the
    /// caller is dropped while it waits, the transaction may still be committed.
    ///
    /// # Errors
    /// What `f` fails with (nothing is kept), or `Unavailable`.
    ///
    /// # Panics
    /// When `f` panics (nothing is kept).
    pub async fn write<T, E: Failure>(
        &self,
        f: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
    {
        self.write_as(Begin::Serializable, f).await
    }

    /// As [`Database::write`], for taking rows from a queue: READ COMMITTED on PostgreSQL, so that `FOR UPDATE SKIP LOCKED` works as
    /// meant. Nothing else may be decided in it.
    ///
    /// # Errors
    /// As [`Database::write`].
    ///
    /// # Panics
    /// When `f` panics (nothing is kept).
    pub async fn claim<T, E: Failure>(
        &self,
        f: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
    {
        self.write_as(Begin::ReadCommitted, f).await
    }

    async fn write_as<T, E: Failure>(
        &self,
        begin: Begin,
        f: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite { writer, .. } => writer.write(f).await,
            Engine::Postgres { .. } => postgres_write::write(&self.0.pool, &self.0.shared, begin, f).await,
        }
    }

    /// As [`Database::read`], with the number of SQL statements that `f` ran.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub async fn counted_read<T, E: Failure>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<(T, usize), E>
    where
        T: Send + 'static,
    {
        self.read(move |conn| {
            let before = conn.statements();
            f(conn).map(|value| (value, conn.statements() - before))
        })
        .await
    }

    /// As [`Database::write`], with the number of SQL statements that the last run of `f` ran.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn counted_write<T, E: Failure>(
        &self,
        f: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<(T, usize), E>
    where
        T: Send + 'static,
    {
        self.write(move |tx| {
            let before = tx.statements();
            f(tx).map(|value| (value, tx.statements() - before))
        })
        .await
    }

    /// Hears what is committed from now on, by this process and (on PostgreSQL) by all others.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.0.shared.sender.subscribe()
    }

    /// True on PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.0.engine, Engine::Postgres { .. })
    }

    /// Where instants come from.
    #[must_use]
    pub fn clock(&self) -> &SharedClock {
        &self.0.shared.clock
    }

    /// Lets running transactions finish, gives the node number back and closes all connections. Whatever comes later is `Unavailable`.
    pub async fn close(&self) {
        let quiet = match &self.0.engine {
            Engine::Sqlite { writer, .. } => {
                writer.stop().await;
                self.0.pool.quiet().await
            }
            Engine::Postgres { listener } => {
                listener.abort();
                let quiet = self.0.pool.quiet().await;
                let inner = self.0.clone();
                let released =
                    spawn_blocking(move || postgres_write::release(&inner.pool, &inner.shared)).await;
                if let Ok(Err(error)) = released {
                    tracing::debug!(%error, "the node number was not given back; its lease will end by itself");
                }
                quiet
            }
        };
        if quiet.is_none() {
            tracing::warn!("transactions were still running when the database was closed");
        }
        self.0.pool.close();
    }
}
