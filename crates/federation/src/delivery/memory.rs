//! What is remembered of a server while it has something to get. Lost with the process, and everything that is decided here is safe without it.

use std::collections::{HashMap, HashSet};

use parvis_domain::outbox::ToDeliver;

/// Objects that are held back at most; beyond, they are begun and ended as if nothing were known.
const MOST_WITHHELD: usize = 1_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The highest number that was put on the line: whatever the answer, the server may have it.
    attempted: i64,
    /// The row that is being delivered, and the inboxes that have it.
    current: i64,
    done: HashSet<String>,
    /// Objects that were never sent because they are over already, and whether they would have gone to named inboxes.
    withheld: HashMap<String, bool>,
}

impl Memory {
    /// Whether a row need not be sent: its object ends later, or is what was not sent (threats R12).
    ///
    /// `floor` is the highest number that somebody before this process may have put on the line. An end is held back only when it is certain
    /// that the server never saw the beginning.
    pub(super) fn withholds(&mut self, row: &ToDeliver, floor: i64) -> bool {
        let Some(object) = &row.object_uri else { return false };
        if row.is_outdated {
            let is_unknown = row.is_begin && row.seq > floor && row.seq > self.attempted;
            if is_unknown && self.withheld.len() < MOST_WITHHELD {
                self.withheld.insert(object.clone(), row.is_explicit);
            }
            return true;
        }
        if !row.is_end {
            return false;
        }
        // Inboxes named for the end alone are of those who boosted or answered: they know the object from elsewhere.
        self.withheld.remove(object).is_some_and(|was_explicit| was_explicit || !row.is_explicit)
    }

    /// The row is put on the line.
    pub(super) fn attempts(&mut self, seq: i64) {
        if self.current != seq {
            self.current = seq;
            self.done.clear();
        }
        self.attempted = self.attempted.max(seq);
    }

    /// Whether an inbox has the present row.
    pub(super) fn has(&self, inbox: &str) -> bool {
        self.done.contains(inbox)
    }

    /// An inbox has the present row, or never will.
    pub(super) fn settle(&mut self, inbox: &str) {
        self.done.insert(inbox.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use parvis_model::ids::{AccountId, OutboxId};

    use super::*;

    fn row(seq: i64, kind: &str, is_outdated: bool) -> ToDeliver {
        ToDeliver {
            created_at: parvis_model::time::Moment(0),
            seq,
            id: OutboxId(seq),
            uri: format!("https://town.example/{seq}"),
            actor: AccountId(1),
            object_uri: Some("https://town.example/note".into()),
            body: "{}".into(),
            inboxes: Vec::new(),
            is_begin: kind == "Create",
            is_end: kind == "Delete",
            is_outdated,
            is_explicit: false,
        }
    }

    fn fate(memory: &mut Memory, floor: i64) -> [bool; 3] {
        [row(5, "Create", true), row(6, "Update", true), row(7, "Delete", false)]
            .map(|row| memory.withholds(&row, floor))
    }

    #[test]
    fn r12_what_was_never_sent_is_neither_begun_nor_ended() {
        assert_eq!(fate(&mut Memory::default(), 4), [true, true, true]);
    }

    #[test]
    fn r12_what_may_have_been_sent_is_ended() {
        assert_eq!(fate(&mut Memory::default(), 5), [true, true, false], "by a process that died");
        let mut tried = Memory::default();
        tried.attempts(5);
        assert_eq!(fate(&mut tried, 0), [true, true, false], "without an answer");
        let mut memory = Memory::default();
        assert!(memory.withholds(&row(6, "Update", true), 0));
        assert!(!memory.withholds(&row(7, "Delete", false), 0), "only its change was held back");
    }

    #[test]
    fn r12_whoever_knows_it_from_elsewhere_hears_the_end() {
        let mut memory = Memory::default();
        assert!(memory.withholds(&row(5, "Create", true), 0));
        assert!(!memory.withholds(&ToDeliver { is_explicit: true, ..row(7, "Delete", false) }, 0));
    }

    #[test]
    fn r4_what_is_held_back_is_bounded() {
        let mut memory = Memory::default();
        for n in 0..2_000 {
            let object_uri = Some(format!("https://town.example/{n}"));
            assert!(memory.withholds(&ToDeliver { object_uri, ..row(5, "Create", true) }, 0));
        }
        assert_eq!(memory.withheld.len(), MOST_WITHHELD);
    }
}
