//! Keywords made ready for finding, kept for the people who read most lately, so that a page does not begin with making them ready. Bounded:
//! when there are too many, all are forgotten. Which keywords somebody has is read from the database each time (`filters`); what is kept
//! here is only ever used for exactly these.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use parvis_model::ids::AccountId;
use parvis_text::keywords::{Keyword, Matcher};

/// People whose keywords are kept.
const VIEWERS_MAX: usize = 1_000;
/// Keywords that are kept, of all people together.
const KEYWORDS_MAX: usize = 20_000;

#[derive(Debug, Default)]
struct Kept {
    by_viewer: HashMap<AccountId, (usize, Arc<Matcher>)>,
    keywords: usize,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Matchers(Mutex<Kept>);

impl Matchers {
    /// These keywords of a viewer, made ready.
    pub fn ready(&self, viewer: AccountId, keywords: Vec<Keyword>) -> Arc<Matcher> {
        let known = self.lock(|kept| kept.by_viewer.get(&viewer).map(|(_, matcher)| Arc::clone(matcher)));
        if let Some(matcher) = known.filter(|m| m.is_of(&keywords)) {
            return matcher;
        }
        let count = keywords.len();
        let made = Arc::new(Matcher::new(keywords));
        self.lock(|kept| {
            if let Some((before, _)) = kept.by_viewer.remove(&viewer) {
                kept.keywords = kept.keywords.saturating_sub(before);
            }
            if kept.by_viewer.len() >= VIEWERS_MAX || kept.keywords.saturating_add(count) > KEYWORDS_MAX {
                *kept = Kept::default();
            }
            kept.keywords = kept.keywords.saturating_add(count);
            kept.by_viewer.insert(viewer, (count, Arc::clone(&made)));
        });
        made
    }

    fn lock<T>(&self, f: impl FnOnce(&mut Kept) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use parvis_text::keywords::Searchable;

    use super::*;

    fn keywords(text: &str, count: usize) -> Vec<Keyword> {
        (0..count).map(|n| Keyword { text: format!("{text}{n}"), is_whole_word: false, group: 0 }).collect()
    }

    #[test]
    fn keywords_are_made_ready_once_and_anew_when_they_change() {
        let matchers = Matchers::default();
        let first = matchers.ready(AccountId(1), keywords("a", 2));
        assert!(Arc::ptr_eq(&first, &matchers.ready(AccountId(1), keywords("a", 2))));
        let other = matchers.ready(AccountId(1), keywords("b", 2));
        assert!(!Arc::ptr_eq(&first, &other));
        assert_eq!(other.find(&Searchable::of("x b1")).len(), 1);
    }

    #[test]
    fn what_is_kept_has_an_end() {
        let matchers = Matchers::default();
        for viewer in 0..3_000 {
            matchers.ready(AccountId(viewer), keywords("a", 50));
            matchers
                .lock(|kept| assert!(kept.keywords <= KEYWORDS_MAX && kept.by_viewer.len() <= VIEWERS_MAX));
        }
    }
}
