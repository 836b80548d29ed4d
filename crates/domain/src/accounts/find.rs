//! Finding accounts that are known here. A local account whose login is not open yet (address unconfirmed, not approved) is not there for
//! anybody (threats V10, I2). Looking on other servers is in `remote`; who may see what is in `access`.

use parvis_model::handle::Address;
use parvis_model::ids::AccountId;
use parvis_store::accounts::{self, Account};
use parvis_store::logins;

use crate::Conn;
use crate::error::{OrNotFound, Result};

/// By id. Suspended and deleted accounts too: the caller knows what to say of them.
///
/// # Errors
/// `NotFound`.
pub fn by_id(c: &mut Conn, id: AccountId) -> Result<Account> {
    let account = accounts::by_id(c, id)?.or_not_found()?;
    open(c, account)?.or_not_found()
}

/// By handle.
///
/// # Errors
/// Internal.
pub fn by_address(c: &mut Conn, address: &Address) -> Result<Option<Account>> {
    let host = address.host.as_deref().unwrap_or_default();
    match accounts::by_handle(c, &address.username, host)? {
        Some(account) => open(c, account),
        None => Ok(None),
    }
}

/// A local account by username, in any case.
///
/// # Errors
/// `NotFound`.
pub fn local(c: &mut Conn, username: &str) -> Result<Account> {
    let address = Address { username: username.to_lowercase(), host: None };
    by_address(c, &address)?.or_not_found()
}

/// The login of a local account.
///
/// # Errors
/// `NotFound` when nobody can sign in to it.
pub fn login(c: &mut Conn, id: AccountId) -> Result<logins::Login> {
    logins::of_account(c, id)?.or_not_found()
}

/// Of these accounts, those whose login is open, and the remote ones. One statement.
///
/// # Errors
/// Internal.
pub fn open_among(c: &mut Conn, accounts: Vec<Account>) -> Result<Vec<Account>> {
    let local: Vec<AccountId> = accounts.iter().filter(|a| a.is_local()).map(|a| a.id).collect();
    let pending = if local.is_empty() { Vec::new() } else { logins::pending_of(c, &local)? };
    Ok(accounts.into_iter().filter(|a| !pending.contains(&a.id)).collect())
}

fn open(c: &mut Conn, account: Account) -> Result<Option<Account>> {
    let is_pending = account.is_local() && !logins::pending_of(c, &[account.id])?.is_empty();
    Ok((!is_pending).then_some(account))
}
