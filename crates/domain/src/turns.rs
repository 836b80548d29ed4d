//! Turns at things that one does for all: while somebody fetches a file, the others wait for that one. In this process only; two nodes may fetch the
//! same file once each. Also: how many fetch at a time, and what could not be fetched lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use parvis_model::ids::MediaId;
use parvis_model::time::{HOUR, Moment};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Recordings of other servers that are fetched at a time.
const PLACES: usize = 2;
/// Failures that are remembered at most.
const FAILURES: usize = 10_000;

/// See the module.
#[derive(Debug)]
pub struct Turns {
    turns: Mutex<HashMap<MediaId, Weak<tokio::sync::Mutex<()>>>>,
    places: Semaphore,
    failures: Mutex<HashMap<MediaId, Moment>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { turns: Mutex::default(), places: Semaphore::new(PLACES), failures: Mutex::default() }
    }
}

impl Turns {
    /// The turn at a file: whoever locks it has it.
    #[must_use]
    pub fn of(&self, id: MediaId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(&id).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        turns.insert(id, Arc::downgrade(&turn));
        turn
    }

    /// One of the few places for fetching a recording.
    pub async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }

    /// Whether a file could not be fetched within the last hour.
    #[must_use]
    pub fn has_failed(&self, id: MediaId, now: Moment) -> bool {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(&id).is_some_and(|at| now < at.plus(HOUR))
    }

    /// Remembers that it could not be fetched.
    pub fn remember_failure(&self, id: MediaId, now: Moment) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= FAILURES {
            failures.retain(|_, at| now < at.plus(HOUR));
        }
        if failures.len() < FAILURES {
            failures.insert(id, now);
        }
    }
}
