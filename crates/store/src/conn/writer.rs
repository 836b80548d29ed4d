//! SQLite's one writer: a thread that takes waiting closures from a bounded queue, runs each in a savepoint and commits them together, so
//! that one fsync pays for many.
//!
//! A closure that refuses takes back only its own savepoint. Anything that leaves the transaction in doubt ends the group: nothing is
//! kept, nobody is told, all callers get `Unavailable`, and the connection is replaced.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::Instant;

use super::limits::{Limits, patiently};
use super::notices::Notice;
use super::sqlite::{self, Purpose};
use super::transaction::{self, Begin};
use super::tx::{Conn, Shared, Tx};
use super::work::{Closure, Ran, Work};
use crate::error::{Error, Failure};

/// How often an idle writer looks whether another process wrote.
const LOOK_EVERY: Duration = Duration::from_millis(250);

type Alone = Box<dyn FnOnce(&mut Conn) + Send>;

enum Order {
    /// Join the next group. The permit holds the place in the queue.
    Write(Box<dyn Work>, OwnedSemaphorePermit),
    /// Run outside any transaction (migrations).
    Alone(Alone, OwnedSemaphorePermit),
    /// Nothing comes after this.
    Stop(oneshot::Sender<()>),
}

/// The way to the writer thread. The thread ends when this is dropped or stopped.
pub(super) struct Writer {
    queue: SyncSender<Order>,
    places: Arc<Semaphore>,
    limits: Limits,
}

impl Writer {
    /// Opens the file and starts the thread.
    pub(super) fn start(path: PathBuf, shared: Arc<Shared>, limits: Limits) -> Result<Self, Error> {
        let mut conn = sqlite::open(&path, Purpose::Writing)?;
        let seen = sqlite::data_version(&mut conn)?;
        let (queue, orders) = sync_channel(limits.queue.saturating_add(1));
        let mut thread = Thread { path, shared, limits, conn: Some(conn), seen: Some(seen) };
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || thread.run(&orders))
            .map_err(|e| Error::Unavailable(format!("cannot start the writer: {e}")))?;
        Ok(Self { queue, places: Arc::new(Semaphore::new(limits.queue)), limits })
    }

    /// Runs `f` in a group and answers after its commit.
    pub(super) async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (work, answer) = Closure::new(f);
        let place = self.place().await?;
        self.send(Order::Write(work, place))?;
        match answer.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(gone().into()),
        }
    }

    /// Runs `f` on the writer's connection, outside any group.
    pub(super) async fn alone<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (sender, answer) = oneshot::channel();
        let place = self.place().await?;
        self.send(Order::Alone(
            Box::new(move |conn| {
                let _ = sender.send(f(conn));
            }),
            place,
        ))?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Lets what is queued finish, refuses the rest and waits for the end.
    pub(super) async fn stop(&self) {
        self.places.close();
        let (sender, stopped) = oneshot::channel();
        if self.send(Order::Stop(sender)).is_ok() {
            let _ = stopped.await;
        }
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, Error> {
        patiently(self.limits, self.places.clone().acquire_owned(), "the queue of writes was full").await
    }

    fn send(&self, order: Order) -> Result<(), Error> {
        // Never full: there are as many places as permits, and one for `Stop`.
        self.queue.try_send(order).map_err(|_| gone())
    }
}

fn gone() -> Error {
    Error::Unavailable("the database is closed".into())
}

/// What lives on the thread.
struct Thread {
    path: PathBuf,
    shared: Arc<Shared>,
    limits: Limits,
    conn: Option<Conn>,
    /// The file's version when it was last looked at.
    seen: Option<i64>,
}

impl Thread {
    fn run(&mut self, orders: &Receiver<Order>) {
        let mut waiting = VecDeque::new();
        loop {
            let order = match waiting.pop_front() {
                Some(order) => Ok(order),
                None => orders.recv_timeout(LOOK_EVERY),
            };
            match order {
                Ok(Order::Write(work, place)) => {
                    drop(place);
                    waiting.extend(self.group(work, orders));
                }
                Ok(Order::Alone(f, place)) => {
                    drop(place);
                    self.alone(f);
                }
                Ok(Order::Stop(stopped)) => {
                    self.end();
                    let _ = stopped.send(());
                    return;
                }
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return self.end(),
            }
        }
    }

