//! The earlier versions of a post, and what its author typed. Neighbours: [`mod@super::edit`] writes the versions.

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::Conn;
use parvis_store::statuses::{self, Status, StatusEdit};

use crate::access::{self, Viewer};
use crate::error::{OrNotFound, Result};
use crate::views::{self, StatusView};

/// A post that the viewer may see, and its earlier versions, oldest first.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn history(c: &mut Conn, viewer: Viewer, id: StatusId) -> Result<(StatusView, Vec<StatusEdit>)> {
    let found = access::status(c, viewer, id)?;
    let view = views::of_status(c, viewer, found.id)?.or_not_found()?;
    Ok((view, statuses::edits_of(c, found.id)?))
}

/// One's own post with the text as it was typed.
///
/// # Errors
/// [`crate::Error::NotFound`] for posts of others and for boosts.
pub fn source(c: &mut Conn, author: AccountId, id: StatusId) -> Result<Status> {
    let found = access::own_status(c, author, id)?;
    Some(found).filter(|s| s.boost_of_id.is_none()).or_not_found()
}
