//! Polls of posts: opening one with a post ([`open`]), voting ([`mod@vote`]), showing ([`mod@view`]), and what happens later ([`later`]): telling others the
//! numbers, and the end. Opinions only: ballots are another topic.
//!
//! Neighbours: `statuses` publishes and edits the post around it, `remote::polls` keeps those of other servers, `notifications` tells the end.

pub mod later;
#[cfg(test)]
mod tests;
pub mod view;
pub mod vote;

use parvis_model::ids::{PollId, StatusId};
use parvis_model::poll::{checked_end, checked_options};
use parvis_model::time::Moment;
use parvis_store::polls::{self as rows, Poll, PollOption};
use parvis_store::{Conn, Tx};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::events::context_of;

pub use view::{PollView, of_statuses, shown};
pub use vote::vote;

/// A poll that somebody wants to have on a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollDraft {
    pub options: Vec<String>,
    /// Seconds from the publication on. On an edit, nothing leaves the end as it is.
    pub seconds: Option<i64>,
    pub is_multiple: bool,
    pub hides_totals: bool,
}

/// A poll that may be opened.
#[derive(Clone, Debug)]
pub struct Checked {
    options: Vec<String>,
    is_multiple: bool,
    hides_totals: bool,
    expires_at: Option<Moment>,
}

/// Whether a poll is one that may be opened here; `expires_at` is that of the poll which it changes.
///
/// # Errors
/// [`parvis_model::refusal::Refusal::PollOptions`], [`parvis_model::refusal::Refusal::PollDuration`].
pub fn check(tx: &Tx<'_>, draft: &PollDraft, expires_at: Option<Moment>) -> Result<Checked> {
    let options = checked_options(&draft.options).map_err(|why| Error::field("poll", why))?;
    let shortest = i64::from(context_of(tx)?.settings.limits.poll_min_seconds);
    let expires_at = match (draft.seconds, expires_at) {
        (None, Some(known)) => known,
        (seconds, _) => {
            checked_end(seconds.unwrap_or(0), shortest, tx.now()).map_err(|why| Error::field("poll", why))?
        }
    };
    Ok(Checked {
        options,
        is_multiple: draft.is_multiple,
        hides_totals: draft.hides_totals,
        expires_at: Some(expires_at),
    })
}

/// Opens the poll of a new post.
///
/// # Errors
/// Internal.
pub fn open(tx: &mut Tx<'_>, status: StatusId, checked: Checked) -> Result<()> {
    let poll = Poll {
        id: PollId(tx.new_id()),
        status_id: status,
        is_multiple: checked.is_multiple,
        hides_totals: checked.hides_totals,
        expires_at: checked.expires_at,
        remote_voters: None,
        fetched_at: None,
    };
    insert(tx, &poll, &checked.options.into_iter().map(|title| (title, 0)).collect::<Vec<_>>())?;
    later::end_at(tx, &poll)
}

/// Changes the poll of an edited post. Other options, or another way to choose, make a new poll: votes that were given for something else are
/// gone (Mastodon's rule; threats V6). Returns whether something changed that others must hear of.
///
/// # Errors
/// As [`check`].
pub fn change(tx: &mut Tx<'_>, status: StatusId, wanted: Option<&PollDraft>) -> Result<()> {
    let before = rows::of_status(tx, status)?;
    let Some(draft) = wanted else {
        return before.map_or(Ok(()), |poll| Ok(rows::delete(tx, poll.id)?));
    };
    let checked = check(tx, draft, before.as_ref().and_then(|p| p.expires_at))?;
    let Some(mut poll) = before else { return open(tx, status, checked) };
    if poll.is_multiple != checked.is_multiple || titles(tx, poll.id)? != checked.options {
        rows::delete(tx, poll.id)?;
        return open(tx, status, checked);
    }
    poll.hides_totals = checked.hides_totals;
    let is_end_new = poll.expires_at != checked.expires_at;
    poll.expires_at = checked.expires_at;
    rows::save(tx, &poll)?;
    if is_end_new { later::end_at(tx, &poll) } else { Ok(()) }
}

/// Writes a poll with its options and what others counted for each.
///
/// # Errors
/// Internal.
pub(crate) fn insert(tx: &mut Tx<'_>, poll: &Poll, options: &[(String, i64)]) -> Result<()> {
    rows::insert(tx, poll)?;
    let options: Vec<PollOption> = (0_i16..)
        .zip(options)
        .map(|(position, (title, remote_votes))| PollOption {
            poll_id: poll.id,
            position,
            title: title.clone(),
            remote_votes: *remote_votes,
        })
        .collect();
    Ok(rows::insert_options(tx, &options)?)
}

/// The texts of a poll's options, in order.
///
/// # Errors
/// Internal.
pub(crate) fn titles(c: &mut Conn, poll: PollId) -> Result<Vec<String>> {
    Ok(rows::options_of(c, poll)?.into_iter().map(|o| o.title).collect())
}

/// The options of a post's poll as its history keeps them.
///
/// # Errors
/// Internal.
pub(crate) fn titles_for_history(c: &mut Conn, status: StatusId) -> Result<Option<String>> {
    let Some(poll) = rows::of_status(c, status)? else { return Ok(None) };
    let titles = titles(c, poll.id)?;
    Ok(serde_json::to_string(&titles).ok())
}
