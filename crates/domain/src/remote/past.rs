//! What a group elsewhere showed before somebody here followed it is asked for once, in a job of its own, when the first follower comes: later ones find it here.

use parvis_model::account::ActorKind;
use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_store::accounts::Account;
use parvis_store::{Conn, Tx, accounts, follows, jobs};

use crate::error::Result;

/// The job that fetches it.
pub const PAST: &str = "remote.past";

/// Whether an account has a past that is asked for: a group of another server with an outbox.
fn has_one(account: &Account) -> bool {
    !account.is_local()
        && account.kind == ActorKind::Group.as_str()
        && account.is_active()
        && !account.outbox.is_empty()
}

/// The group with this id, if its past is still wanted: somebody here follows it.
///
/// # Errors
/// Internal.
pub fn wanted(c: &mut Conn, uri: &str) -> Result<Option<Account>> {
    match accounts::by_uri(c, uri)?.filter(has_one) {
        Some(group) if follows::has_local_follower(c, group.id)? => Ok(Some(group)),
        _ => Ok(None),
    }
}

/// Asks for the past of a group that somebody here is the first to follow. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::FollowAccepted { follower, followee, .. } => want(tx, *follower, *followee),
        _ => Ok(()),
    }
}

fn want(tx: &mut Tx<'_>, follower: AccountId, group: AccountId) -> Result<()> {
    let Some(group) = accounts::by_id(tx, group)?.filter(has_one) else { return Ok(()) };
    let is_ours = accounts::by_id(tx, follower)?.is_some_and(|a| a.is_local());
    if !is_ours || follows::count_local_followers(tx, group.id)? > 1 {
        return Ok(());
    }
    let payload = serde_json::json!({ "uri": group.uri }).to_string();
    let now = tx.now();
    jobs::enqueue(tx, PAST, &payload, Some(&format!("{PAST}/{}", group.id)), now)?;
    tx.notify("jobs", 0);
    Ok(())
}
