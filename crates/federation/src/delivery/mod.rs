//! Delivering what the town wrote into its outbox to everybody who is to get it (design.md §3, threats R1–R5, R12).
//!
//! One `dispatcher` numbers new rows, asks once which servers they go to and wakes those. A `worker` for each such server reads its batch,
//! sends row by row in order ([`crate::client::Client::post_signed`]), and moves the server's cursor after the batch or after a second:
//! whatever kills the process, nothing is lost and at most a batch is sent again. A server that fails is left alone for a while; all the
//! others go on.
//!
//! Neighbours: [`crate::outbox`] writes the rows; `domain::outbox` decides who gets what and how each server fares.

mod dispatcher;
mod memory;
mod proofs;
mod signers;
#[cfg(test)]
mod tests;
mod worker;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parvis_domain::Town;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::dispatcher::Reading;
use self::memory::Memory;
use self::proofs::Proofs;
use self::signers::Signers;
use crate::client::Client;

/// How much goes on at the same time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Deliveries to servers that answered last time.
    pub at_once: usize,
    /// Deliveries to servers that failed last time, so that they only wait for one another.
    pub at_once_failing: usize,
    /// A delivery that takes longer gives its place to another one while it goes on.
    pub slow_after: Duration,
    /// Activities of one server between two moves of its cursor.
    pub batch: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_once: 64, at_once_failing: 16, slow_after: Duration::from_secs(2), batch: 50 }
    }
}

/// The engine. Cheap to clone.
#[derive(Clone)]
pub struct Delivery(Arc<Inner>);

pub(super) struct Inner {
    town: Town,
    client: Client,
    limits: Limits,
    signers: Signers,
    proofs: Proofs,
    /// Places for servers that answered last time, and for those that failed.
    well: Arc<Semaphore>,
    ailing: Arc<Semaphore>,
    /// Servers that have something to get, with what their worker remembers.
    hosts: Mutex<HashMap<String, Host>>,
    reading: tokio::sync::Mutex<Reading>,
    /// Who we are among the nodes of a town.
    holder: i64,
    /// A worker ended.
    ended: Notify,
}

/// A server with something to get.
#[derive(Default)]
struct Host {
    is_running: bool,
    /// Something came for it while it ran.
    is_woken: bool,
    memory: Memory,
}

impl Delivery {
    /// An engine; nothing runs yet.
    #[must_use]
    pub fn new(town: Town, client: Client) -> Self {
        Self::with_limits(town, client, Limits::default())
    }

    /// An engine that does more or less at the same time.
    #[must_use]
    pub fn with_limits(town: Town, client: Client, limits: Limits) -> Self {
        let holder = i64::try_from(town.random().number() >> 1).unwrap_or_default();
        Self(Arc::new(Inner {
            signers: Signers::new(town.clone()),
            proofs: Proofs::new(town.clone()),
            well: Arc::new(Semaphore::new(limits.at_once)),
            ailing: Arc::new(Semaphore::new(limits.at_once_failing)),
            hosts: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            ended: Notify::new(),
            town,
            client,
            limits,
            holder,
        }))
    }

    /// Delivers until `cancel`, then finishes what is on the line. With several nodes on one database one delivers at a time.
    pub fn spawn(&self, tracker: &TaskTracker, cancel: CancellationToken) {
        let inner = Arc::clone(&self.0);
        tracker.spawn(async move { inner.serve(cancel).await });
    }

    /// Delivers everything that can be delivered now; returns how many activities were taken by a server. For tests and commands where nobody
    /// else delivers: it does not ask who leads.
    ///
    /// # Errors
    /// The database's.
    pub async fn deliver_due(&self) -> parvis_domain::Result<usize> {
        self.0.deliver_due().await
    }
}

impl Inner {
    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
