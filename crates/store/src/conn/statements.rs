//! Counts SQL statements per connection, so that tests can say how many a use case may cost (no query in a loop).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection, Instrumentation, InstrumentationEvent};

use super::db::Db;

/// How many statements a connection ran, without BEGIN, COMMIT and savepoints.
#[derive(Debug, Clone, Default)]
pub(super) struct Statements(Arc<AtomicUsize>);

impl Statements {
    /// Starts counting on `db`.
    pub(super) fn watch(db: &mut Db) -> Self {
        let counter = Self::default();
        db.set_instrumentation(counter.clone());
        counter
    }

    /// The count so far.
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
            // Each of these is followed by the statement itself, which is not one of the closure's.
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}
