//! Runs due jobs: claims them by lease, a few at a time, settles each in its own transaction, and gives back what it could not finish.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use parvis_model::ids::JobId;
use parvis_model::time::{MINUTE, Moment};
use parvis_store::jobs::{self as rows, Job as Row};
use parvis_store::{Database, Error, RESYNC, Tx};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Problem;
use crate::registry::{LONGEST, Registry};

/// Jobs that run at the same time.
const AT_ONCE: usize = 8;
/// How long nobody else gets a job; longer than any run may take.
const LEASE: i64 = 15 * MINUTE;
/// How often the queue is looked at although nobody told.
const LOOK: Duration = Duration::from_secs(5);
/// How long an orderly stop waits for running jobs (threats R17).
const GRACE: Duration = Duration::from_secs(20);

/// The engine. Cheap to clone.
pub struct Runner<C>(Arc<Inner<C>>);

impl<C> Clone for Runner<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Inner<C> {
    db: Database,
    context: C,
    registry: Registry<C>,
    /// The period for which each periodic job was put into the queue last.
    planned: Mutex<HashMap<&'static str, i64>>,
    grace: Duration,
}

impl<C: Clone + Send + Sync + 'static> Runner<C> {
    /// An engine for these jobs; nothing runs yet.
    #[must_use]
    pub fn new(db: Database, context: C, registry: Registry<C>) -> Self {
        Self(Arc::new(Inner { db, context, registry, planned: Mutex::default(), grace: GRACE }))
    }

    /// A runner that does not wait for running jobs when it stops.
    #[cfg(test)]
    pub(crate) fn impatient(db: Database, context: C, registry: Registry<C>) -> Self {
        let grace = Duration::ZERO;
        Self(Arc::new(Inner { db, context, registry, planned: Mutex::default(), grace }))
    }

    /// Runs jobs until `cancel`, then finishes or gives back what runs.
    pub fn spawn(&self, tracker: &TaskTracker, cancel: CancellationToken) {
        let inner = Arc::clone(&self.0);
        tracker.spawn(async move { inner.serve(cancel).await });
    }

    /// Runs everything that is due now, and what that makes due, to the end; returns how many runs it took. For tests and for commands beside
    /// no serving town. Failed jobs wait for their next try, which is later.
    ///
    /// # Errors
    /// The database's.
    pub async fn run_due(&self) -> Result<usize, Error> {
        let mut runs = 0;
        loop {
            self.0.plan().await?;
            let claimed = self.0.claim(AT_ONCE).await?;
            if claimed.is_empty() {
                return Ok(runs);
            }
            runs += claimed.len();
            let mut running = JoinSet::new();
            for row in claimed {
                running.spawn(Arc::clone(&self.0).execute(row));
            }
            while running.join_next().await.is_some() {}
        }
    }
}

