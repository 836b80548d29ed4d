//! What is gone, and what was undone before it came: remembered, so that late copies stay out (threats R7, R8).

use parvis_model::ids::AccountId;
use parvis_model::time::DAY;
use parvis_store::policy::{self, Tombstone};
use parvis_store::{Conn, Tx, accounts, statuses};

use super::{Outcome, foreign};
use crate::error::{OrNotFound, Result};
use crate::events::urls_of;
use crate::quotes;

/// How long tombstones of others are kept.
pub const KEPT_FOR: i64 = 30 * DAY;
/// Kind of a tombstone of something that was taken back.
const UNDONE: &str = "undone";

/// Somebody says that something of theirs is gone: a post, a boost, or themselves. Unknown things are remembered as gone, so that a Create that
/// is late does not bring them (R7). Only the author deletes (O8); nothing of ours goes (O6).
///
/// # Errors
/// [`crate::Error::NotFound`] when `who` is unknown.
pub fn delete(tx: &mut Tx<'_>, who: AccountId, uri: &str) -> Result<Outcome<()>> {
    let actor = accounts::by_id(tx, who)?.or_not_found()?;
    let urls = urls_of(tx)?;
    let Ok(url) = foreign(&urls, uri) else { return Ok(Outcome::Dropped("not theirs to delete")) };
    if url.as_str() == actor.uri {
        bury(tx, uri, &actor.uri, "actor")?;
        crate::accounts::delete::delete(tx, who)?;
        return Ok(Outcome::Kept(()));
    }
    if !super::is_same_server(&actor.uri, &url) {
        return Ok(Outcome::Dropped("not theirs to delete"));
    }
    if quotes::revoked_by_author(tx, who, url.as_str())? {
        return Ok(Outcome::Kept(()));
    }
    match statuses::by_uri(tx, url.as_str())? {
        Some(status) if status.account_id != who => Ok(Outcome::Dropped("not theirs to delete")),
        Some(status) if status.boost_of_id.is_some() => {
            crate::statuses::boost::undo(tx, &status)?;
            bury(tx, url.as_str(), &actor.uri, policy::PUBLIC_STATUS)?;
            Ok(Outcome::Kept(()))
        }
        Some(status) => {
            crate::statuses::delete::remove(tx, &status)?;
            Ok(Outcome::Kept(()))
        }
        None => {
            bury(tx, url.as_str(), &actor.uri, policy::PUBLIC_STATUS)?;
            Ok(Outcome::Kept(()))
        }
    }
}

/// Remembers that an activity was taken back, so that it has no effect when it comes (again). Only activities of the actor's own server.
///
/// # Errors
/// [`crate::Error::NotFound`] when `who` is unknown.
pub fn remember_undone(tx: &mut Tx<'_>, who: AccountId, activity_uri: &str) -> Result<()> {
    let actor = accounts::by_id(tx, who)?.or_not_found()?;
    let urls = urls_of(tx)?;
    if let Ok(url) = foreign(&urls, activity_uri)
        && super::is_same_server(&actor.uri, &url)
    {
        bury(tx, url.as_str(), &actor.uri, UNDONE)?;
    }
    Ok(())
}

/// Whether an activity or object of this actor is gone or was taken back.
///
/// # Errors
/// Internal.
pub fn is_gone(tx: &mut Tx<'_>, actor_uri: &str, uri: &str) -> Result<bool> {
    Ok(policy::tombstone(tx, uri)?.is_some_and(|t| t.actor_uri == actor_uri))
}

/// Whether a post is remembered as deleted.
///
/// # Errors
/// Internal.
pub fn is_buried(c: &mut Conn, uri: &str) -> Result<bool> {
    let is_post = |kind: &str| [policy::PUBLIC_STATUS, policy::PRIVATE_STATUS].contains(&kind);
    Ok(policy::tombstone(c, uri)?.is_some_and(|t| is_post(&t.kind)))
}

/// Somebody takes back that something of theirs is gone, and its own server has it again: a post may come once more (Lemmy restores posts so).
/// `false` when it was not they who deleted it.
///
/// # Errors
/// Internal.
pub fn unbury(tx: &mut Tx<'_>, actor_uri: &str, uri: &str) -> Result<bool> {
    let is_theirs = is_gone(tx, actor_uri, uri)? && is_buried(tx, uri)?;
    if is_theirs {
        policy::unbury(tx, uri)?;
    }
    Ok(is_theirs)
}

/// Forgets what is old enough. Ours stay for ever: our ids are never given again.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now().minus(KEPT_FOR);
    let prefix = format!("{}/", urls_of(tx)?.base());
    Ok(policy::forget_tombstones(tx, before, &prefix)?)
}

fn bury(tx: &mut Tx<'_>, uri: &str, actor_uri: &str, kind: &str) -> Result<()> {
    let row = Tombstone {
        uri: uri.to_owned(),
        actor_uri: actor_uri.to_owned(),
        kind: kind.to_owned(),
        created_at: tx.now(),
    };
    Ok(policy::bury(tx, &row)?)
}
