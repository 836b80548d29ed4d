//! What one reader has to do with a page: from memory, and of what is not kept there, from the database. Whether the reader follows, blocks, mutes,
//! favourited or voted changes seldom compared with how often they read; every such change raises a number of theirs (`account_heads.ties`,
//! docs/adr/0011), under which it is kept.

use std::sync::Arc;

use foldhash::HashMap as IdMap;
use parvis_model::ids::{AccountId, StatusId};
use parvis_store::Conn;
use parvis_store::heads::{AuthorHead, Head};
use parvis_store::pages::{self, Reader};

use crate::error::Result;
use crate::events::context_of;
use crate::kept::Those;

/// A reader and a page.
pub(super) struct Asked<'a> {
    pub viewer: AccountId,
    /// `None`: nothing can be kept.
    pub ties: Option<i64>,
    pub posts: &'a IdMap<StatusId, Head>,
    /// Whether a post has a poll.
    pub polled: &'a dyn Fn(StatusId) -> bool,
}

/// What the reader has to do with the posts and their authors. One statement at most.
pub(super) fn of(c: &mut Conn, asked: &Asked<'_>) -> Result<Reader> {
    let context = context_of(c)?;
    let ties = asked.ties.filter(|_| !c.is_writing());
    let known = ties.and_then(|ties| context.kept.dealings(asked.viewer, ties)).unwrap_or_default();
    let mut authors: Vec<&AuthorHead> = asked.posts.values().map(|head| &head.author).collect();
    authors.sort_unstable_by_key(|head| head.id);
    authors.dedup_by_key(|head| head.id);
    let page = Those { posts: asked.posts.values().collect(), authors };
    let new = Those {
        posts: page.posts.iter().copied().filter(|head| known.post(head).is_none()).collect(),
        authors: page.authors.iter().copied().filter(|head| known.author(head).is_none()).collect(),
    };
    if new.posts.is_empty() && new.authors.is_empty() {
        return Ok(known.reader(&page));
    }
    let posts: Vec<StatusId> = new.posts.iter().map(|head| head.id).collect();
    let polled: Vec<StatusId> = posts.iter().copied().filter(|id| (asked.polled)(*id)).collect();
    let ids: Vec<AccountId> = new.authors.iter().map(|head| head.id).collect();
    let mut read = pages::readers(c, &[asked.viewer], &posts, &ids, &polled)?;
    let read = read.remove(&asked.viewer).unwrap_or_default();
    let known = Arc::new(known.with(&page, &new, &read));
    if let Some(ties) = ties.filter(|_| !read.is_passing && known.is_small()) {
        context.kept.keep_dealings(asked.viewer, ties, &known);
    }
    Ok(known.reader(&page))
}