impl<C: Clone + Send + Sync + 'static> Inner<C> {
    async fn serve(self: Arc<Self>, cancel: CancellationToken) {
        let mut notices = self.db.subscribe();
        let mut running: JoinSet<()> = JoinSet::new();
        let mut ids: HashMap<Id, JobId> = HashMap::new();
        while !cancel.is_cancelled() {
            let free = AT_ONCE.saturating_sub(running.len());
            let wait = match self.start(free, &mut running, &mut ids).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(%error, "cannot look at the queue of jobs, trying again");
                    LOOK
                }
            };
            tokio::select! {
                () = cancel.cancelled() => break,
                () = told(&mut notices), if free > 0 => {}
                Some(done) = running.join_next_with_id() => {
                    ids.remove(&done.map_or_else(|e| e.id(), |(id, ())| id));
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.stop(running, ids).await;
    }

    /// Starts due jobs in the free places; returns how long there is nothing to do.
    async fn start(
        self: &Arc<Self>,
        free: usize,
        running: &mut JoinSet<()>,
        ids: &mut HashMap<Id, JobId>,
    ) -> Result<Duration, Error> {
        self.plan().await?;
        if free == 0 {
            return Ok(LOOK);
        }
        let claimed = self.claim(free).await?;
        let is_full = claimed.len() == free;
        for row in claimed {
            let id = row.id;
            ids.insert(running.spawn(Arc::clone(self).execute(row)).id(), id);
        }
        // With no place left the next thing to happen is that a job ends.
        if is_full {
            return Ok(LOOK);
        }
        let due = self.db.glance(rows::next_due).await?;
        let millis = due.map_or(i64::MAX, |at| at.since(self.db.clock().now()));
        Ok(u64::try_from(millis.max(0)).map_or(LOOK, Duration::from_millis).min(LOOK))
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Row>, Error> {
        let limit = i64::try_from(limit).unwrap_or(1);
        let claim = move |tx: &mut Tx<'_>| {
            let until = tx.now().plus(LEASE);
            rows::claim(tx, limit, until)
        };
        self.db.claim(claim).await
    }

    /// Puts each periodic job into the queue for its next period. Its row exists until it has run, so no node does it twice.
    async fn plan(&self) -> Result<(), Error> {
        let now = self.db.clock().now();
        for periodic in &self.registry.periodic {
            let next = now.0.div_euclid(periodic.period) + 1;
            let is_planned = self.planned().get(periodic.kind) == Some(&next);
            if is_planned {
                continue;
            }
            let (kind, payload) = (periodic.kind, periodic.payload.clone());
            let key = format!("{kind}@{next}");
            let at = Moment(next.saturating_mul(periodic.period));
            self.db.write(move |tx: &mut Tx<'_>| rows::enqueue(tx, kind, &payload, Some(&key), at)).await?;
            self.planned().insert(kind, next);
        }
        Ok(())
    }

    fn planned(&self) -> std::sync::MutexGuard<'_, HashMap<&'static str, i64>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs one job and writes down how it went. When that cannot be written the lease runs out, and it runs again.
    async fn execute(self: Arc<Self>, row: Row) {
        let (id, kind) = (row.id, row.kind.clone());
        let settled = match self.attempt(&row).await {
            Ok(None) => self.db.claim(move |tx: &mut Tx<'_>| rows::finish(tx, id)).await,
            Ok(Some((payload, at))) => {
                let go_on = move |tx: &mut Tx<'_>| {
                    let now = tx.now();
                    rows::go_on(tx, id, &payload, at.unwrap_or(now))
                };
                self.db.claim(go_on).await
            }
            Err(problem) => self.put_back(&row, problem).await,
        };
        if let Err(error) = settled {
            tracing::error!(%id, kind, %error, "how a job went could not be written down; it will run again");
        }
    }

    async fn put_back(&self, row: &Row, problem: Problem) -> Result<(), Error> {
        let (id, failures) = (row.id, row.attempts.saturating_add(1));
        let handler = self.registry.handlers.get(row.kind.as_str());
        let is_parked = problem.is_final || handler.is_none_or(|h| failures >= h.attempts());
        let pause = handler.map_or(0, |h| h.pause(failures));
        if is_parked {
            tracing::error!(%id, kind = row.kind, failures, problem = problem.text, "a job is parked");
        } else {
            tracing::warn!(%id, kind = row.kind, failures, problem = problem.text, "a job failed, trying again");
        }
        let text = problem.text;
        let put_back = move |tx: &mut Tx<'_>| {
            let next = tx.now().plus(pause);
            rows::put_back(tx, id, next, &text, is_parked)
        };
        self.db.claim(put_back).await
    }

    /// One run, in a task of its own so that a panic or a run without end is only this job's.
    async fn attempt(&self, row: &Row) -> Result<Option<(String, Option<Moment>)>, Problem> {
        let Some(handler) = self.registry.handlers.get(row.kind.as_str()).map(Arc::clone) else {
            return Err(Problem::hopeless("nobody here knows this kind of job"));
        };
        if row.attempts >= handler.attempts() {
            return Err(Problem::hopeless("whoever ran it died, every time"));
        }
        let limit = handler.limit().min(LONGEST);
        let (context, payload) = (self.context.clone(), row.payload.clone());
        let mut task = JoinSet::new();
        task.spawn(async move { handler.run(&payload, &context).await });
        match tokio::time::timeout(limit, task.join_next()).await {
            Ok(Some(Ok(result))) => result,
            Ok(Some(Err(error))) => Err(Problem::new(words_of(error))),
            Ok(None) => Err(Problem::new("it was not run")),
            Err(_) => Err(Problem::new(format!("it took longer than {} s", limit.as_secs()))),
        }
    }

    async fn stop(&self, mut running: JoinSet<()>, mut ids: HashMap<Id, JobId>) {
        let finish = async {
            while let Some(done) = running.join_next_with_id().await {
                ids.remove(&done.map_or_else(|e| e.id(), |(id, ())| id));
            }
        };
        if tokio::time::timeout(self.grace, finish).await.is_ok() {
            return;
        }
        running.shutdown().await;
        let left: Vec<JobId> = ids.into_values().collect();
        tracing::warn!(jobs = left.len(), "jobs were still running at the stop; they run again later");
        if let Err(error) = self.db.claim(move |tx: &mut Tx<'_>| rows::release(tx, &left)).await {
            tracing::warn!(%error, "the jobs could not be given back; their leases run out by themselves");
        }
    }
}

/// Returns when there may be something to do.
async fn told(notices: &mut Receiver<parvis_store::Notice>) {
    loop {
        match notices.recv().await {
            Ok(notice) if notice.topic == "jobs" || notice.topic == RESYNC => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The database is gone; the timer goes on.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn words_of(error: tokio::task::JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "it was stopped".to_owned() };
    let words = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("it panicked: {}", words.unwrap_or_default())
}
