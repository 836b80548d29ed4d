//! The post that an event is about, read once for all who hear of it: a dozen listeners ask for the same row, and to a database elsewhere each question is
//! a way there and back.
//!
//! It is remembered from when it was written ([`written`]) or first read until the event is over, on the connection, and only while nobody changes it:
//! listeners write other rows. Outside of an event everything is read from the database.

use std::sync::Arc;

use parvis_model::ids::StatusId;
use parvis_store::status_parts::{self, Mention, Tag};
use parvis_store::statuses::{self, Status};
use parvis_store::{Conn, Tx};

use crate::error::Result;
use crate::kept::PostParts;

#[derive(Default)]
struct News {
    /// Events that are being told, one within the other.
    depth: u32,
    post: Option<Post>,
}

struct Post {
    id: StatusId,
    status: Option<Arc<Status>>,
    mentions: Option<Arc<[Mention]>>,
    tags: Option<Arc<[Tag]>>,
    /// All of it, when it was written in this very transaction.
    parts: Option<Arc<PostParts>>,
    /// Written just now, and in no group.
    stands_alone: bool,
}

impl Post {
    const fn new(id: StatusId) -> Self {
        Self { id, status: None, mentions: None, tags: None, parts: None, stands_alone: false }
    }
}

/// What this transaction remembers.
fn news(c: &mut Conn) -> Option<&mut News> {
    c.memo().as_mut()?.downcast_mut::<News>()
}

/// The remembered post, if it is this one.
fn post(c: &mut Conn, id: StatusId) -> Option<&mut Post> {
    news(c)?.post.as_mut().filter(|post| post.id == id)
}

/// Remembers something of a post as long as an event is told.
fn remember(c: &mut Conn, id: StatusId, what: impl FnOnce(&mut Post)) {
    let Some(news) = news(c).filter(|news| news.depth > 0) else { return };
    let post = match &mut news.post {
        Some(post) if post.id == id => post,
        other => other.insert(Post::new(id)),
    };
    what(post);
}

/// Remembers a whole post for the event that is recorded next, and whether it stands in a group. It must be what stands in the database.
pub fn written(tx: &mut Tx<'_>, parts: &Arc<PostParts>, is_in_group: bool) {
    let whole = Post {
        id: parts.status.id,
        status: Some(Arc::clone(&parts.status)),
        mentions: Some(Arc::clone(&parts.mentions)),
        tags: Some(Arc::clone(&parts.tags)),
        parts: Some(Arc::clone(parts)),
        stands_alone: !is_in_group,
    };
    match news(tx) {
        Some(news) if news.depth > 0 => {}
        Some(news) => news.post = Some(whole),
        None => *tx.memo() = Some(Box::new(News { depth: 0, post: Some(whole) })),
    }
}

/// An event begins. One within another may be told by somebody who changed the post.
pub(crate) fn begin(tx: &mut Tx<'_>) {
    match news(tx) {
        Some(news) => {
            if news.depth > 0 {
                news.post = None;
            }
            news.depth = news.depth.saturating_add(1);
        }
        None => *tx.memo() = Some(Box::new(News { depth: 1, post: None })),
    }
}

/// It is over.
pub(crate) fn end(tx: &mut Tx<'_>) {
    if let Some(news) = news(tx) {
        news.depth = news.depth.saturating_sub(1);
        news.post = None;
    }
}

/// A post by id.
///
/// # Errors
/// Internal.
pub fn status(c: &mut Conn, id: StatusId) -> Result<Option<Arc<Status>>> {
    if let Some(known) = post(c, id).and_then(|post| post.status.clone()) {
        return Ok(Some(known));
    }
    let read = statuses::by_id(c, id)?.map(Arc::new);
    if let Some(read) = &read {
        remember(c, id, |post| post.status = Some(Arc::clone(read)));
    }
    Ok(read)
}

/// Whom a post mentions, in a stable order.
///
/// # Errors
/// Internal.
pub fn mentions(c: &mut Conn, id: StatusId) -> Result<Arc<[Mention]>> {
    if let Some(known) = post(c, id).and_then(|post| post.mentions.clone()) {
        return Ok(known);
    }
    let read: Arc<[Mention]> = status_parts::mentions_of(c, &[id])?.into();
    remember(c, id, |post| post.mentions = Some(Arc::clone(&read)));
    Ok(read)
}

/// The hashtags of a post, in a stable order.
///
/// # Errors
/// Internal.
pub fn tags(c: &mut Conn, id: StatusId) -> Result<Arc<[Tag]>> {
    if let Some(known) = post(c, id).and_then(|post| post.tags.clone()) {
        return Ok(known);
    }
    let read: Arc<[Tag]> = status_parts::tags_of(c, &[id])?.into_iter().map(|(_, tag)| tag).collect();
    remember(c, id, |post| post.tags = Some(Arc::clone(&read)));
    Ok(read)
}

/// Whether a post is known to stand in no group, because it was written just now.
pub fn stands_alone(c: &mut Conn, id: StatusId) -> bool {
    post(c, id).is_some_and(|post| post.stands_alone)
}

/// The whole post, if it was written just now: nothing hangs on it yet that did not come with it.
pub fn just_written(c: &mut Conn, id: StatusId) -> Option<Arc<PostParts>> {
    post(c, id)?.parts.clone()
}
