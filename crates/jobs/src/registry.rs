//! The list of jobs that a runner knows, and which of them come back by themselves.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parvis_model::time::Moment;

use crate::{Job, Next, Problem};

/// The longest that one run may take; the lease is longer.
pub(crate) const LONGEST: Duration = Duration::from_secs(600);

/// A job whose type is forgotten.
#[async_trait]
pub(crate) trait Handler<C>: Send + Sync {
    fn attempts(&self) -> i32;
    fn limit(&self) -> Duration;
    fn pause(&self, failures: i32) -> i64;
    /// Returns the payload and instant with which it goes on.
    async fn run(&self, payload: &str, context: &C) -> Result<Option<(String, Option<Moment>)>, Problem>;
}

struct Typed<J>(PhantomData<fn() -> J>);

#[async_trait]
impl<C: Send + Sync + 'static, J: Job<C>> Handler<C> for Typed<J> {
    fn attempts(&self) -> i32 {
        J::ATTEMPTS
    }

    fn limit(&self) -> Duration {
        J::LIMIT.min(LONGEST)
    }

    fn pause(&self, failures: i32) -> i64 {
        J::pause(failures)
    }

    async fn run(&self, payload: &str, context: &C) -> Result<Option<(String, Option<Moment>)>, Problem> {
        let read = serde_json::from_str(payload)
            .map_err(|e| Problem::hopeless(format!("the payload cannot be read: {e}")))?;
        let write = |p: &J::Payload| serde_json::to_string(p).map_err(Problem::from);
        Ok(match J::run(read, context).await? {
            Next::Done => None,
            Next::Again(payload) => Some((write(&payload)?, None)),
            Next::At(payload, at) => Some((write(&payload)?, Some(at))),
        })
    }
}

/// A job that comes back by itself.
#[derive(Debug)]
pub(crate) struct Periodic {
    pub(crate) kind: &'static str,
    pub(crate) payload: String,
    /// Milliseconds.
    pub(crate) period: i64,
}

/// See the module.
pub struct Registry<C> {
    pub(crate) handlers: HashMap<&'static str, Arc<dyn Handler<C>>>,
    pub(crate) periodic: Vec<Periodic>,
}

impl<C> Default for Registry<C> {
    fn default() -> Self {
        Self { handlers: HashMap::new(), periodic: Vec::new() }
    }
}

impl<C: Send + Sync + 'static> Registry<C> {
    /// Adds a job.
    #[must_use]
    pub fn with<J: Job<C>>(mut self) -> Self {
        self.handlers.insert(J::KIND, Arc::new(Typed::<J>(PhantomData)));
        self
    }

    /// Adds a job that runs at every full `period` (milliseconds since the epoch), once on all nodes together. A period that was missed because
    /// nothing ran is made up for once.
    #[must_use]
    pub fn every<J: Job<C>>(self, period: i64, payload: &J::Payload) -> Self {
        let mut all = self.with::<J>();
        // A payload that cannot be written cannot be read either, and is parked at its first run.
        let payload = serde_json::to_string(payload).unwrap_or_default();
        all.periodic.push(Periodic { kind: J::KIND, payload, period: period.max(1) });
        all
    }

    /// The kinds it knows, in alphabetical order.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = self.handlers.keys().copied().collect();
        all.sort_unstable();
        all
    }
}
