//! What is the same for everybody of posts and accounts and seldom changes, kept in memory so that a page of posts asks the database only for the rest.
//! Each thing is kept under its revision, which the database raises with every change of it (docs/adr/0008): the page asks for the revisions first, and
//! what is kept under another one is not found. So nothing must be told to forget, on no node.
//!
//! **Nothing here may depend on who looks** (but for what is kept of one reader, under their number: [`Dealings`]), and nothing that a transaction might
//! take back is put here (`Conn::is_writing`). Bounded by `cache.size_mb`. Filled and asked by `views::parts` and `views::dealings`.

mod dealings;
mod digests;
mod weight;

pub use dealings::{Dealings, Those};
pub use digests::Digests;

use std::any::Any;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::{HashMap as IdMap, HashMapExt as _};
use parvis_model::account::{ActorKind, ProfileField, Role};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::QuotePolicy;
use parvis_model::time::Moment;
use parvis_store::accounts::Account;
use parvis_store::follows::ProfileCounts;
use parvis_store::heads::{AuthorHead, Head};
use parvis_store::media::Media;
use parvis_store::profiles::Profile;
use parvis_store::status_parts::{Mention, Tag};
use parvis_store::statuses::Status;
use parvis_text::keywords::Searchable;

/// A client program as a post shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub name: String,
    pub website: Option<String>,
}

/// Of a post.
#[derive(Debug)]
pub struct PostParts {
    pub status: Arc<Status>,
    pub media: Arc<[Media]>,
    pub mentions: Arc<[Mention]>,
    pub tags: Arc<[Tag]>,
    /// The program it was written with, whether everybody may know it or not.
    pub application: Option<Application>,
    pub quote_policy: QuotePolicy,
    /// What hangs on it but changes by itself, and is loaded anew: a link's preview, a poll, a quote.
    pub has_card: bool,
    pub has_poll: bool,
    pub has_quote: bool,
    /// Whether its text may hold custom emojis.
    pub has_shortcodes: bool,
    /// Its text as filters look at it, made when the first reader with a filter comes.
    pub searchable: OnceLock<Searchable>,
    /// What a door made of it last.
    pub rendered: Rendered<()>,
}

/// Of an account.
#[derive(Debug)]
pub struct AccountParts {
    pub account: Arc<Account>,
    pub kind: ActorKind,
    pub fields: Arc<[ProfileField]>,
    pub role: Role,
    pub chosen: Arc<Profile>,
    /// It says that it moved; whether the new account can be shown is another question.
    pub has_moved: bool,
    /// Whether its texts may hold custom emojis.
    pub has_shortcodes: bool,
    /// What a door made of it last.
    pub rendered: Rendered<Figures>,
}

/// The figures of an account, which change without its revision.
pub type Figures = (ProfileCounts, Option<Moment>);

/// What a door made of something, and of which figures `F` that change without its revision; anew when they changed. The same for everybody, as all
/// here.
pub struct Rendered<F>(Mutex<Made<F>>);

type Made<F> = Option<(F, Arc<dyn Any + Send + Sync>)>;

impl<F> Default for Rendered<F> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<F: Copy + Eq> Rendered<F> {
    /// What was made before, or what `make` makes. Of one type only: another one makes it anew.
    pub fn of<T: Any + Send + Sync>(&self, figures: F, make: impl FnOnce() -> T) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.as_ref().filter(|(of, _)| *of == figures).map(|(_, made)| Arc::clone(made));
        if let Some(made) = known.and_then(|made| made.downcast::<T>().ok()) {
            return made;
        }
        let made = Arc::new(make());
        let shared: Arc<dyn Any + Send + Sync> = made.clone();
        *kept = Some((figures, shared));
        made
    }
}

impl<F> std::fmt::Debug for Rendered<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rendered")
    }
}

/// See the module.
#[derive(Debug)]
pub struct Kept {
    posts: Mutex<Generations<StatusId, (i64, Moment), PostParts>>,
    accounts: Mutex<Generations<AccountId, i64, AccountParts>>,
    dealings: Mutex<Generations<AccountId, i64, Dealings>>,
}

