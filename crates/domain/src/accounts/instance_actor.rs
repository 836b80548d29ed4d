//! The town as an actor of its own, at `/`: it signs what nobody in particular asks for (fetches in secure mode). Made at the first start.

use parvis_model::account::ActorKind;
use parvis_model::handle::{REMOTE_MAX, skeleton};
use parvis_model::ids::AccountId;
use parvis_store::accounts;

use super::key_pool::{self, Pairs};
use super::local;
use crate::error::{Error, Result};
use crate::events::{context_of, urls_of};
use crate::{Conn, Town, Tx};

/// Its name when the host is too long for one.
const FALLBACK: &str = "instance.actor";

/// Makes the actor unless it is there; its id.
///
/// # Errors
/// Internal.
pub async fn ensure(town: &Town) -> Result<AccountId> {
    let uri = town.urls().instance_actor();
    if let Some(id) = town.db().read(move |c| find(c, &uri)).await? {
        return Ok(id);
    }
    let pair = key_pool::make(town).await?;
    town.db().write(move |tx| insert(tx, &pair)).await
}

/// The actor with the town's own address, if it was made.
///
/// # Errors
/// Internal.
pub fn find(c: &mut Conn, uri: &str) -> Result<Option<AccountId>> {
    Ok(accounts::by_uri(c, uri)?.map(|a| a.id))
}

fn insert(tx: &mut Tx<'_>, pair: &Pairs) -> Result<AccountId> {
    let urls = urls_of(tx)?;
    // Another node may have been faster.
    if let Some(id) = find(tx, &urls.instance_actor())? {
        return Ok(id);
    }
    let context = context_of(tx)?;
    let host = context.settings.domain.host();
    let name = if host.len() <= REMOTE_MAX { host } else { FALLBACK };
    let mut account = local::row(tx, name, skeleton(name), ActorKind::Application)?;
    account.uri = urls.instance_actor();
    account.url = urls.page("/about");
    account.display_name = parvis_text::names::display_name(
        &context.settings.town.name,
        parvis_model::account::DISPLAY_NAME_MAX,
    );
    account.is_discoverable = false;
    account.is_locked = true;
    account.inbox = urls.page("/actor/inbox");
    account.outbox = urls.page("/actor/outbox");
    account.followers_uri = urls.page("/actor/followers");
    account.featured_uri = None;
    if !local::insert(tx, &account, Some(pair))? {
        return Err(Error::internal("a key pair was given and not taken"));
    }
    Ok(account.id)
}
