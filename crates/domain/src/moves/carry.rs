//! What people here had to do with an account that moved, carried over to its new one in batches: follows, then blocks, mutes and notes. Each
//! batch is one transaction; what was carried is not carried again.

use parvis_model::ids::AccountId;
use parvis_store::follows::Follow;
use parvis_store::{accounts, blocks as block_rows, follows as follow_rows, moves as rows};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::follows::{self, Wishes};
use crate::{Tx, blocks, lists};

/// How far the carrying is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// The old account.
    pub origin: AccountId,
    /// The new one.
    pub target: AccountId,
    /// What is carried now.
    pub leg: Leg,
    /// The last person who was looked at.
    pub after: AccountId,
}

/// What is carried, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Leg {
    /// Who followed the old account follows the new one instead, and has it in the same lists.
    Followers,
    /// Who blocks the old account blocks the new one too.
    Blocks,
    /// Who mutes the old account mutes the new one too.
    Mutes,
    /// A note on the old account also stands on the new one.
    Notes,
}

impl Leg {
    const fn next(self) -> Option<Self> {
        match self {
            Self::Followers => Some(Self::Blocks),
            Self::Blocks => Some(Self::Mutes),
            Self::Mutes => Some(Self::Notes),
            Self::Notes => None,
        }
    }
}

impl Trip {
    /// From the beginning.
    #[must_use]
    pub const fn new(origin: AccountId, target: AccountId) -> Self {
        Self { origin, target, leg: Leg::Followers, after: AccountId(0) }
    }
}

/// Carries what up to `limit` people have; returns where to go on, or `None` when all is carried.
///
/// # Errors
/// Internal. A move that does not show any more, or a new account that went, carries nothing.
pub fn some(tx: &mut Tx<'_>, trip: Trip, limit: i64) -> Result<Option<Trip>> {
    let is_on = rows::of_account(tx, trip.origin)?.is_some_and(|m| m.is_shown && m.target_id == trip.target);
    if !is_on || !accounts::by_id(tx, trip.target)?.is_some_and(|t| t.is_active()) {
        return Ok(None);
    }
    let (count, last) = match trip.leg {
        Leg::Followers => {
            let some = rows::followers_here(tx, trip.origin, trip.after, limit)?;
            for follow in &some {
                skipping_refusals(tx, |tx| carry_follow(tx, trip, follow))?;
            }
            (some.len(), some.last().map(|f| f.follower_id))
        }
        Leg::Blocks => {
            let some = rows::blockers_here(tx, trip.origin, trip.after, limit)?;
            for who in &some {
                skipping_refusals(tx, |tx| carry_block(tx, *who, trip.target))?;
            }
            (some.len(), some.last().copied())
        }
        Leg::Mutes => {
            let some = rows::mutes_of(tx, trip.origin, trip.after, limit)?;
            for mute in &some {
                skipping_refusals(tx, |tx| carry_mute(tx, mute, trip.target))?;
            }
            (some.len(), some.last().map(|m| m.account_id))
        }
        Leg::Notes => {
            let some = rows::notes_on(tx, trip.origin, trip.after, limit)?;
            for (who, note) in &some {
                skipping_refusals(tx, |tx| carry_note(tx, *who, trip.target, note))?;
            }
            (some.len(), some.last().map(|(who, _)| *who))
        }
    };
    let is_full = i64::try_from(count).unwrap_or(0) >= limit;
    Ok(match last.filter(|_| is_full) {
        Some(after) => Some(Trip { after, ..trip }),
        None => trip.leg.next().map(|leg| Trip { leg, after: AccountId(0), ..trip }),
    })
}

/// A rule that says no to one person leaves things as they are for them.
fn skipping_refusals(tx: &mut Tx<'_>, carry: impl FnOnce(&mut Tx<'_>) -> Result<()>) -> Result<()> {
    match tx.attempt(carry) {
        Err(Error::Internal(inner)) => Err(Error::Internal(inner)),
        Err(refused) => {
            tracing::debug!(%refused, "not carried over");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

fn follows_already(tx: &mut Tx<'_>, who: AccountId, target: AccountId) -> Result<bool> {
    Ok(follow_rows::between(tx, who, target)?.is_some())
}

fn mutes_already(tx: &mut Tx<'_>, who: AccountId, target: AccountId) -> Result<bool> {
    let now = tx.now();
    Ok(!block_rows::mutes_of(tx, who, &[target], now)?.is_empty())
}

/// The old follow ends only when the new one is made or was there. Who blocks or mutes the new account keeps the old follow.
fn carry_follow(tx: &mut Tx<'_>, trip: Trip, follow: &Follow) -> Result<()> {
    let who = follow.follower_id;
    if who == trip.target || mutes_already(tx, who, trip.target)? {
        return Ok(());
    }
    if !follows_already(tx, who, trip.target)? {
        let wishes = Wishes {
            shows_boosts: Some(follow.shows_boosts),
            notifies: Some(follow.notifies),
            languages: Some(follow.languages.split_whitespace().map(str::to_owned).collect()),
        };
        follows::follow(tx, who, trip.target, &wishes, None)?;
    }
    for list in lists::with_account(tx, who, trip.origin)? {
        skipping_refusals(tx, |tx| lists::members::add(tx, who, list.id, &[trip.target]))?;
    }
    follows::unfollow(tx, who, trip.origin)
}

/// Whoever follows the new account by themselves knows whom they follow.
fn carry_block(tx: &mut Tx<'_>, who: AccountId, target: AccountId) -> Result<()> {
    if who == target || follows_already(tx, who, target)? {
        return Ok(());
    }
    blocks::block(tx, who, target, None)
}

fn carry_mute(tx: &mut Tx<'_>, mute: &block_rows::Mute, target: AccountId) -> Result<()> {
    let who = mute.account_id;
    let left = mute.expires_at.map(|at| at.since(tx.now()));
    if who == target
        || left.is_some_and(|millis| millis <= 0)
        || follows_already(tx, who, target)?
        || mutes_already(tx, who, target)?
    {
        return Ok(());
    }
    blocks::mute(tx, who, target, mute.hides_notifications, left)
}

fn carry_note(tx: &mut Tx<'_>, who: AccountId, target: AccountId, note: &str) -> Result<()> {
    if block_rows::notes_on(tx, who, &[target])?.is_empty() {
        blocks::set_note(tx, who, target, note)
    } else {
        Ok(())
    }
}