impl Kept {
    /// At most about so many bytes, five eighths of them for posts, a quarter for accounts.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self {
            posts: Mutex::new(Generations::new(bytes / 8 * 5)),
            accounts: Mutex::new(Generations::new(bytes / 4)),
            dealings: Mutex::new(Generations::new(bytes / 8)),
        }
    }

    /// Keeps nothing of what it has: for measuring what a first reading costs.
    #[cfg(any(test, feature = "testing"))]
    pub fn clear(&self) {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.dealings.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What is kept of these posts.
    pub fn posts(&self, heads: &[Head]) -> IdMap<StatusId, Arc<PostParts>> {
        let mut kept = self.posts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = IdMap::new();
        for head in heads {
            let Some(parts) = kept.get(head.id, (head.revision, head.created_at)) else { continue };
            // The id and the instant of a deleted post may come again with somebody else's, since they follow from what its server says.
            if parts.status.account_id == head.author.id && parts.status.boost_of_id == head.boost_of {
                found.insert(head.id, parts);
            }
        }
        found
    }

    /// What is kept of these accounts.
    pub fn accounts(&self, heads: &[AuthorHead]) -> IdMap<AccountId, Arc<AccountParts>> {
        let mut kept = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        heads.iter().filter_map(|h| Some((h.id, kept.get(h.id, h.revision)?))).collect()
    }

    /// What is kept of a reader.
    pub fn dealings(&self, reader: AccountId, ties: i64) -> Option<Arc<Dealings>> {
        self.dealings.lock().unwrap_or_else(PoisonError::into_inner).get(reader, ties)
    }

    /// Keeps what a reader has to do with others.
    pub fn keep_dealings(&self, reader: AccountId, ties: i64, dealings: &Arc<Dealings>) {
        let mut kept = self.dealings.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(reader, ties, Arc::clone(dealings), dealings.weight());
    }

    /// Keeps a post.
    pub fn keep_post(&self, head: &Head, parts: &Arc<PostParts>) {
        let mut kept = self.posts.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(head.id, (head.revision, head.created_at), Arc::clone(parts), weight::post(parts));
    }

    /// Keeps an account.
    pub fn keep_account(&self, head: &AuthorHead, parts: &Arc<AccountParts>) {
        let mut kept = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(head.id, head.revision, Arc::clone(parts), weight::account(parts));
    }
}

/// Two maps: new things come into the young one; when it is full it becomes the old one, and what was in the old one and not asked for since is gone.
#[derive(Debug)]
struct Generations<I, R, V> {
    young: IdMap<I, (R, Arc<V>, usize)>,
    old: IdMap<I, (R, Arc<V>, usize)>,
    bytes: usize,
    most: usize,
}

impl<I: Copy + Eq + std::hash::Hash, R: Copy + Eq, V> Generations<I, R, V> {
    fn new(bytes: usize) -> Self {
        Self { young: IdMap::new(), old: IdMap::new(), bytes: 0, most: bytes / 2 }
    }

    #[cfg(any(test, feature = "testing"))]
    fn clear(&mut self) {
        *self = Self::new(self.most.saturating_mul(2));
    }

    fn get(&mut self, id: I, revision: R) -> Option<Arc<V>> {
        if let Some((known, value, _)) = self.young.get(&id) {
            return (*known == revision).then(|| Arc::clone(value));
        }
        let (known, value, bytes) = self.old.remove(&id)?;
        if known != revision {
            return None;
        }
        self.put(id, revision, Arc::clone(&value), bytes);
        Some(value)
    }

    fn put(&mut self, id: I, revision: R, value: Arc<V>, bytes: usize) {
        if self.bytes.saturating_add(bytes) > self.most {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if bytes > self.most {
            return;
        }
        if let Some((_, _, before)) = self.young.insert(id, (revision, value, bytes)) {
            self.bytes = self.bytes.saturating_sub(before);
        }
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_revision_is_not_found_and_takes_the_place() {
        let mut kept = Generations::new(1_000);
        kept.put(1, 5, Arc::new("old"), 10);
        assert_eq!(kept.get(1, 5).as_deref(), Some(&"old"));
        assert!(kept.get(1, 6).is_none() && kept.get(1, 4).is_none());
        kept.put(1, 6, Arc::new("new"), 10);
        assert!(kept.get(1, 5).is_none());
        assert_eq!((kept.get(1, 6).as_deref(), kept.bytes), (Some(&"new"), 10));
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes_when_it_is_full() {
        let mut kept = Generations::new(200);
        for id in 0..1_000 {
            kept.put(id, 0, Arc::new(()), 10);
            assert!(kept.get(0, 0).is_some(), "asked for each time");
            assert!(kept.young.len() + kept.old.len() <= 20 && kept.bytes <= 100);
        }
        assert!(kept.get(500, 0).is_none());
        kept.put(5_000, 0, Arc::new(()), 101);
        assert!(kept.get(5_000, 0).is_none(), "too large for it");
    }
}
