//! How much may wait, and for how long. In one place, so that tests can reach every limit without waiting for it.

use std::future::Future;
use std::time::Duration;

use tokio::sync::AcquireError;

use crate::error::Error;

/// The limits of one database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How many closures SQLite's writer commits together at most.
    pub(super) group: usize,
    /// After this long no further closure joins a group.
    pub(super) group_time: Duration,
    /// How many closures may wait for SQLite's writer.
    pub(super) queue: usize,
    /// How long a request may wait for a connection or a place in the queue before it is told to come back later.
    pub(super) patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            group: 64,
            group_time: Duration::from_millis(5),
            queue: 1024,
            patience: Duration::from_secs(10),
        }
    }
}

/// Waits for a place, but not for ever.
pub(super) async fn patiently<T>(
    limits: Limits,
    place: impl Future<Output = Result<T, AcquireError>>,
    full: &str,
) -> Result<T, Error> {
    match tokio::time::timeout(limits.patience, place).await {
        Ok(Ok(place)) => Ok(place),
        Ok(Err(_)) => Err(Error::Unavailable("the database is closed".into())),
        Err(_) => Err(Error::Unavailable(format!("{full} for {} seconds", limits.patience.as_secs()))),
    }
}
