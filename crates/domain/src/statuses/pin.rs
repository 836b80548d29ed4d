//! Pinning own posts to the profile.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::status::PINS_MAX;
use parvis_model::visibility::Visibility;
use parvis_store::{Tx, reactions};

use crate::access;
use crate::error::{Error, Result};
use crate::events::Record;

/// Pins a post.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::CannotPin`] for boosts, posts of others and posts not for everybody; [`Refusal::TooManyPins`].
pub fn pin(tx: &mut Tx<'_>, owner: AccountId, id: StatusId) -> Result<()> {
    let status = access::status(tx, Some(owner), id)?;
    let is_pinnable = status.account_id == owner
        && status.boost_of_id.is_none()
        && Visibility::from_code(status.visibility) != Visibility::Direct;
    if !is_pinnable {
        return Err(Error::Refused(Refusal::CannotPin));
    }
    let pinned = reactions::pinned(tx, owner)?;
    if pinned.contains(&id) {
        return Ok(());
    }
    if pinned.len() >= PINS_MAX {
        return Err(Error::Refused(Refusal::TooManyPins));
    }
    let now = tx.now();
    reactions::pin(tx, owner, id, now)?;
    tx.record(Event::PinChanged { account: owner, status: id, is_pinned: true })
}

/// Takes a pin off. Not pinned is no error.
///
/// # Errors
/// [`Error::NotFound`].
pub fn unpin(tx: &mut Tx<'_>, owner: AccountId, id: StatusId) -> Result<()> {
    access::own_status(tx, owner, id)?;
    if reactions::unpin(tx, owner, id)? {
        tx.record(Event::PinChanged { account: owner, status: id, is_pinned: false })?;
    }
    Ok(())
}
