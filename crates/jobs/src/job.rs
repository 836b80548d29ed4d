//! What a job is.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use parvis_model::time::{HOUR, Moment, SECOND};
use parvis_store::{Error, Tx, jobs as rows};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something that is done later and tried again when it fails. `C` is what it reaches, such as a town.
#[async_trait]
pub trait Job<C>: Send + Sync + 'static {
    /// Its name in the queue, such as `home.fan_out`. Never changed once released: rows carry it.
    const KIND: &'static str;
    /// Failures after which it is parked for the operator.
    const ATTEMPTS: i32 = 5;
    /// How long one run may take, at most ten minutes. What takes longer goes on with [`Next::Again`].
    const LIMIT: Duration = Duration::from_secs(120);

    /// What a row says, as JSON. A row that cannot be read is parked.
    type Payload: Serialize + DeserializeOwned + Send + Sync;

    /// Does it. May run again after it succeeded, when the process dies before that is written.
    ///
    /// # Errors
    /// Whatever went wrong; it is tried again.
    async fn run(payload: Self::Payload, context: &C) -> Result<Next<Self::Payload>, Problem>;

    /// Milliseconds to wait after so many failures (1 and up): 10 s, 40 s, 160 s … 6 h.
    #[must_use]
    fn pause(failures: i32) -> i64 {
        let quadruplings = u32::try_from(failures.clamp(1, 20) - 1).unwrap_or(0);
        (10 * SECOND).saturating_mul(4_i64.saturating_pow(quadruplings)).min(6 * HOUR)
    }
}

/// What comes after a run that went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<P> {
    /// Nothing: the row is removed.
    Done,
    /// It goes on with this, at once. What was done so far is not done again.
    Again(P),
    /// It goes on with this, not before.
    At(P, Moment),
}

/// Why a run failed. Any error becomes one with `?`.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// For the operator.
    pub(crate) text: String,
    pub(crate) is_final: bool,
}

impl Problem {
    /// A failure that may go away.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_final: false }
    }

    /// A failure that trying again does not mend: the job is parked.
    #[must_use]
    pub fn hopeless(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_final: true }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<E: std::error::Error> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// Puts a job into the queue and wakes the runners after the commit. With a unique key, one that waits or is parked stays the only one; `false`
/// then.
///
/// # Errors
/// The database's, or a payload that cannot be written.
pub fn enqueue<C, J: Job<C>>(
    tx: &mut Tx<'_>,
    payload: &J::Payload,
    unique_key: Option<&str>,
    run_at: Moment,
) -> Result<bool, Error> {
    let payload = serde_json::to_string(payload).map_err(|e| Error::Other(e.to_string()))?;
    let is_new = rows::enqueue(tx, J::KIND, &payload, unique_key, run_at)?;
    tx.notify("jobs", 0);
    Ok(is_new)
}
