//! The town's own emojis: added and removed on the command line, listed for clients.

use parvis_model::ids::EmojiId;
use parvis_model::refusal::Refusal;
use parvis_store::policy::{self as rows, Emoji};
use parvis_store::{Conn, Tx};

use crate::error::{Error, OrNotFound, Result};
use crate::leftovers;
use crate::shortcodes::is_shortcode;

/// Adds an emoji whose picture is stored already ([`crate::media::keep_picture`]).
///
/// # Errors
/// [`Refusal::EmojiShape`] when the short code is none or taken.
pub fn add(tx: &mut Tx<'_>, shortcode: &str, image_key: &str, category: Option<&str>) -> Result<EmojiId> {
    if !is_shortcode(shortcode) {
        return Err(Error::field("shortcode", Refusal::EmojiShape));
    }
    let id = EmojiId(tx.new_id());
    let row = Emoji {
        id,
        shortcode: shortcode.to_owned(),
        host: String::new(),
        image: image_key.to_owned(),
        category: category.map(|c| c.chars().take(100).collect()),
        created_at: tx.now(),
    };
    match rows::insert_emoji(tx, &row) {
        Err(parvis_store::Error::Conflict(_)) => Err(Error::field("shortcode", Refusal::EmojiShape)),
        other => Ok(other.map(|()| id)?),
    }
}

/// Removes an emoji and returns the key of its picture, which a job deletes.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(tx: &mut Tx<'_>, shortcode: &str) -> Result<String> {
    let key = rows::remove_emoji(tx, shortcode)?.or_not_found()?.image;
    leftovers::delete(tx, std::slice::from_ref(&key))?;
    Ok(key)
}

/// All of the town.
///
/// # Errors
/// Internal.
pub fn list(c: &mut Conn) -> Result<Vec<Emoji>> {
    Ok(rows::local_emojis(c)?)
}
