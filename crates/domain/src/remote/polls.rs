//! Polls of posts of other servers: kept with their post, their numbers as the author's server counts them. Votes that come from elsewhere for
//! polls of ours are [`crate::polls::vote::arrived`].

use parvis_model::ids::{AccountId, PollId, StatusId};
use parvis_model::poll::{REMOTE_OPTION_CHARACTERS_MAX, REMOTE_OPTIONS_MAX};
use parvis_model::time::Moment;
use parvis_model::visibility::Visibility;
use parvis_store::polls::{self as rows, Poll};
use parvis_store::{Tx, accounts};

use super::{Outcome, RemotePoll, threads};
use crate::error::{OrNotFound, Result};
use crate::polls::{self, later};

/// Somebody elsewhere chooses an option of the poll of the post at `uri`.
///
/// # Errors
/// [`crate::Error::NotFound`] when the voter is unknown or gone.
pub fn vote(tx: &mut Tx<'_>, who: AccountId, uri: &str, title: &str) -> Result<Outcome<StatusId>> {
    accounts::by_id(tx, who)?.filter(|a| !a.is_local() && a.is_active()).or_not_found()?;
    let Some(status) = threads::parent(tx, uri, who, Visibility::Direct)? else {
        return Ok(Outcome::Dropped("no post of ours"));
    };
    Ok(match polls::vote::arrived(tx, who, &status, title)? {
        Ok(()) => Outcome::Kept(status.id),
        Err(why) => Outcome::Dropped(why),
    })
}

/// The poll of a post, if it is the one that its author's server now describes: the same options, chosen in the same way.
pub(super) fn same(tx: &mut Tx<'_>, status: StatusId, poll: &RemotePoll) -> Result<Option<Poll>> {
    let Some(known) = rows::of_status(tx, status)?.filter(|p| p.is_multiple == poll.is_multiple) else {
        return Ok(None);
    };
    let titles: Vec<String> = fitting(poll).into_iter().map(|(title, _)| title).collect();
    Ok(if polls::titles(tx, known.id)? == titles { Some(known) } else { None })
}

/// Writes the numbers of a poll that is here already, and its end.
pub(super) fn recount(tx: &mut Tx<'_>, known: Poll, poll: &RemotePoll) -> Result<()> {
    let before = known.expires_at;
    let known = Poll { expires_at: end_of(tx, poll, before), ..known };
    let known = Poll { remote_voters: poll.voters, fetched_at: Some(tx.now()), ..known };
    rows::save(tx, &known)?;
    for (position, (_, votes)) in (0_i16..).zip(fitting(poll)) {
        rows::set_remote_votes(tx, known.id, position, votes)?;
    }
    let is_end_new = before != known.expires_at;
    if is_end_new && !rows::local_voters(tx, known.id, AccountId(0), 1)?.is_empty() {
        later::end_at(tx, &known)?;
    }
    Ok(())
}

/// Gives a post this poll and no other, or none.
pub(super) fn set(tx: &mut Tx<'_>, status: StatusId, poll: Option<&RemotePoll>) -> Result<()> {
    if let Some(before) = rows::of_status(tx, status)? {
        rows::delete(tx, before.id)?;
    }
    let Some(poll) = poll else { return Ok(()) };
    let options = fitting(poll);
    if options.is_empty() {
        return Ok(());
    }
    let row = Poll {
        id: PollId(tx.new_id()),
        status_id: status,
        is_multiple: poll.is_multiple,
        hides_totals: false,
        expires_at: end_of(tx, poll, None),
        remote_voters: poll.voters,
        fetched_at: Some(tx.now()),
    };
    polls::insert(tx, &row, &options)
}

/// The options that can be kept: at most 20, none empty (threats J3). Their text stays as it is, because a vote names it exactly; whoever shows it
/// treats it as text (X3).
fn fitting(poll: &RemotePoll) -> Vec<(String, i64)> {
    poll.options
        .iter()
        .map(|(title, votes)| {
            let title: String =
                title.chars().filter(|c| *c != '\0').take(REMOTE_OPTION_CHARACTERS_MAX).collect();
            (title, i64::from(*votes))
        })
        .filter(|(title, _)| !title.trim().is_empty())
        .take(REMOTE_OPTIONS_MAX)
        .collect()
}

/// When a poll ends or ended. One that is closed ended in the past, whatever else is said.
fn end_of(tx: &Tx<'_>, poll: &RemotePoll, before: Option<Moment>) -> Option<Moment> {
    let now = tx.now();
    match (poll.ends_at, poll.is_closed) {
        (Some(end), true) => Some(end.min(now)),
        (None, true) => Some(before.map_or(now, |b| b.min(now))),
        (end, false) => end,
    }
}

/// Whether anybody would see something of this HTML as text: a vote has none, though some servers send an empty line with it.
#[must_use]
pub fn has_text(html: &str) -> bool {
    !parvis_text::names::is_blank(&parvis_text::sanitise::plain_text(html))
}
