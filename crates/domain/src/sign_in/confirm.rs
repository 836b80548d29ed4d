//! Confirming the e-mail address of a new account.

use std::net::IpAddr;

use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::logins::Login;
use parvis_store::{accounts, email_links, logins};

use super::limits;
use crate::accounts::letters::{self, About, Posted};
use crate::accounts::links::{self, Purpose};
use crate::accounts::register::addressee;
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;
use crate::{Town, Tx, secrets};

/// Uses a link; the login it belongs to, which may still await approval.
///
/// # Errors
/// `Refused(LinkExpired)` when it was used, is wrong or too old.
pub fn confirm(tx: &mut Tx<'_>, token: &str) -> Result<Login> {
    let now = tx.now();
    let id = email_links::use_up(tx, &secrets::hash(token), Purpose::Confirm.as_str(), now)?
        .ok_or(Error::Refused(Refusal::LinkExpired))?;
    confirm_address(tx, id)?;
    logins::of_account(tx, id)?.or_not_found()
}

/// Keeps that somebody reads the letters to their address.
pub(super) fn confirm_address(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let now = tx.now();
    if logins::confirm(tx, id, now)? { opened(tx, id) } else { Ok(()) }
}

/// Tells that somebody is here, once both is true: the address is confirmed, and they are let in.
pub(super) fn opened(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    if logins::of_account(tx, id)?.is_some_and(|login| login.is_open()) {
        tx.record(Event::SignedUp { account: id })?;
    }
    Ok(())
}

/// Sends the letter again. Whoever has no account, or has confirmed it, gets nothing, and the visitor the same answer.
///
/// # Errors
/// `Refused(TooManyAttempts)`; `Invalid` when this is no address.
pub async fn send_again(town: &Town, email: &str, from: IpAddr) -> Result<()> {
    let key =
        parvis_mail::address(email.trim()).map_err(|_| Error::field("email", Refusal::EmailUnusable))?.key();
    if !limits::may_write_to(town, &key, from)? {
        return Ok(());
    }
    if let Some(letter) = town.db().write(move |tx| new_link(tx, &key)).await? {
        letters::send(town, letter).await;
    }
    Ok(())
}

fn new_link(tx: &mut Tx<'_>, key: &str) -> Result<Option<Posted>> {
    let Some(login) = logins::by_email(tx, key)?.filter(|l| l.confirmed_at.is_none()) else {
        return Ok(None);
    };
    let Some(account) = accounts::by_id(tx, login.account_id)?.filter(|a| a.is_active()) else {
        return Ok(None);
    };
    let token = links::create(tx, account.id, Purpose::Confirm)?;
    letters::write(tx, &addressee(&login, &account.username), &About::Confirm(token)).map(Some)
}

/// Removes up to `limit` accounts that nobody confirmed while their link worked, so that their handles are free again. For the nightly job;
/// nobody ever saw these accounts, so nobody has to be told.
///
/// # Errors
/// Internal.
pub fn forget_unconfirmed(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<AccountId>> {
    let before = tx.now().minus(2 * Purpose::Confirm.duration());
    let forgotten = logins::unconfirmed_since(tx, before, limit)?;
    for id in &forgotten {
        accounts::delete(tx, *id)?;
    }
    Ok(forgotten)
}
