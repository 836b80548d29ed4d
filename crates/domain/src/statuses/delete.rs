//! Deleting a post: its author, or the town's moderation. Listeners hear of it while the row still stands; a tombstone keeps late copies out
//! (threats R7).

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::policy::{self, Tombstone};
use parvis_store::statuses::{self, Status};
use parvis_store::{Tx, accounts, media};

use crate::access;
use crate::error::{OrNotFound, Result};
use crate::events::Record;

/// Deletes one's own post. Its pictures stay for a day, so that the post can be written anew (Mastodon's "delete & redraft").
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn delete(tx: &mut Tx<'_>, author: AccountId, id: StatusId) -> Result<()> {
    let status = access::own_status(tx, author, id)?;
    if status.boost_of_id.is_some() {
        return super::boost::undo(tx, &status);
    }
    remove(tx, &status)
}

/// Deletes a post whoever wrote it: the way of remote deletes, moderation and account deletion, which check their right first.
///
/// # Errors
/// Internal.
pub(crate) fn remove(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let author = accounts::by_id(tx, status.account_id)?.or_not_found()?;
    tx.record(Event::StatusDeleted { id: status.id, author: status.account_id, uri: status.uri.clone() })?;
    let now = tx.now();
    let is_for_everybody = Visibility::from_code(status.visibility).is_for_everybody();
    policy::bury(
        tx,
        &Tombstone {
            uri: status.uri.clone(),
            actor_uri: author.uri,
            kind: if is_for_everybody { policy::PUBLIC_STATUS } else { policy::PRIVATE_STATUS }.to_owned(),
            created_at: now,
        },
    )?;
    media::detach_all(tx, status.id)?;
    statuses::disown_replies(tx, status.id)?;
    Ok(statuses::delete(tx, status.id)?)
}
