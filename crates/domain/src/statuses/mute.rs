//! Muting a conversation: nothing that happens in it is told any more. Its posts still show. `notifications` asks for it.

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::{Tx, thread_mutes};

use crate::access;
use crate::error::Result;

/// Mutes the conversation of a post (of a boost, of the post behind it), or ends that; returns the post.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn mute(tx: &mut Tx<'_>, who: AccountId, id: StatusId, is_muted: bool) -> Result<StatusId> {
    let status = if is_muted {
        access::original(tx, who, id)?
    } else {
        access::reacted_to(tx, who, id, |c, post| Ok(thread_mutes::is_muted(c, who, post)?))?
    };
    if is_muted {
        thread_mutes::mute(tx, who, status.thread_id)?;
    } else {
        thread_mutes::unmute(tx, who, status.thread_id)?;
    }
    Ok(status.id)
}
