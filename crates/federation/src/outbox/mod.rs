//! What leaves the town: a listener that writes ONE outbox row per event of a local account, in the transaction of the event, whatever the number
//! of recipients. Accounts of other servers speak for themselves.
//!
//! Neighbours: [`crate::objects`] renders, `domain::outbox` writes the row, `delivery` sends it. Deliberately not here: HTTP.

pub(crate) mod groups;
mod polls;
mod posts;
mod quotes;
mod relations;
mod reports;
#[cfg(test)]
mod tests;

use parvis_domain::outbox::{Audience, Outgoing};
use parvis_domain::rows::Account;
use parvis_domain::{Record, Result, Tx, actors, outbox};
use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use serde_json::Value;

use crate::objects::{activity, actor};
use crate::wire::with_context;

/// Writes what an event makes a local account say to other servers. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::StatusPublished { id, author } => posts::published(tx, *id, *author),
        Event::StatusEdited { id, author } => posts::edited(tx, *id, *author),
        Event::StatusDeleted { id, author, uri } => posts::deleted(tx, *id, *author, uri),
        Event::BoostUndone { id, author, original } => posts::unboosted(tx, *id, *author, *original),
        Event::Favourited { status, by } => relations::liked(tx, *status, *by),
        Event::GroupModerated { group, by, deed } => groups::moderated(tx, *group, *by, deed),
        Event::FavouriteUndone { status, by, uri } => relations::unliked(tx, *status, *by, uri.as_deref()),
        Event::Voted { poll, status, by } => polls::voted(tx, *poll, *status, *by),
        Event::PollCounted { status, author } => posts::poll_counted(tx, *status, *author),
        Event::FollowRequested { follow, follower, followee } => {
            relations::asked_to_follow(tx, *follow, *follower, *followee)
        }
        Event::FollowAccepted { follow, follower, followee } => {
            relations::accepted(tx, *follow, *follower, *followee)
        }
        Event::FollowRejected { follower, followee, uri } => {
            relations::rejected(tx, *follower, *followee, uri)
        }
        Event::Unfollowed { follower, followee, uri } => relations::unfollowed(tx, *follower, *followee, uri),
        Event::Blocked { by, target, uri } => relations::blocked(tx, *by, *target, uri),
        Event::Unblocked { by, target, uri } => relations::unblocked(tx, *by, *target, uri),
        Event::PinChanged { account, status, is_pinned } => posts::pinned(tx, *account, *status, *is_pinned),
        Event::ProfileChanged { account }
        | Event::AccountSuspended { account }
        | Event::AccountRestored { account } => profile_changed(tx, *account),
        Event::AccountDeleted { account, .. } => account_deleted(tx, *account),
        Event::AccountMoved { account, target } => relations::moved(tx, *account, *target),
        Event::QuoteRequested { status, by } => quotes::requested(tx, *status, *by),
        Event::QuoteAccepted { status, by } => quotes::accepted(tx, *status, *by),
        Event::QuoteRefused { quoted, by, request, quoting } => {
            quotes::refused(tx, *quoted, *by, request, quoting)
        }
        Event::QuoteRevoked { status, by, quoted, approval_uri } => {
            quotes::revoked(tx, *status, *by, *quoted, approval_uri.as_deref())
        }
        Event::QuotePolicyChanged { status, author } => posts::edited(tx, *status, *author),
        Event::Reported { report } => reports::forwarded(tx, *report),
        Event::SignedUp { .. }
        | Event::Warned { .. }
        | Event::Muted { .. }
        | Event::BookmarkChanged { .. }
        | Event::IndexingChosen { .. }
        | Event::PollEnded { .. }
        | Event::TokensRevoked { .. }
        | Event::ServerShutOut { .. }
        | Event::DomainPolicyChanged => Ok(()),
    }
}

/// An account, if it is of this town.
fn local(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Account>> {
    Ok(actors::by_id(tx, id)?.filter(Account::is_local))
}

/// An account, if it is of another server.
fn remote(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Account>> {
    Ok(actors::by_id(tx, id)?.filter(|a| !a.is_local()))
}

/// Where an account of another server is reached: (host, inbox).
fn inbox_of(account: &Account) -> (String, String) {
    (account.host.clone(), account.delivery_inbox().to_owned())
}

/// A new id for an activity of this account.
fn new_id(tx: &Tx<'_>, account: &Account, name: &str) -> Result<String> {
    Ok(tx.context()?.urls.activity(&account.username, &format!("{name}/{}", tx.new_id())))
}

/// Writes the row.
fn send(
    tx: &mut Tx<'_>,
    actor: &Account,
    object_uri: Option<String>,
    activity: Value,
    audience: Audience,
) -> Result<()> {
    say(tx, actor, object_uri, activity, audience).map(drop)
}

/// The same; returns what was said, as it is sent.
fn say(
    tx: &mut Tx<'_>,
    actor: &Account,
    object_uri: Option<String>,
    activity: Value,
    audience: Audience,
) -> Result<String> {
    let uri = activity.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let body = with_context(activity).to_string();
    let outgoing = Outgoing { uri, actor: actor.id, object_uri, body: body.clone(), audience };
    outbox::write(tx, outgoing)?;
    Ok(body)
}

fn profile_changed(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let Some(account) = local(tx, id)?.filter(|a| a.gone_at.is_none()) else { return Ok(()) };
    let context = tx.context()?;
    let keys = actors::keys_of(tx, id)?;
    let view = actors::view(tx, &account)?;
    let aliases = actors::aliases_of(tx, id)?;
    let document = actor::document(&context.urls, &view, &keys, &aliases);
    let update_id = new_id(tx, &account, "updates")?;
    let update = activity::update_actor(&update_id, &account.uri, &account.followers_uri, document);
    let audience = Audience { followers_of: Some(id), ..Audience::default() };
    send(tx, &account, None, update, audience)
}

fn account_deleted(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let Some(account) = local(tx, id)? else { return Ok(()) };
    let explicit = outbox::everybody_who_heard(tx, id)?;
    let delete = activity::delete_actor(&account.uri);
    send(tx, &account, Some(account.uri.clone()), delete, Audience { explicit, ..Audience::default() })
}
