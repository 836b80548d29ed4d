//! A post by one of its addresses, whoever asks: for deciding what to do with an activity or a link. Who may see it is in `access`.

use parvis_model::urls::Urls;
use parvis_store::Conn;
use parvis_store::statuses::{self, Status};

use crate::error::Result;

/// A post by its ActivityPub id or, if it is ours, by the address of its page. Only by exactly its own addresses: its number under somebody else's
/// name is no address of it, or anybody could try out which numbers there are (threats I2).
///
/// # Errors
/// Internal.
pub fn status(c: &mut Conn, urls: &Urls, text: &str) -> Result<Option<Status>> {
    if let Some(found) = statuses::by_uri(c, text)? {
        return Ok(Some(found));
    }
    Ok(match urls.status_of(text) {
        Some(id) => statuses::by_id(c, id)?.filter(|s| s.is_local && s.url == text),
        None => None,
    })
}
