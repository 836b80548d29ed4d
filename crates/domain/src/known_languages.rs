//! The languages that the translation service knows, as it said last: clients ask for them often, so they are kept in memory for an hour. Owned by
//! [`crate::Town`]; asked for by [`crate::translations`].

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use parvis_model::time::{HOUR, Moment};

/// How long the list is believed.
const FRESH: i64 = HOUR;

/// From which language into which others.
pub type Pairs = BTreeMap<String, Vec<String>>;

/// See the module.
#[derive(Debug, Default)]
pub struct KnownLanguages(RwLock<Option<(Moment, Arc<Pairs>)>>);

impl KnownLanguages {
    /// What was said lately; `None` when the service must be asked again.
    #[must_use]
    pub fn ask(&self, now: Moment) -> Option<Arc<Pairs>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (at, pairs) = known.as_ref()?;
        (0..FRESH).contains(&now.since(*at)).then(|| Arc::clone(pairs))
    }

    /// Keeps what was said.
    pub fn keep(&self, now: Moment, pairs: Pairs) -> Arc<Pairs> {
        let pairs = Arc::new(pairs);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&pairs)));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_an_hour_ago_is_asked_again() {
        let known = KnownLanguages::default();
        let now = Moment(1_000_000);
        assert_eq!(known.ask(now), None);
        let pairs = known.keep(now, Pairs::from([("fr".to_owned(), vec!["en".to_owned()])]));
        assert_eq!(known.ask(now.plus(HOUR - 1)), Some(pairs));
        assert_eq!(known.ask(now.plus(HOUR)), None);
    }
}
