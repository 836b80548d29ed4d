//! Reactions of other servers: favourites that may come with an emoji (Misskey's Like with content, Pleroma's EmojiReact). What is no emoji is a favourite all
//! the same.

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::{Tx, accounts};

use super::{RemoteEmoji, parts};
use crate::error::{OrNotFound, Result};
use crate::reactions;
use crate::shortcodes::{is_emoji, is_shortcode};

/// A favourite as it came.
#[derive(Clone, Debug, Default)]
pub struct RemoteReaction {
    /// The Like's own id.
    pub uri: Option<String>,
    /// The text that it has: an emoji, or `:shortcode:`.
    pub content: Option<String>,
    /// The custom emojis that it names.
    pub emojis: Vec<RemoteEmoji>,
}

/// Favourites a post. Of several reactions of one person the first counts.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn react(tx: &mut Tx<'_>, who: AccountId, post: StatusId, reaction: &RemoteReaction) -> Result<StatusId> {
    let emoji = match reaction.content.as_deref().map(str::trim) {
        Some(text) if is_emoji(text) => Some(text.to_owned()),
        Some(text) => custom(tx, who, text, &reaction.emojis)?,
        None => None,
    };
    reactions::favourite_with(tx, who, post, reaction.uri.as_deref(), emoji)
}

/// `:shortcode:` if the reaction brings its picture along, which is kept for its author's server. Misskey adds a host: `:shortcode@host:`.
fn custom(tx: &mut Tx<'_>, who: AccountId, text: &str, emojis: &[RemoteEmoji]) -> Result<Option<String>> {
    let Some(name) = text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')) else { return Ok(None) };
    let code = name.split('@').next().unwrap_or_default();
    let is_it = |emoji: &&RemoteEmoji| emoji.shortcode == code || emoji.shortcode == name;
    let Some(emoji) = emojis.iter().find(is_it).filter(|_| is_shortcode(code)) else { return Ok(None) };
    let host = accounts::by_id(tx, who)?.or_not_found()?.host;
    let kept = RemoteEmoji { shortcode: code.to_owned(), url: emoji.url.clone() };
    parts::keep_emojis(tx, &host, &[kept])?;
    Ok(Some(format!(":{code}:")))
}
