//! Suspending an account, and lifting that. A suspended account is there for nobody, and its owner is signed out everywhere.

use parvis_model::account::Role;
use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::accounts::{self, Account};
use parvis_store::logins;

use super::revoke;
use crate::barriers::mail;
use crate::error::{Error, OrNotFound, Result};
use crate::staff::require_another_admin;
use crate::{Record, Tx};

/// Suspends an account, local or remote. Twice is once.
///
/// # Errors
/// `Forbidden`: `RoleTooLow` unless `by` moderates and stands above the account's own role, `LastAdmin`; `NotFound`.
pub fn suspend(tx: &mut Tx<'_>, by: Role, id: AccountId) -> Result<()> {
    let account = permitted(tx, by, id)?;
    require_another_admin(tx, id)?;
    apply(tx, account)
}

/// Suspends; who may was decided by the caller in the same transaction.
pub(crate) fn apply(tx: &mut Tx<'_>, mut account: Account) -> Result<()> {
    let id = account.id;
    if account.suspended_at.is_some() {
        return Ok(());
    }
    account.suspended_at = Some(tx.now());
    account.version += 1;
    accounts::save(tx, &account)?;
    if account.is_local() {
        revoke::everything(tx, id)?;
        if let Some(login) = logins::of_account(tx, id)? {
            mail::follow_suspension(tx, id, &login.email_key)?;
        }
    }
    tx.record(Event::AccountSuspended { account: id })
}

/// Lifts a suspension. An account that was deleted stays away.
///
/// # Errors
/// As [`suspend`].
pub fn restore(tx: &mut Tx<'_>, by: Role, id: AccountId) -> Result<()> {
    let account = permitted(tx, by, id)?;
    lift(tx, account)
}

/// Lifts a suspension; who may was decided by the caller in the same transaction.
pub(crate) fn lift(tx: &mut Tx<'_>, mut account: Account) -> Result<()> {
    let id = account.id;
    if account.gone_at.is_some() {
        return Err(Error::Refused(Refusal::AccountGone));
    }
    if account.suspended_at.take().is_none() {
        return Ok(());
    }
    account.version += 1;
    accounts::save(tx, &account)?;
    mail::follow_restoration(tx, id)?;
    tx.record(Event::AccountRestored { account: id })
}

fn permitted(tx: &mut Tx<'_>, by: Role, id: AccountId) -> Result<Account> {
    if by < Role::Moderator {
        return Err(Error::Forbidden(Refusal::RoleTooLow));
    }
    let account = accounts::by_id(tx, id)?.or_not_found()?;
    let theirs = logins::of_account(tx, id)?.and_then(|l| Role::parse(&l.role)).unwrap_or_default();
    if by == Role::Admin || theirs < by { Ok(account) } else { Err(Error::Forbidden(Refusal::RoleTooLow)) }
}
