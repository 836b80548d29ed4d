//! Works through the inbox's queue: claims rows by lease, one actor's in their order, several actors' at once; each has its effect and is done in one
//! transaction ([`crate::activities`]). What fails for now is put back, what fails for good is done or parked, and holds up nobody.

#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use activitypub_federation::traits::Activity as _;
use futures_util::{FutureExt as _, StreamExt as _};
use parvis_domain::inbound;
use parvis_domain::rows::Inbound;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::activities::Incoming;
use crate::fetch::{Federation, Problem};

/// Rows claimed at once.
const BATCH: i64 = 32;
/// Rows of different actors that are worked on at once.
const ABREAST: usize = 8;
/// How often the queue is looked at when nobody says that something came, and after trouble.
const POLL: Duration = Duration::from_secs(5);
/// Tries of what another server keeps us from doing. After that it is left out: it must not hold up its actor for hours.
const REMOTE_TRIES: i32 = 3;

/// The worker; a clone works on the same queue.
#[derive(Debug, Clone)]
pub struct Inbox {
    fetcher: Federation,
}

impl Inbox {
    /// A worker that does nothing by itself, for tests and for [`Inbox::spawn`].
    #[must_use]
    pub const fn new(fetcher: Federation) -> Self {
        Self { fetcher }
    }

    /// Works until `stop`; `tracker` lets the server wait for what is in hand (threats R17).
    pub fn spawn(fetcher: Federation, tracker: &TaskTracker, stop: CancellationToken) {
        tracker.spawn(Self::new(fetcher).run(stop));
    }

    /// Works until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut heard = self.fetcher.town().db().subscribe();
        while !stop.is_cancelled() {
            match self.some().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(%error, "the inbox's queue could not be read"),
            }
            let woken = async {
                loop {
                    match heard.recv().await {
                        Ok(notice) if notice.topic == "inbound" || notice.topic == "resync" => return,
                        Ok(_) => {}
                        Err(RecvError::Lagged(_)) => return,
                        Err(RecvError::Closed) => std::future::pending().await,
                    }
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = woken => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Works through everything that is due now; returns how many rows that were.
    ///
    /// # Errors
    /// Internal.
    pub async fn process_due(&self) -> parvis_domain::Result<usize> {
        let mut all = 0;
        loop {
            match self.some().await? {
                0 => return Ok(all),
                some => all += some,
            }
        }
    }

    /// One batch.
    async fn some(&self) -> parvis_domain::Result<usize> {
        let rows = self.fetcher.town().db().claim(|tx| inbound::claim(tx, BATCH)).await?;
        let count = rows.len();
        futures_util::stream::iter(rows).for_each_concurrent(ABREAST, |row| self.one(row)).await;
        Ok(count)
    }

    async fn one(&self, row: Inbound) {
        let kept = row.clone();
        // A panic is a mistake of ours: this row comes again and is parked in the end; the others go on (threats J6).
        let outcome = AssertUnwindSafe(self.work(row)).catch_unwind().await;
        let settled = match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(problem)) => self.settle(&kept, &problem).await,
            Err(_) => self.put_back(&kept, "a panic").await,
        };
        if let Err(error) = settled {
            // The lease runs out, and the row comes again.
            tracing::warn!(%error, activity = %kept.activity_uri, "what became of an activity was not noted");
        }
    }

    async fn work(&self, row: Inbound) -> Result<(), Problem> {
        let incoming = Incoming::read(row, self.fetcher.town())?;
        let data = self.fetcher.data();
        incoming.verify(&data).await?;
        incoming.receive(&data).await
    }

    async fn settle(&self, row: &Inbound, problem: &Problem) -> parvis_domain::Result<()> {
        let is_ours = matches!(problem, Problem::Domain(parvis_domain::Error::Internal(_)));
        if is_ours || (problem.is_passing() && row.attempts + 1 < REMOTE_TRIES) {
            tracing::info!(activity = %row.activity_uri, %problem, "not now");
            return self.put_back(row, &problem.to_string()).await;
        }
        tracing::debug!(activity = %row.activity_uri, %problem, "dropped");
        let id = row.id;
        self.fetcher.town().db().write(move |tx| inbound::finish(tx, id)).await
    }

    async fn put_back(&self, row: &Inbound, problem: &str) -> parvis_domain::Result<()> {
        let (row, problem) = (row.clone(), problem.to_owned());
        let uri = row.activity_uri.clone();
        let is_parked =
            self.fetcher.town().db().write(move |tx| inbound::put_back(tx, &row, &problem)).await?;
        if is_parked {
            tracing::warn!(activity = %uri, "parked: it failed too often");
        }
        Ok(())
    }
}
