//! Turns at things that one does for all: while somebody fetches a file, the others wait for that one. In this process only; two nodes may fetch the
//! same file once each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use parvis_model::ids::MediaId;

/// See the module.
#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<MediaId, Weak<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// The turn at a file: whoever locks it has it.
    #[must_use]
    pub fn of(&self, id: MediaId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(&id).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        turns.insert(id, Arc::downgrade(&turn));
        turn
    }
}
