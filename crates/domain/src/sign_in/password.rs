//! Signing in with a password, and changing it. The answer to a wrong password and to a login that is not there is the same, and takes the same
//! time (threats I2).

use std::net::IpAddr;

use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::accounts;
use parvis_store::logins::{self, Login};

use super::limits;
use crate::accounts::letters::{self, About, Posted};
use crate::accounts::register::addressee;
use crate::accounts::revoke;
use crate::error::{Error, OrNotFound, Result};
use crate::{Conn, Town, Tx};

/// Characters of what somebody types as their login that are looked at.
const TYPED_MAX: usize = 320;

/// Checks e-mail address (or username) and password.
///
/// # Errors
/// `Refused`: `WrongCredentials`, `TooManyAttempts`; and only to who knows the password: `EmailNotConfirmed`, `AwaitingApproval`, `Suspended`.
pub async fn check(town: &Town, login: &str, password: &str, from: IpAddr) -> Result<Login> {
    let typed: String = login.trim().chars().take(TYPED_MAX).collect::<String>().to_lowercase();
    let wanted = typed.clone();
    let found = town.db().read(move |c| find(c, &wanted)).await?;
    let name = found.as_ref().map_or(typed, |l| l.account_id.to_string());
    limits::password_tried(town, &name, from)?;
    let hash = found.as_ref().map(|l| l.password_hash.clone());
    let is_right = town.passwords().check(password, hash).await?;
    let Some(login) = found.filter(|_| is_right) else {
        return Err(Refusal::WrongCredentials.into());
    };
    limits::password_right(town, &name, from);
    let id = login.account_id;
    let is_active = town.db().read(move |c| is_active(c, id)).await?;
    may_enter(&login, is_active)?;
    Ok(login)
}

fn find(c: &mut Conn, typed: &str) -> Result<Option<Login>> {
    if let Ok(address) = parvis_mail::address(typed) {
        return Ok(logins::by_email(c, &address.key())?);
    }
    let username = typed.strip_prefix('@').unwrap_or(typed);
    match accounts::by_handle(c, username, "")? {
        Some(account) => Ok(logins::of_account(c, account.id)?),
        None => Ok(None),
    }
}

fn is_active(c: &mut Conn, id: AccountId) -> Result<bool> {
    Ok(accounts::by_id(c, id)?.is_some_and(|a| a.is_active()))
}

/// Whether a login is open and its account neither suspended nor gone.
fn may_enter(login: &Login, is_active: bool) -> Result<()> {
    Err(Error::Refused(if !is_active {
        Refusal::Suspended
    } else if login.confirmed_at.is_none() {
        Refusal::EmailNotConfirmed
    } else if login.approved_at.is_none() {
        Refusal::AwaitingApproval
    } else if login.disabled_at.is_some() {
        Refusal::LoginDisabled
    } else {
        return Ok(());
    }))
}

/// That the login is still what it was when its password was checked, in the transaction that acts on it.
pub(super) fn confirm_unchanged(tx: &mut Tx<'_>, checked: &Login) -> Result<()> {
    let now = logins::of_account(tx, checked.account_id)?.or_not_found()?;
    if now.password_hash != checked.password_hash {
        return Err(Refusal::WrongCredentials.into());
    }
    let is_active = is_active(tx, now.account_id)?;
    may_enter(&now, is_active)
}

/// That who is signed in also knows the password, before something that cannot be taken back.
///
/// # Errors
/// `Refused(WrongCredentials)`, `Refused(TooManyAttempts)`.
pub async fn prove(town: &Town, id: AccountId, password: &str, from: IpAddr) -> Result<Login> {
    limits::password_tried(town, &id.to_string(), from)?;
    let login = town.db().read(move |c| logins::of_account(c, id)?.or_not_found()).await?;
    if !town.passwords().check(password, Some(login.password_hash.clone())).await? {
        return Err(Refusal::WrongCredentials.into());
    }
    Ok(login)
}

/// Changes a password and ends all sessions and tokens; the door opens a new session for who asked.
///
/// # Errors
/// `Refused(WrongCredentials)` for the old one, `Invalid` for the new one.
pub async fn change(town: &Town, id: AccountId, old: &str, new: &str, from: IpAddr) -> Result<()> {
    let login = prove(town, id, old, from).await?;
    let hash = town.passwords().hash(new).await?;
    let letter = town
        .db()
        .write(move |tx| {
            confirm_unchanged(tx, &login)?;
            replace(tx, id, &hash)
        })
        .await?;
    letters::send(town, letter).await;
    Ok(())
}

/// Writes a new password, ends everything that knew the old one, and tells the owner.
pub(super) fn replace(tx: &mut Tx<'_>, id: AccountId, hash: &str) -> Result<Posted> {
    let login = logins::of_account(tx, id)?.or_not_found()?;
    let username = accounts::by_id(tx, id)?.or_not_found()?.username;
    logins::set_password(tx, id, hash)?;
    revoke::everything(tx, id)?;
    letters::write(tx, &addressee(&login, &username), &About::PasswordChanged)
}
