//! Pins of remote accounts: which posts of theirs (of a group: posts that it boosted) stand first on their page. Only the owner of a `featured` collection
//! says so; the door checked the signature.

use parvis_model::account::ActorKind;
use parvis_model::status::REMOTE_PINS_MAX;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::statuses::{self, Status};
use parvis_store::{Tx, reactions};

use super::Outcome;
use crate::error::Result;

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
