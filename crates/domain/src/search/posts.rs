//! Finding posts by their words, for people signed in: as in Mastodon, what concerns oneself (one wrote it, is mentioned, or did something with it)
//! and what people who agreed to be found wrote for everybody. The index knows who may find what (`index`); what is shown of it is decided by
//! `views`, like on any public timeline.

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::timelines::Range;
use parvis_store::{Conn, status_words as rows};

use super::Query;
use super::index::{OPEN, author_mark, reader_mark};
use super::query::{Asked, Author, Place};
use crate::accounts::find;
use crate::error::Result;
use crate::views::{self, StatusView};

/// Posts of one page.
const PAGE_MAX: i64 = 40;
/// Posts that can be leafed through by number; further on by `max_id`.
const LEAFED_MAX: i64 = 1_000;

/// The newest first. A page may be shorter than asked for when something on it is not for this viewer.
pub(super) fn find(
    c: &mut Conn,
    viewer: AccountId,
    our_domain: &str,
    text: &str,
    query: &Query,
) -> Result<Vec<StatusView>> {
    let Some(mut asked) = Asked::read(text, our_domain) else { return Ok(Vec::new()) };
    if query.offset >= LEAFED_MAX {
        return Ok(Vec::new());
    }
    for (author, is_not) in std::mem::take(&mut asked.authors) {
        let id = match author {
            Author::Me => Some(viewer),
            Author::At(Some(address)) => find::by_address(c, &address)?.map(|a| a.id),
            Author::At(None) => None,
        };
        match (id, is_not) {
            (Some(id), false) => asked.wanted.marks.push(vec![author_mark(id)]),
            (Some(id), true) => asked.wanted.no_marks.push(author_mark(id)),
            // Nobody wrote anything.
            (None, false) => return Ok(Vec::new()),
            (None, true) => {}
        }
    }
    if let Some(id) = query.author {
        asked.wanted.marks.push(vec![author_mark(id)]);
    }
    let (open, own) = (OPEN.to_owned(), reader_mark(viewer));
    asked.wanted.marks.push(match asked.place {
        Place::Everywhere => vec![open, own],
        Place::Library => vec![own],
        Place::Public => vec![open],
    });
    let range = Range {
        max: asked.below.into_iter().chain(query.max).min(),
        since: asked.above.into_iter().chain(query.min).max(),
        min: None,
        limit: query.limit.clamp(1, PAGE_MAX),
    };
    let ids: Vec<StatusId> = rows::find(c, &asked.wanted, range, query.offset.max(0))?;
    let mut found = views::of_statuses(c, Some(viewer), &ids, views::Place::Public)?;
    found.retain(|post| may_find(post, viewer));
    Ok(found)
}

/// The index is some seconds behind: what somebody does not agree to any more counts at once.
fn may_find(post: &StatusView, viewer: AccountId) -> bool {
    let flags = post.flags.unwrap_or_default();
    let did_something = flags.favourited || flags.reblogged || flags.bookmarked;
    post.author.chosen.is_indexable
        || post.status.account_id == viewer
        || did_something
        || post.poll.as_ref().is_some_and(|poll| poll.has_voted)
        || post.mentions.iter().any(|mention| mention.account_id == viewer)
}
