//! What happens to polls by itself, as durable jobs: their numbers are told to other servers some time after votes came ([`TellCounts`]), people are told
//! that they ended ([`EndPoll`]), and those of other servers are read again ([`ReadAgain`]).

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_model::event::Event;
use parvis_model::ids::{AccountId, PollId};
use parvis_model::time::{MINUTE, Moment};
use parvis_store::polls::{self as rows, Poll};
use parvis_store::{Conn, Tx, statuses};

use crate::Town;
use crate::error::Result as DomainResult;
use crate::events::Record;

/// Votes of so much time are told at once.
const TOLD_EVERY: i64 = 3 * MINUTE;
/// A remote poll is read again at most so often.
const READ_EVERY: i64 = MINUTE;
/// The author's server counts a little longer than we do.
const GRACE: i64 = 5 * MINUTE;
/// People told of an end in one transaction.
const BATCH: i64 = 200;

/// Tells who must know that a poll ended: `[poll, its end, after whom to go on]`. If the end was moved meanwhile, another job knows.
pub struct EndPoll;

#[async_trait]
impl Job<Town> for EndPoll {
    const KIND: &'static str = "polls.end";
    type Payload = (i64, Moment, i64);

    async fn run(
        (poll, end, after): (i64, Moment, i64),
        town: &Town,
    ) -> Result<Next<(i64, Moment, i64)>, Problem> {
        let id = PollId(poll);
        if after == 0
            && let Some(uri) = town.db().read(move |c| elsewhere(c, id)).await?
            && let Err(error) = town.remote().poll_anew(&uri).await
        {
            tracing::debug!(%uri, %error, "the last numbers of a poll could not be read");
        }
        let batch = move |tx: &mut Tx<'_>| ended(tx, id, end, AccountId(after));
        Ok(town.db().write(batch).await?.map_or(Next::Done, |last| Next::Again((poll, end, last.0))))
    }
}

/// Tells other servers the numbers of a poll: `[poll]`.
pub struct TellCounts;

#[async_trait]
impl Job<Town> for TellCounts {
    const KIND: &'static str = "polls.counts";
    type Payload = (i64,);

    async fn run((poll,): (i64,), town: &Town) -> Result<Next<(i64,)>, Problem> {
        town.db().write(move |tx| record_counts(tx, PollId(poll))).await?;
        Ok(Next::Done)
    }
}

/// Reads a poll of another server again: `[poll]`. Tried once: whoever looks again asks again.
pub struct ReadAgain;

#[async_trait]
impl Job<Town> for ReadAgain {
    const KIND: &'static str = "polls.read";
    type Payload = (i64,);

    async fn run((poll,): (i64,), town: &Town) -> Result<Next<(i64,)>, Problem> {
        let uri = town.db().read(move |c| elsewhere(c, PollId(poll))).await?;
        if let Some(uri) = uri
            && let Err(error) = town.remote().poll_anew(&uri).await
        {
            tracing::debug!(%uri, %error, "a poll could not be read again");
        }
        Ok(Next::Done)
    }
}

/// Asks for a poll to be read again if it is of another server and may have new numbers: at most once a minute, and no more once its end was
/// seen. For whoever looks at it signed in.
///
/// # Errors
/// Internal.
pub fn read_again(tx: &mut Tx<'_>, id: PollId) -> DomainResult<()> {
    let now = tx.now();
    let Some(poll) = rows::by_id(tx, id)?.filter(|poll| is_stale(poll, now)) else { return Ok(()) };
    let key = format!("{}/{}/{}", ReadAgain::KIND, poll.id, now.0 / READ_EVERY);
    enqueue::<Town, ReadAgain>(tx, &(poll.id.0,), Some(&key), now)?;
    Ok(())
}

/// Whether a poll is of another server and may have new numbers.
#[must_use]
pub fn is_stale(poll: &Poll, now: Moment) -> bool {
    poll.fetched_at.is_some_and(|fetched| {
        fetched.plus(READ_EVERY) <= now && poll.expires_at.is_none_or(|end| fetched < end)
    })
}

/// Puts the end of a poll into the queue. Two ends of one poll are two jobs, of which only the one in force does something.
///
/// # Errors
/// Internal.
pub(crate) fn end_at(tx: &mut Tx<'_>, poll: &Poll) -> DomainResult<()> {
    let Some(end) = poll.expires_at else { return Ok(()) };
    let at = if poll.fetched_at.is_some() { end.plus(GRACE) } else { end };
    let key = format!("{}/{}/{}", EndPoll::KIND, poll.id, end.0);
    enqueue::<Town, EndPoll>(tx, &(poll.id.0, end, 0), Some(&key), at)?;
    Ok(())
}

/// Leaves it to a job to tell the numbers. Votes within the same minutes share one; a vote while it runs belongs to the next.
pub(super) fn tell_counts(tx: &mut Tx<'_>, poll: PollId) -> DomainResult<()> {
    let slot = tx.now().0 / TOLD_EVERY;
    let key = format!("{}/{poll}/{slot}", TellCounts::KIND);
    enqueue::<Town, TellCounts>(tx, &(poll.0,), Some(&key), Moment((slot + 1) * TOLD_EVERY))?;
    Ok(())
}

/// The address of a poll's post, if it is of another server.
fn elsewhere(c: &mut Conn, id: PollId) -> DomainResult<Option<String>> {
    let Some(poll) = rows::by_id(c, id)?.filter(|p| p.fetched_at.is_some()) else { return Ok(None) };
    Ok(statuses::by_id(c, poll.status_id)?.map(|s| s.uri))
}

/// Says that the numbers of a poll of ours are to be told.
fn record_counts(tx: &mut Tx<'_>, id: PollId) -> DomainResult<()> {
    let Some(poll) = rows::by_id(tx, id)? else { return Ok(()) };
    let Some(status) = statuses::by_id(tx, poll.status_id)?.filter(|s| s.is_local) else { return Ok(()) };
    tx.record(Event::PollCounted { status: status.id, author: status.account_id })
}

/// One batch of those who are told of an end; returns after whom to go on.
fn ended(tx: &mut Tx<'_>, id: PollId, end: Moment, after: AccountId) -> DomainResult<Option<AccountId>> {
    let now = tx.now();
    let Some(poll) = rows::by_id(tx, id)?.filter(|p| p.expires_at == Some(end) && end <= now) else {
        return Ok(None);
    };
    let Some(status) = statuses::by_id(tx, poll.status_id)? else { return Ok(None) };
    let mut told = rows::local_voters(tx, id, after, BATCH)?;
    let is_full = i64::try_from(told.len()).unwrap_or(0) == BATCH;
    let last = told.last().copied();
    if after == AccountId(0) {
        record_counts(tx, id)?;
        if status.is_local {
            told.push(status.account_id);
        }
    }
    tx.record(Event::PollEnded { poll: id, status: status.id, author: status.account_id, told })?;
    Ok(last.filter(|_| is_full))
}
