//! Our actors, posts and activities as ActivityPub documents: pure functions from loaded views, so that a page, a delivery and a collection say the
//! same.
//!
//! Neighbours: [`crate::wire`] reads what others send, [`crate::outbox`] decides what is sent, [`crate::serve`] serves. Deliberately not
//! here: the database, and who may see what.

pub mod activity;
pub mod actor;
pub mod note;
pub mod quote;

/// The media type of a stored file, from the end of its key.
fn media_type(key: &str) -> &'static str {
    match key.rsplit('.').next() {
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        _ => "image/jpeg",
    }
}

/// Custom emojis as `tag` members (Mastodon's `toot:Emoji`). Only the town's own are ever in its texts.
fn emoji_tags(
    urls: &parvis_model::urls::Urls,
    emojis: &[parvis_domain::rows::Emoji],
) -> Vec<serde_json::Value> {
    emojis
        .iter()
        .filter(|emoji| emoji.host.is_empty())
        .map(|emoji| {
            serde_json::json!({
                "id": urls.page(&format!("/emojis/{}", emoji.shortcode)),
                "type": "Emoji",
                "name": format!(":{}:", emoji.shortcode),
                "updated": emoji.created_at.to_rfc3339(),
                "icon": { "type": "Image", "mediaType": media_type(&emoji.image), "url": urls.media_file(&emoji.image) },
            })
        })
        .collect()
}
