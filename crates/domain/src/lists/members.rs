//! Who is in a list: accounts that its owner follows or asked to follow, and the owner. Who is no longer followed leaves it.

use std::collections::HashSet;

use parvis_model::ids::{AccountId, ListId};
use parvis_model::list::{ADDED_AT_ONCE, MEMBERS_MAX};
use parvis_model::refusal::Refusal;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, follows as follow_rows, lists as rows};

use super::{feed, one};
use crate::error::{Error, Result};
use crate::follows;
use crate::timelines;
use crate::views::AccountView;

/// The accounts of a list, the last added first.
///
/// # Errors
/// [`Error::NotFound`].
pub fn page(c: &mut Conn, owner: AccountId, id: ListId, range: Range) -> Result<Vec<(i64, AccountView)>> {
    one(c, owner, id)?;
    let page = rows::members(c, id, range)?;
    follows::with_accounts(c, page)
}

/// Adds accounts: all of them, or none.
///
/// # Errors
/// [`Error::NotFound`] for a foreign list or somebody whom the owner does not follow; [`Refusal::AlreadyThere`]; [`Refusal::TooManyKept`].
pub fn add(tx: &mut Tx<'_>, owner: AccountId, id: ListId, accounts: &[AccountId]) -> Result<()> {
    let list = one(tx, owner, id)?;
    let wanted: HashSet<AccountId> = accounts.iter().copied().collect();
    let wanted: Vec<AccountId> = wanted.into_iter().collect();
    if wanted.is_empty() {
        return Ok(());
    }
    if wanted.len() > ADDED_AT_ONCE {
        return Err(Refusal::TooManyKept.into());
    }
    let followed: HashSet<AccountId> = follow_rows::with(tx, owner, &wanted)?
        .into_iter()
        .filter(|f| f.follower_id == owner)
        .map(|f| f.followee_id)
        .collect();
    if !wanted.iter().all(|a| *a == owner || followed.contains(a)) {
        return Err(Error::NotFound);
    }
    if !rows::members_among(tx, id, &wanted)?.is_empty() {
        return Err(Error::field("account", Refusal::AlreadyThere));
    }
    let added = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
    if rows::count_members(tx, id)?.saturating_add(added) > MEMBERS_MAX {
        return Err(Refusal::TooManyKept.into());
    }
    let members: Vec<(i64, AccountId)> = wanted.iter().map(|a| (tx.new_id(), *a)).collect();
    rows::add_members(tx, id, &members)?;
    // One statement each, so that each is a range of an index; [`ADDED_AT_ONCE`] at most.
    for member in &wanted {
        rows::fill(tx, id, *member)?;
    }
    if list.is_exclusive {
        rows::clear_from_home(tx, &list)?;
    }
    Ok(())
}

/// Removes accounts; who is not in the list is no error.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: ListId, accounts: &[AccountId]) -> Result<()> {
    let list = one(tx, owner, id)?;
    let some: Vec<AccountId> =
        accounts.iter().copied().take(usize::try_from(MEMBERS_MAX).unwrap_or(usize::MAX)).collect();
    let removed = rows::remove_members(tx, id, &some)?;
    rows::remove_entries(tx, id, &some)?;
    match (list.is_exclusive, some.as_slice()) {
        (true, [one]) if removed == 1 => timelines::bring_home(tx, owner, *one),
        (true, _) if removed > 0 => feed::rebuild_home(tx, owner),
        _ => Ok(()),
    }
}
