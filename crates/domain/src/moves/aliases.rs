//! Former addresses: other accounts that somebody names as theirs, so that they may move here. Shown to other servers as `alsoKnownAs`.

use parvis_model::event::Event;
use parvis_model::handle::Address;
use parvis_model::ids::AccountId;
use parvis_model::moves::ALIASES_MAX;
use parvis_model::refusal::Refusal;
use parvis_store::{accounts, moves as rows};

use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;
use crate::{Conn, Town, Tx, access, search};

/// A former address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The ActivityPub id.
    pub uri: String,
    /// `@ana@old.example`, when the account is known here.
    pub handle: Option<String>,
}

/// The account at an address that somebody typed, asked for at its server when it is unknown here.
///
/// # Errors
/// `Invalid(AliasUnusable)` under the name of `field`.
pub async fn look_up(town: &Town, typed: &str, field: &'static str) -> Result<AccountId> {
    let unusable = || Error::field(field, Refusal::AliasUnusable);
    let typed = typed.trim().trim_start_matches('@');
    let address = Address::parse(typed, town.urls().domain()).ok_or_else(unusable)?;
    let found = search::by_address(town, address, true).await?;
    found.first().map(|view| view.account.id).ok_or_else(unusable)
}

/// Names the account at an address as a former one.
///
/// # Errors
/// `Invalid(AliasUnusable)`; [`Refusal::TooManyKept`]; `NotFound` for an account that is not of this town.
pub async fn add(town: &Town, me: AccountId, typed: &str) -> Result<()> {
    let other = look_up(town, typed, "alias").await?;
    town.db().write(move |tx| add_known(tx, me, other)).await
}

/// Names a known account as a former one. Twice is once.
///
/// # Errors
/// As [`add`].
pub fn add_known(tx: &mut Tx<'_>, me: AccountId, other: AccountId) -> Result<()> {
    if me == other {
        return Err(Error::field("alias", Refusal::AliasUnusable));
    }
    let other = access::active_account(tx, other)?;
    let named = rows::aliases(tx, me)?;
    if named.len() >= ALIASES_MAX && !named.contains(&other.uri) {
        return Err(Error::Refused(Refusal::TooManyKept));
    }
    if rows::add_alias(tx, me, &other.uri)? { changed(tx, me) } else { Ok(()) }
}

/// Names it no longer. One that was not named is no error.
///
/// # Errors
/// `NotFound` for an account that is not of this town.
pub fn remove(tx: &mut Tx<'_>, me: AccountId, uri: &str) -> Result<()> {
    if rows::remove_alias(tx, me, uri)? { changed(tx, me) } else { Ok(()) }
}

/// The former addresses that an account names.
///
/// # Errors
/// Internal.
pub fn list(c: &mut Conn, of: AccountId) -> Result<Vec<Alias>> {
    let uris = rows::aliases(c, of)?;
    let known = if uris.is_empty() { Vec::new() } else { accounts::by_uris(c, &uris)? };
    let handle = |uri: &String| known.iter().find(|a| a.uri == *uri).map(|a| format!("@{}", a.acct()));
    Ok(uris.into_iter().map(|uri| Alias { handle: handle(&uri), uri }).collect())
}

/// Other servers learn of it by an Update.
pub(super) fn changed(tx: &mut Tx<'_>, me: AccountId) -> Result<()> {
    let mut account = accounts::by_id(tx, me)?.filter(|a| a.is_local() && a.is_active()).or_not_found()?;
    account.version += 1;
    accounts::save(tx, &account)?;
    tx.record(Event::ProfileChanged { account: me })
}
