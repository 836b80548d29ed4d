//! Taking back what was decided about an account: letting somebody sign in again, show again, exist again.

use parvis_model::ids::AccountId;
use parvis_model::moderation::Action;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_store::accounts::{self, Account};
use parvis_store::logins;

use crate::accounts::suspend;
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::staff::{self, By};
use crate::{Conn, Tx};

/// Lifts a limit; lifting one that is not there changes nothing.
///
/// # Errors
/// `Forbidden` as [`staff::Staff::require_above`]; `NotFound`; `Refused(AccountGone)`.
pub fn lift(tx: &mut Tx<'_>, by: impl Into<By>, target: AccountId, limit: Action) -> Result<()> {
    let staff = staff::require(tx, by, Permission::ManageUsers)?;
    let account = accounts::by_id(tx, target)?.or_not_found()?;
    staff.require_above(tx, target)?;
    if account.gone_at.is_some() {
        return Err(Error::Refused(Refusal::AccountGone));
    }
    if undo(tx, &account, limit)? {
        audit::record(tx, &staff, verb(limit), &Target::account(&account), "")?;
    }
    Ok(())
}

const fn verb(limit: Action) -> &'static str {
    match limit {
        Action::None => "forgive",
        Action::Sensitive => "unsensitive",
        Action::Disable => "enable",
        Action::Silence => "unsilence",
        Action::Suspend => "unsuspend",
    }
}

/// Takes a limit away; `false` when it was not there.
pub(super) fn undo(tx: &mut Tx<'_>, account: &Account, limit: Action) -> Result<bool> {
    let mut row = account.clone();
    let was_there = match limit {
        Action::None => false,
        Action::Sensitive => row.sensitized_at.take().is_some(),
        Action::Silence => row.silenced_at.take().is_some(),
        Action::Disable => {
            let was_there = is_disabled(tx, account.id)?;
            logins::set_disabled(tx, account.id, None)?;
            return Ok(was_there);
        }
        Action::Suspend => {
            suspend::lift(tx, account.clone())?;
            return Ok(account.suspended_at.is_some());
        }
    };
    if was_there {
        row.version += 1;
        accounts::save(tx, &row)?;
    }
    Ok(was_there)
}

fn is_disabled(c: &mut Conn, id: AccountId) -> Result<bool> {
    Ok(logins::of_account(c, id)?.is_some_and(|l| l.disabled_at.is_some()))
}
