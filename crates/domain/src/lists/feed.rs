//! Timelines of lists, written as posts come, like the home timeline: reading one costs the same however many are in the list. Which posts a
//! list shows stands in one place, `store::lists::FITTING`.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, ListId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, jobs, lists as rows, statuses};

use super::one;
use crate::error::Result;
use crate::news;
use crate::timelines;
use crate::views::{Place, StatusView};

/// The job that writes a post into lists; its payload is the post's id and the list after which to go on: `[status, after]`.
pub const FAN_OUT: &str = "lists.fan_out";
/// The job that writes a list's timeline anew, member by member: `[list, after]`.
pub const FILL: &str = "lists.fill";
/// What subscribers hear when a post was written into lists; the id is the post's.
pub const WRITTEN: &str = "list";
/// Lists written in one transaction.
const BATCH: i64 = 900;
/// Members whose posts are written in one transaction.
const MEMBERS: i64 = 50;

/// Puts events on the way to the lists. A listener of `server::wire`, after the home timeline's.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::StatusPublished { id, author } => {
            let is_for_lists = rows::is_in_any(tx, *author)?
                && news::status(tx, *id)?.is_some_and(|s| s.visibility != Visibility::Direct.code());
            if is_for_lists {
                let now = tx.now();
                jobs::enqueue(tx, FAN_OUT, &format!("[{id},0]"), Some(&format!("{FAN_OUT}/{id}/0")), now)?;
                tx.notify("jobs", 0);
            }
            Ok(())
        }
        // Who was asked may be in a list before the answer.
        Event::FollowAccepted { follower, followee, .. } => Ok(rows::fill_all(tx, *follower, *followee)?),
        Event::Unfollowed { follower, followee, .. } | Event::FollowRejected { follower, followee, .. } => {
            if rows::forget_member(tx, *follower, *followee)? > 0 {
                rows::remove_author(tx, *follower, *followee)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// One batch of the fan-out of a post; returns where to go on, or `None` when all lists have it.
///
/// # Errors
/// Internal.
pub fn fan_out(tx: &mut Tx<'_>, id: StatusId, after: ListId) -> Result<Option<ListId>> {
    let Some(status) = statuses::by_id(tx, id)? else { return Ok(None) };
    let batch = rows::with_member(tx, status.account_id, after, BATCH)?;
    let (Some(first), Some(last)) = (batch.first().copied(), batch.last().copied()) else { return Ok(None) };
    if rows::add_entry(tx, id, status.account_id, first, last)? > 0 {
        tx.notify(WRITTEN, id.0);
    }
    let is_full = i64::try_from(batch.len()).unwrap_or(0) == BATCH;
    Ok(is_full.then_some(last))
}

/// Leaves it to the job to write a list's timeline anew.
pub(super) fn write_anew(tx: &mut Tx<'_>, list: ListId) -> Result<()> {
    rows::clear(tx, list)?;
    let now = tx.now();
    jobs::enqueue(tx, FILL, &format!("[{list},0]"), Some(&format!("{FILL}/{list}")), now)?;
    tx.notify("jobs", 0);
    Ok(())
}

/// One batch of filling a list; returns the member row after which to go on, or `None` when it is full.
///
/// # Errors
/// Internal.
pub fn fill(tx: &mut Tx<'_>, list: ListId, after: i64) -> Result<Option<i64>> {
    let page = rows::members(tx, list, Range { min: Some(after), ..Range::newest(MEMBERS) })?;
    // One statement each, so that each is a range of an index; [`MEMBERS`] at most.
    for (_, member) in &page {
        rows::fill(tx, list, *member)?;
    }
    let is_full = i64::try_from(page.len()).unwrap_or(0) == MEMBERS;
    // The newest first, whichever way it was read.
    Ok(page.first().map(|(id, _)| *id).filter(|_| is_full))
}

/// Leaves it to the job to fill a home timeline anew.
pub(super) fn rebuild_home(tx: &mut Tx<'_>, owner: AccountId) -> Result<()> {
    let now = tx.now();
    let key = format!("{}/{owner}", timelines::REBUILD);
    jobs::enqueue(tx, timelines::REBUILD, &format!("[{owner}]"), Some(&key), now)?;
    tx.notify("jobs", 0);
    Ok(())
}

/// The timeline of a list.
///
/// # Errors
/// [`crate::Error::NotFound`] for a foreign list.
pub fn timeline(c: &mut Conn, owner: AccountId, id: ListId, range: Range) -> Result<Vec<StatusView>> {
    one(c, owner, id)?;
    timelines::filled(c, Some(owner), Place::Timeline, range, |c, range| Ok(rows::entries(c, id, range)?))
}

/// In which of these lists a post stands, with their owners: for the streams, which hear [`WRITTEN`].
///
/// # Errors
/// Internal.
pub fn who_has(c: &mut Conn, post: StatusId, some: &[ListId]) -> Result<Vec<(ListId, AccountId)>> {
    Ok(rows::with_entry(c, post, some)?)
}
