//! Posts by one of their addresses, whoever asks: for deciding what to do with an activity or a link. Who may see it is in `access`.

use parvis_model::ids::StatusId;
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

/// Posts by their addresses, as [`status`] finds each: in the order of the texts, those that are not there left out. Two statements, however many.
///
/// # Errors
/// Internal.
pub fn statuses(c: &mut Conn, urls: &Urls, texts: &[String]) -> Result<Vec<Status>> {
    let by_uri = statuses::by_uris(c, texts)?;
    let ids: Vec<StatusId> = texts.iter().filter_map(|text| urls.status_of(text)).collect();
    let by_page = statuses::by_ids(c, &ids)?;
    let find = |text: &String| {
        let of_page = |s: &&Status| s.is_local && s.url == *text;
        by_uri.iter().find(|s| s.uri == *text).or_else(|| by_page.iter().find(of_page)).cloned()
    };
    Ok(texts.iter().filter_map(find).collect())
}
