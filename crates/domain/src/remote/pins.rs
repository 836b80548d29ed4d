//! Pins of remote accounts: which posts of theirs (of a group: posts that it boosted) stand first on their page. Only the owner of a `featured` collection
//! says so; the door checked the signature, or read the collection at its address.

use parvis_model::account::ActorKind;
use parvis_model::ids::AccountId;
use parvis_model::status::REMOTE_PINS_MAX;
use parvis_model::time::{DAY, MINUTE, Moment};
use parvis_model::visibility::Visibility;
use parvis_store::accounts::{self, Account};
use parvis_store::statuses::{self, Status};
use parvis_store::{Tx, jobs, reactions};

use super::Outcome;
use crate::error::Result;

/// How long after first contact a collection is read.
const LATER: i64 = MINUTE;
/// After this a collection is read again together with its owner's document.
const AGAIN: i64 = DAY;

/// Pins a post that is here. The oldest pin gives way when there are many.
///
/// # Errors
/// Internal.
pub fn add(tx: &mut Tx<'_>, owner: &Account, collection: &str, post_uri: &str) -> Result<Outcome<()>> {
    if owner.is_local() || owner.featured_uri.as_deref() != Some(collection) {
        return Ok(Outcome::Dropped("not their collection"));
    }
    let Some(post) = statuses::by_uri(tx, post_uri)?.filter(|s| s.boost_of_id.is_none()) else {
        return Ok(Outcome::Dropped("a post that is not here"));
    };
    if !Visibility::from_code(post.visibility).is_for_everybody() || !may_stand_there(tx, owner, &post)? {
        return Ok(Outcome::Dropped("a post that they cannot pin"));
    }
    let pinned = reactions::pinned(tx, owner.id)?;
    if pinned.contains(&post.id) {
        return Ok(Outcome::Kept(()));
    }
    for oldest in pinned.iter().skip(REMOTE_PINS_MAX - 1) {
        reactions::unpin(tx, owner.id, *oldest)?;
    }
    let now = tx.now();
    reactions::pin(tx, owner.id, post.id, now)?;
    Ok(Outcome::Kept(()))
}

/// The job that reads what an account pins.
pub const READ: &str = "remote.featured";

/// Has the collection of a new account, or of one that was read again, read in a job of its own. Most of those whom a town hears of are never looked at, so it
/// waits behind everything else.
pub(super) fn want(tx: &mut Tx<'_>, owner: &Account, read_before: Option<Moment>) -> Result<()> {
    let is_fresh = read_before.is_some_and(|at| tx.now().since(at) < AGAIN);
    if is_fresh || owner.featured_uri.is_none() || owner.suspended_at.is_some() {
        return Ok(());
    }
    let payload = serde_json::json!({ "account": owner.id }).to_string();
    let later = tx.now().plus(LATER);
    jobs::enqueue(tx, READ, &payload, Some(&format!("{READ}/{}", owner.id)), later)?;
    Ok(())
}

/// Pins exactly what the collection lists, as far as it is here and may stand there, in its order.
///
/// # Errors
/// Internal.
pub fn replace(tx: &mut Tx<'_>, owner: AccountId, collection: &str, listed: &[String]) -> Result<()> {
    let Some(owner) = accounts::by_id(tx, owner)?.filter(|a| !a.is_local() && a.is_active()) else {
        return Ok(());
    };
    if owner.featured_uri.as_deref() != Some(collection) {
        return Ok(());
    }
    let mut wanted = Vec::new();
    for uri in listed.iter().take(REMOTE_PINS_MAX) {
        let post = statuses::by_uri(tx, uri)?.filter(|s| s.boost_of_id.is_none());
        if let Some(post) = post.filter(|s| Visibility::from_code(s.visibility).is_for_everybody())
            && may_stand_there(tx, &owner, &post)?
            && !wanted.contains(&post.id)
        {
            wanted.push(post.id);
        }
    }
    if reactions::pinned(tx, owner.id)? == wanted {
        return Ok(());
    }
    for old in reactions::pinned(tx, owner.id)? {
        reactions::unpin(tx, owner.id, old)?;
    }
    let mut at = tx.now();
    for post in wanted {
        // The last that was pinned is shown first.
        reactions::pin(tx, owner.id, post, at)?;
        at = at.minus(1);
    }
    Ok(())
}

/// Takes a pin off. What was not pinned is no error.
///
/// # Errors
/// Internal.
pub fn remove(tx: &mut Tx<'_>, owner: &Account, collection: &str, post_uri: &str) -> Result<Outcome<()>> {
    if owner.is_local() || owner.featured_uri.as_deref() != Some(collection) {
        return Ok(Outcome::Dropped("not their collection"));
    }
    if let Some(post) = statuses::by_uri(tx, post_uri)? {
        reactions::unpin(tx, owner.id, post.id)?;
    }
    Ok(Outcome::Kept(()))
}

fn may_stand_there(tx: &mut Tx<'_>, owner: &Account, post: &Status) -> Result<bool> {
    let is_group = owner.kind == ActorKind::Group.as_str();
    Ok(post.account_id == owner.id || (is_group && statuses::boost_by(tx, owner.id, post.id)?.is_some()))
}
