//! Turns at things that one does for all: while somebody fetches a file, the others wait for that one. In this process only; two nodes may fetch the
//! same file once each. Also: how many fetch at a time, what could not be fetched lately, and how many files of one person come in at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use parvis_model::ids::{AccountId, MediaId};
use parvis_model::time::{HOUR, Moment};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Recordings of other servers that are fetched at a time.
const PLACES: usize = 2;
/// Files of one person that come in at a time.
const UPLOADS: usize = 2;
/// Files of one person that wait until those are here: programs send all pictures of a post at once.
const UPLOADS_WAITING: usize = 6;
/// Failures that are remembered at most.
const FAILURES: usize = 10_000;

/// See the module.
#[derive(Debug)]
pub struct Turns {
    turns: Mutex<HashMap<MediaId, Weak<tokio::sync::Mutex<()>>>>,
    places: Semaphore,
    failures: Mutex<HashMap<MediaId, Moment>>,
    uploads: Mutex<HashMap<AccountId, Weak<Semaphore>>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            turns: Mutex::default(),
            places: Semaphore::new(PLACES),
            failures: Mutex::default(),
            uploads: Mutex::default(),
        }
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

    /// A place for a file that somebody sends, once one is free; `None` when many of theirs wait already.
    pub async fn upload(&self, who: AccountId) -> Option<OwnedSemaphorePermit> {
        let queue = {
            let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
            uploads.retain(|_, queue| queue.strong_count() > 0);
            let queue = uploads.get(&who).and_then(Weak::upgrade);
            let queue = queue.unwrap_or_else(|| Arc::new(Semaphore::new(UPLOADS)));
            uploads.insert(who, Arc::downgrade(&queue));
            // Everybody who waits or has a place holds the queue; we do too.
            if Arc::strong_count(&queue) > UPLOADS + UPLOADS_WAITING {
                return None;
            }
            queue
        };
        queue.acquire_owned().await.ok()
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

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[tokio::test]
    async fn a8_two_files_of_somebody_come_at_a_time_and_six_wait() {
        let turns = Turns::default();
        let (ana, ben) = (AccountId(1), AccountId(2));
        let first = turns.upload(ana).await.unwrap();
        let _second = turns.upload(ana).await.unwrap();
        let mut waiting: Vec<_> = (0..6).map(|_| Box::pin(turns.upload(ana))).collect();
        let mut context = Context::from_waker(Waker::noop());
        for one in &mut waiting {
            assert!(one.as_mut().poll(&mut context).is_pending());
        }
        assert!(turns.upload(ana).await.is_none());
        assert!(turns.upload(ben).await.is_some(), "others have places of their own");
        drop(first);
        assert!(matches!(waiting[0].as_mut().poll(&mut context), Poll::Ready(Some(_))));
        waiting.clear();
        let mut again = pin!(turns.upload(ana));
        assert!(
            matches!(again.as_mut().poll(&mut context), Poll::Ready(Some(_))),
            "whoever went away waits no more"
        );
        assert_eq!(turns.uploads.lock().unwrap().len(), 1, "who sends nothing is forgotten");
    }
}
