//! Accounts that live elsewhere now: former addresses ([`aliases`]), moving out ([`away`]), others that move ([`theirs`]), and what people here
//! had to do with the old account, carried over by a job ([`carry`]).
//!
//! A move is proven by both sides: the old account names the new one (`movedTo`), the new one names the old one (`alsoKnownAs`; threats O10).
//! Neighbours: `model::moves` (pauses), `store::moves` (rows), `federation::activities::moving` (the wire).

pub mod aliases;
pub mod away;
pub mod carry;
pub mod theirs;

use parvis_model::event::Event;
use parvis_model::moves::next_move;
use parvis_model::refusal::Refusal;
use parvis_store::Tx;
use parvis_store::accounts::Account;
use parvis_store::moves::{self as rows, Move};

use crate::access;
use crate::error::{Error, Result};
use crate::events::Record;

/// What holds for every move, whoever proved it; then it is written and said.
fn settle(tx: &mut Tx<'_>, origin: &Account, target: &Account) -> Result<()> {
    if origin.id == target.id {
        return Err(Error::Refused(Refusal::NotOneself));
    }
    let now = tx.now();
    if rows::of_account(tx, origin.id)?.is_some_and(|m| next_move(m.moved_at, origin.is_local()) > now) {
        return Err(Error::Refused(Refusal::MoveTooSoon));
    }
    // From there it would go on to a third account that nobody here agreed to.
    if access::is_away(tx, target.id)? {
        return Err(Error::Refused(Refusal::AccountMoved));
    }
    rows::record(tx, &Move { account_id: origin.id, target_id: target.id, moved_at: now, is_shown: true })?;
    if origin.is_local() {
        // Other servers look at the profile before they believe the move, so they hear of it first.
        aliases::changed(tx, origin.id)?;
    }
    tx.record(Event::AccountMoved { account: origin.id, target: target.id })
}

#[cfg(test)]
mod tests;
