//! Letting people in where sign-ups are looked at by moderators.

use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_store::accounts::Account;
use parvis_store::{accounts, logins};

use super::confirm::opened;
use crate::accounts::letters::{self, About, Posted};
use crate::accounts::register::addressee;
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::staff::{self, By};
use crate::{Conn, Town, Tx};

/// Requests whose address is confirmed, the oldest first.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn waiting(c: &mut Conn, by: Role, limit: i64) -> Result<Vec<(Account, logins::Login)>> {
    require_moderator(by)?;
    let waiting = logins::awaiting_approval(c, limit)?;
    let ids: Vec<AccountId> = waiting.iter().map(|l| l.account_id).collect();
    let accounts = accounts::by_ids(c, &ids)?;
    Ok(waiting
        .into_iter()
        .filter_map(|l| accounts.iter().find(|a| a.id == l.account_id).cloned().map(|a| (a, l)))
        .collect())
}

/// Lets somebody in and writes to them.
///
/// # Errors
/// `Forbidden`: `RoleTooLow`, `NotPending`; `NotFound` when nobody is there under this id.
pub async fn approve(town: &Town, by: impl Into<By>, id: AccountId) -> Result<()> {
    let by = by.into();
    let letter = town.db().write(move |tx| apply(tx, by, id)).await?;
    letters::send(town, letter).await;
    Ok(())
}

/// Turns a request down: everything about it is deleted, its handle is free again.
///
/// # Errors
/// As [`approve`].
pub async fn reject(town: &Town, by: impl Into<By>, id: AccountId) -> Result<()> {
    let by = by.into();
    let letter = town.db().write(move |tx| remove(tx, by, id)).await?;
    letters::send(town, letter).await;
    Ok(())
}

fn require_moderator(by: Role) -> Result<()> {
    if by >= Role::Moderator { Ok(()) } else { Err(Error::Forbidden(Refusal::RoleTooLow)) }
}

/// Who waits.
fn pending(tx: &mut Tx<'_>, id: AccountId) -> Result<(Account, logins::Login)> {
    let login = logins::of_account(tx, id)?.or_not_found()?;
    let account = accounts::by_id(tx, id)?.or_not_found()?;
    if login.approved_at.is_some() {
        return Err(Error::Forbidden(Refusal::NotPending));
    }
    Ok((account, login))
}

fn apply(tx: &mut Tx<'_>, by: By, id: AccountId) -> Result<Posted> {
    let staff = staff::require(tx, by, Permission::ManageUsers)?;
    let (account, login) = pending(tx, id)?;
    let now = tx.now();
    if !logins::approve(tx, id, now)? {
        return Err(Error::Forbidden(Refusal::NotPending));
    }
    opened(tx, id)?;
    audit::record(tx, &staff, "approve", &Target::account(&account), "")?;
    letters::write(tx, &addressee(&login, &account.username), &About::Approved)
}

fn remove(tx: &mut Tx<'_>, by: By, id: AccountId) -> Result<Posted> {
    let staff = staff::require(tx, by, Permission::ManageUsers)?;
    let (account, login) = pending(tx, id)?;
    let letter = letters::write(tx, &addressee(&login, &account.username), &About::Rejected)?;
    audit::record(tx, &staff, "reject", &Target::account(&account), "")?;
    accounts::delete(tx, id)?;
    Ok(letter)
}