    /// Runs a group that begins with `first`. Gives back the order that ended it, if one did.
    fn group(&mut self, first: Box<dyn Work>, orders: &Receiver<Order>) -> Option<Order> {
        let mut conn = match self.begin() {
            Ok(conn) => conn,
            Err(error) => {
                first.answer(Err(error));
                return None;
            }
        };
        let started = Instant::now();
        let (mut ran, mut notices) = (Vec::new(), Vec::new());
        let (mut next, mut after) = (Some(first), None);
        let mut whole = Ok(());
        while let Some(mut work) = next.take() {
            let one = run_one(&mut conn, work.as_mut(), &self.shared);
            ran.push(work);
            match one {
                Ok(told) => notices.extend(told),
                Err(error) => {
                    whole = Err(error);
                    break;
                }
            }
            if ran.len() >= self.limits.group || started.elapsed() >= self.limits.group_time {
                break;
            }
            match orders.try_recv() {
                Ok(Order::Write(work, place)) => {
                    drop(place);
                    next = Some(work);
                }
                Ok(other) => after = Some(other),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        }
        match whole.and_then(|()| commit(&mut conn)) {
            Ok(()) => {
                self.conn = Some(conn);
                // Told before answered, so that a caller who has its answer finds the notices sent.
                for notice in notices {
                    let _ = self.shared.sender.send(notice);
                }
                ran.into_iter().for_each(|work| work.answer(Ok(())));
            }
            Err(error) => {
                tracing::error!(%error, closures = ran.len(), "a group of writes was given up");
                drop(conn);
                self.shared.ids.forget();
                // Whatever went wrong in one closure, to all of them it means the same: nothing was kept, try again.
                let error = Error::Unavailable(format!("a group of writes was given up: {error}"));
                ran.into_iter().for_each(|work| work.answer(Err(error.clone())));
            }
        }
        after
    }

    /// A connection with an open transaction and a lease for ids.
    fn begin(&mut self) -> Result<Conn, Error> {
        let mut conn = self.take()?;
        transaction::begin(&mut conn.db, Begin::Serializable)?;
        self.compare(&mut conn)?;
        let now = self.shared.clock.now();
        if self.shared.ids.is_due(now) {
            self.shared.ids.lease(&mut conn, now)?;
        }
        Ok(conn)
    }

    /// The connection, opened again if the last one was dropped.
    fn take(&mut self) -> Result<Conn, Error> {
        match self.conn.take() {
            Some(conn) => Ok(conn),
            None => {
                self.seen = None;
                sqlite::open(&self.path, Purpose::Writing)
            }
        }
    }

    /// Tells everybody when another process wrote since the last look.
    fn compare(&mut self, conn: &mut Conn) -> Result<(), Error> {
        let version = sqlite::data_version(conn)?;
        // Versions of two connections cannot be compared, so a new connection always counts as a change.
        if self.seen.replace(version) != Some(version) {
            let _ = self.shared.sender.send(Notice::resync());
        }
        Ok(())
    }

    fn look(&mut self) {
        let looked = self.take().and_then(|mut conn| {
            self.compare(&mut conn)?;
            self.conn = Some(conn);
            Ok(())
        });
        if let Err(error) = looked {
            tracing::warn!(%error, "cannot look whether another process wrote");
        }
    }

    fn alone(&mut self, f: Alone) {
        match self.take() {
            Ok(mut conn) => {
                f(&mut conn);
                if transaction::depth(&mut conn.db) == Some(0) {
                    self.conn = Some(conn);
                }
            }
            // Dropping the closure answers the caller.
            Err(error) => tracing::warn!(%error, "cannot open the database"),
        }
    }

    fn end(&mut self) {
        let released = self.take().and_then(|mut conn| {
            transaction::begin(&mut conn.db, Begin::Serializable)?;
            self.shared.ids.release(&mut conn)?;
            commit(&mut conn)
        });
        if let Err(error) = released {
            tracing::debug!(%error, "the node number was not given back; its lease will end by itself");
        }
    }
}

/// Runs one closure in a savepoint. An error means that the transaction cannot be trusted any more.
fn run_one(conn: &mut Conn, work: &mut dyn Work, shared: &Shared) -> Result<Vec<Notice>, Error> {
    transaction::savepoint(&mut conn.db)?;
    let told = match work.run(conn, shared) {
        Ran::Kept(told) => {
            transaction::release(&mut conn.db)?;
            told
        }
        Ran::Refused => {
            transaction::rollback(&mut conn.db)?;
            Vec::new()
        }
        Ran::Panicked => {
            // A panic inside a nested transaction leaves its savepoints counted; without this the COMMIT below would only release one.
            while transaction::depth(&mut conn.db).is_some_and(|depth| depth > 1) {
                transaction::rollback(&mut conn.db)?;
            }
            Vec::new()
        }
    };
    match transaction::depth(&mut conn.db) {
        Some(1) => Ok(told),
        depth => Err(Error::Unavailable(format!("a closure left the transaction at depth {depth:?}"))),
    }
}

fn commit(conn: &mut Conn) -> Result<(), Error> {
    transaction::commit(&mut conn.db, &[])?;
    match transaction::depth(&mut conn.db) {
        Some(0) => Ok(()),
        depth => Err(Error::Unavailable(format!("a commit left the transaction at depth {depth:?}"))),
    }
}
