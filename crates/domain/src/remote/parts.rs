//! What hangs on remote posts and profiles: emojis, pictures, hashtags, mentions, and HTML that fits its column.

use parvis_model::ids::{AccountId, EmojiId, MediaId, StatusId};
use parvis_model::status::{DESCRIPTION_MAX, REMOTE_MEDIA_MAX, REMOTE_RECIPIENTS_MAX, REMOTE_TAGS_MAX};
use parvis_store::accounts::{self, Account};
use parvis_store::media::{self, Media};
use parvis_store::policy::{self, Emoji};
use parvis_store::{Tx, status_parts};
use parvis_text::Hashtag;

use super::{RemoteEmoji, RemoteMedia, RemoteNote, picture};
use crate::error::Result;
use crate::groups;
use crate::shortcodes::is_shortcode;

/// Sanitised HTML of at most `max_out` characters, from at most `max_in` bytes of foreign HTML.
pub(super) fn fitting_html(input: &str, max_in: usize, max_out: usize) -> String {
    let html = parvis_text::sanitise::html(cut(input, max_in));
    if html.chars().count() <= max_out {
        return html;
    }
    // Markup made it too long: the text alone, escaped at worst sixfold, fits.
    let text = parvis_text::sanitise::plain_text(&html);
    parvis_text::sanitise::html(&escaped(cut(&text, max_out / 8)))
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn cut(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Keeps the emojis of a post or profile for its host.
pub(super) fn keep_emojis(tx: &mut Tx<'_>, host: &str, emojis: &[RemoteEmoji]) -> Result<()> {
    let wanted: Vec<(&RemoteEmoji, String)> = emojis
        .iter()
        .filter(|e| is_shortcode(&e.shortcode))
        .filter_map(|e| Some((e, picture(Some(&e.url))?)))
        .take(REMOTE_TAGS_MAX)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let codes: Vec<String> = wanted.iter().map(|(e, _)| e.shortcode.clone()).collect();
    let known = policy::emojis(tx, &codes, &[host.to_owned()])?;
    for (emoji, image) in wanted {
        if known.iter().any(|k| k.shortcode == emoji.shortcode && k.image == image) {
            continue;
        }
        let row = Emoji {
            id: EmojiId(tx.new_id()),
            shortcode: emoji.shortcode.clone(),
            host: host.to_owned(),
            image,
            category: None,
            created_at: tx.now(),
        };
        policy::set_remote_emoji(tx, &row)?;
    }
    Ok(())
}

/// Writes the pictures of a post anew: http(s) addresses, at most 16, with what is to be seen on them.
pub(super) fn write_media(
    tx: &mut Tx<'_>,
    status: StatusId,
    author: AccountId,
    pictures: &[RemoteMedia],
) -> Result<()> {
    // Those of an earlier version lie about until they are thrown away with their files.
    media::detach_all(tx, status)?;
    let usable = pictures.iter().filter_map(|m| Some((m, picture(Some(&m.url))?)));
    for (position, (one, url)) in (0_i16..).zip(usable.take(REMOTE_MEDIA_MAX)) {
        let (width, height) = (i32::try_from(one.width).unwrap_or(0), i32::try_from(one.height).unwrap_or(0));
        let row = Media {
            status_id: Some(status),
            position,
            mime: one.mime.chars().take(100).collect(),
            description: one.description.replace('\0', "").chars().take(DESCRIPTION_MAX).collect(),
            focus_x: one.focus.0.clamp(-1.0, 1.0),
            focus_y: one.focus.1.clamp(-1.0, 1.0),
            blurhash: one.blurhash.clone().filter(|h| h.len() <= 200 && h.is_ascii()),
            width,
            height,
            remote_url: Some(url),
            remote_preview_url: picture(one.preview.as_ref()),
            duration_ms: one.duration.max(0),
            ..Media::new(MediaId(tx.new_id()), author, one.kind.as_str(), tx.now())
        };
        media::insert(tx, &row)?;
    }
    Ok(())
}

/// The hashtags that can be kept, each once.
pub(super) fn hashtags(note: &RemoteNote) -> Vec<Hashtag> {
    let mut kept: Vec<Hashtag> = Vec::new();
    for display in note.hashtags.iter().take(REMOTE_TAGS_MAX) {
        let Some(name) = parvis_text::hashtag_name(display) else { continue };
        if name.chars().count() <= 200 && !kept.iter().any(|k| k.name == name) {
            kept.push(Hashtag { name, display: display.chars().take(200).collect() });
        }
    }
    kept
}

/// The accounts that a post mentions and that we know. Those of this town who are addressed without being mentioned count as mentioned when
/// the post is not for everybody, or they could not see it.
pub(super) fn mentioned(tx: &mut Tx<'_>, note: &RemoteNote) -> Result<Vec<Account>> {
    Ok(named(tx, note)?.mentioned)
}

/// Whom a post names.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// As [`mentioned`].
    pub(super) mentioned: Vec<Account>,
    /// Groups of this town, mentioned or addressed: its `audience` (FEP-1b12) before others.
    pub(super) groups: Vec<Account>,
}

/// Whom a post names, of those that we know. One statement.
pub(super) fn named(tx: &mut Tx<'_>, note: &RemoteNote) -> Result<Named> {
    let is_for_everybody = note.is_public || note.is_unlisted;
    let wanted: Vec<String> =
        note.mentions.iter().chain(&note.recipients).take(REMOTE_RECIPIENTS_MAX).cloned().collect();
    if wanted.is_empty() {
        return Ok(Named::default());
    }
    let known = accounts::by_uris(tx, &wanted)?;
    let mut groups: Vec<Account> = known.iter().filter(|a| groups::is_group(a)).cloned().collect();
    groups.sort_by_key(|a| note.recipients.iter().rev().chain(&note.mentions).position(|uri| *uri == a.uri));
    let mentioned = known
        .into_iter()
        .filter(|a| a.is_active())
        .filter(|a| note.mentions.contains(&a.uri) || (!is_for_everybody && a.is_local()))
        .take(REMOTE_TAGS_MAX)
        .collect();
    Ok(Named { mentioned, groups })
}

/// The ids of those whom a post mentions already.
pub(super) fn mentioned_before(tx: &mut Tx<'_>, status: StatusId) -> Result<Vec<AccountId>> {
    Ok(status_parts::mentions_of(tx, &[status])?.into_iter().map(|m| m.account_id).collect())
}
