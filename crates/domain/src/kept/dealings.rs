//! What one reader has to do with posts and authors that they looked at lately.

use foldhash::HashMap as IdMap;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;
use parvis_store::crowds::Did;
use parvis_store::heads::{AuthorHead, Head};
use parvis_store::pages::{Bond, Reader};

/// Posts and authors that are kept of one reader; more, and only those of the last page are.
const MOST: usize = 300;
/// About what one of them takes.
const EACH_BYTES: usize = 96;

/// Posts and authors.
#[derive(Debug)]
pub struct Those<'a> {
    pub posts: Vec<&'a Head>,
    pub authors: Vec<&'a AuthorHead>,
}

/// Kept under the reader's number (`account_heads.ties`), and each entry under that of the post or author, since a conversation can become part of
/// another and an account may come from another server.
#[derive(Clone, Debug, Default)]
pub struct Dealings {
    posts: IdMap<StatusId, ((i64, Moment), Did)>,
    authors: IdMap<AccountId, (i64, Bond)>,
    has_filters: bool,
}

impl Dealings {
    /// What the reader did with a post.
    pub fn post(&self, head: &Head) -> Option<&Did> {
        let (of, did) = self.posts.get(&head.id)?;
        (*of == (head.revision, head.created_at)).then_some(did)
    }

    /// What ties the reader to an author.
    pub fn author(&self, head: &AuthorHead) -> Option<Bond> {
        let (of, bond) = self.authors.get(&head.id)?;
        (*of == head.revision).then_some(*bond)
    }

    /// With what was read of some of the page besides. Where that is too much together, of the page alone.
    #[must_use]
    pub fn with(&self, page: &Those<'_>, new: &Those<'_>, read: &Reader) -> Self {
        let mut all = self.clone();
        all.has_filters = read.has_filters;
        if self.posts.len() + self.authors.len() + new.posts.len() + new.authors.len() > MOST {
            all.posts.retain(|id, _| page.posts.iter().any(|head| head.id == *id));
            all.authors.retain(|id, _| page.authors.iter().any(|head| head.id == *id));
        }
        all.posts.extend(new.posts.iter().map(|head| {
            let did = read.did.get(&head.id).cloned().unwrap_or_default();
            (head.id, ((head.revision, head.created_at), did))
        }));
        all.authors.extend(new.authors.iter().map(|head| {
            let bond = read.authors.get(&head.id).copied().unwrap_or_default();
            (head.id, (head.revision, bond))
        }));
        all
    }

    /// Whether it is worth keeping: not what somebody had to do with thousands of answers.
    pub fn is_small(&self) -> bool {
        self.posts.len() + self.authors.len() <= MOST
    }

    /// What the reader has to do with a page, all of which is kept; as it is read.
    pub fn reader(&self, page: &Those<'_>) -> Reader {
        let (no_deed, no_bond) = (Did::default(), Bond::default());
        let did = |head: &&Head| Some((head.id, self.post(head).filter(|did| **did != no_deed)?.clone()));
        let bond = |head: &&AuthorHead| Some((head.id, self.author(head).filter(|bond| *bond != no_bond)?));
        Reader {
            did: page.posts.iter().filter_map(did).collect(),
            authors: page.authors.iter().filter_map(bond).collect(),
            has_filters: self.has_filters,
            is_passing: false,
        }
    }

    /// About how much memory it takes, in bytes.
    pub fn weight(&self) -> usize {
        let votes: usize = self.posts.values().map(|(_, did)| did.votes.as_ref().map_or(0, Vec::len)).sum();
        EACH_BYTES * (2 + self.posts.len() + self.authors.len()) + 2 * votes
    }
}
