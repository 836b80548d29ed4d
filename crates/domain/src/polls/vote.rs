//! Voting, by people here and by people elsewhere. One row per person decides whether somebody voted (threats V1, V3); the end is compared in
//! the statement that writes it.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, PollId, StatusId};
use parvis_model::poll::checked_choices;
use parvis_model::refusal::Refusal;
use parvis_store::polls::{self as rows, Poll};
use parvis_store::statuses::Status;
use parvis_store::{Conn, Tx};

use super::later;
use crate::access;
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;

/// Somebody of this town votes, once and for all their choices; returns the post.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::OwnPoll`], [`Refusal::PollClosed`], [`Refusal::PollChoices`], [`Refusal::AlreadyVoted`].
pub fn vote(tx: &mut Tx<'_>, who: AccountId, id: PollId, choices: &[i64]) -> Result<StatusId> {
    access::active_account(tx, who)?;
    let poll = rows::by_id(tx, id)?.or_not_found()?;
    let status = access::status(tx, Some(who), poll.status_id)?;
    if status.account_id == who {
        return Err(Error::Refused(Refusal::OwnPoll));
    }
    let now = tx.now();
    if poll.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::Refused(Refusal::PollClosed));
    }
    let options = rows::options_of(tx, id)?.len();
    let positions = checked_choices(choices, options, poll.is_multiple).map_err(Error::Refused)?;
    if !rows::open_to(tx, id, who, now)? {
        return Err(Error::Refused(Refusal::AlreadyVoted));
    }
    rows::add_votes(tx, id, who, &positions, now)?;
    if !status.is_local {
        later::end_at(tx, &poll)?;
    }
    counted(tx, &poll, &status, who)?;
    Ok(status.id)
}

/// Somebody elsewhere votes in a poll of ours for one option by its exact text; several options come one by one. Returns why not, when it
/// does not count: arrival by our clock decides (threats V3).
///
/// # Errors
/// Internal.
pub fn arrived(
    tx: &mut Tx<'_>,
    who: AccountId,
    status: &Status,
    title: &str,
) -> Result<std::result::Result<(), &'static str>> {
    let Some(poll) = rows::of_status(tx, status.id)?.filter(|_| status.is_local) else {
        return Ok(Err("no poll of ours"));
    };
    if !access::is_visible(tx, Some(who), status)? {
        return Ok(Err("a poll that they cannot see"));
    }
    let now = tx.now();
    if poll.expires_at.is_some_and(|end| end <= now) {
        return Ok(Err("the poll is over"));
    }
    let options = rows::options_of(tx, poll.id)?;
    let Some(option) = options.iter().find(|o| o.title == title) else {
        return Ok(Err("no option of the poll"));
    };
    let is_first = rows::open_to(tx, poll.id, who, now)?;
    if !is_first && !poll.is_multiple {
        return Ok(Err("they voted already"));
    }
    if rows::add_votes(tx, poll.id, who, &[option.position], now)? == 0 {
        return Ok(Err("they voted for it already"));
    }
    counted(tx, &poll, status, who)?;
    Ok(Ok(()))
}

/// The texts of what somebody chose, in order: for telling the author's server.
///
/// # Errors
/// Internal.
pub fn titles_chosen(c: &mut Conn, poll: PollId, who: AccountId) -> Result<Vec<String>> {
    let chosen = rows::votes_of(c, poll, who)?;
    let options = rows::options_of(c, poll)?;
    Ok(options.into_iter().filter(|o| chosen.contains(&o.position)).map(|o| o.title).collect())
}

fn counted(tx: &mut Tx<'_>, poll: &Poll, status: &Status, who: AccountId) -> Result<()> {
    if status.is_local {
        later::tell_counts(tx, poll.id)?;
    }
    tx.record(Event::Voted { poll: poll.id, status: status.id, by: who })
}
