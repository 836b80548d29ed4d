//! Choosing a new password by a link sent to one's address.

use std::net::IpAddr;

use parvis_model::refusal::Refusal;
use parvis_store::{accounts, email_links, logins};

use super::confirm::confirm_address;
use super::{limits, password};
use crate::accounts::letters::{self, About, Posted};
use crate::accounts::links::{self, Purpose};
use crate::accounts::register::addressee;
use crate::error::{Error, Result};
use crate::{Conn, Town, Tx, secrets};

/// Sends a link to the owner of an address. Where there is no account the visitor gets the same answer.
///
/// # Errors
/// `Refused(TooManyAttempts)`; `Invalid` when this is no address.
pub async fn ask(town: &Town, email: &str, from: IpAddr) -> Result<()> {
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
    let Some(login) = logins::by_email(tx, key)? else { return Ok(None) };
    let Some(account) = accounts::by_id(tx, login.account_id)?.filter(|a| a.is_active()) else {
        return Ok(None);
    };
    let token = links::create(tx, account.id, Purpose::NewPassword)?;
    letters::write(tx, &addressee(&login, &account.username), &About::NewPassword(token)).map(Some)
}

/// Whether a link still works, for the page with the form.
///
/// # Errors
/// Internal.
pub fn is_usable(c: &mut Conn, token: &str) -> Result<bool> {
    let now = c.now();
    Ok(email_links::usable(c, &secrets::hash(token), Purpose::NewPassword.as_str(), now)?.is_some())
}

/// Uses a link: the new password is in force, all sessions and tokens end, and the address counts as confirmed.
///
/// # Errors
/// `Refused(LinkExpired)`; `Invalid` for the password (the link then still works).
pub async fn finish(town: &Town, token: &str, new_password: &str) -> Result<()> {
    let link = token.to_owned();
    if !town.db().read(move |c| is_usable(c, &link)).await? {
        return Err(Refusal::LinkExpired.into());
    }
    let hash = town.passwords().hash(new_password).await?;
    let link = token.to_owned();
    let letter = town.db().write(move |tx| apply(tx, &link, &hash)).await?;
    letters::send(town, letter).await;
    Ok(())
}

fn apply(tx: &mut Tx<'_>, token: &str, hash: &str) -> Result<Posted> {
    let now = tx.now();
    let purpose = Purpose::NewPassword.as_str();
    let id = email_links::use_up(tx, &secrets::hash(token), purpose, now)?
        .ok_or(Error::Refused(Refusal::LinkExpired))?;
    email_links::use_up_all(tx, id, purpose, now)?;
    confirm_address(tx, id)?;
    password::replace(tx, id, hash)
}
