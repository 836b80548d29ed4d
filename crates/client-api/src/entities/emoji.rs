//! CustomEmoji. Source: <https://docs.joinmastodon.org/entities/CustomEmoji/>.

use parvis_domain::rows::Emoji;
use parvis_model::urls::Urls;
use serde::Serialize;

/// A picture that stands for a short code.
#[derive(Clone, Debug, Serialize)]
pub struct CustomEmoji {
    shortcode: String,
    url: String,
    static_url: String,
    visible_in_picker: bool,
    category: Option<String>,
}

impl CustomEmoji {
    /// Renders an emoji of the town, or of another server through us.
    #[must_use]
    pub fn of(emoji: &Emoji, urls: &Urls) -> Self {
        let url = if emoji.host.is_empty() {
            urls.media_file(&emoji.image)
        } else {
            urls.foreign_emoji(emoji.id, &emoji.image)
        };
        Self {
            shortcode: emoji.shortcode.clone(),
            static_url: url.clone(),
            url,
            visible_in_picker: emoji.host.is_empty(),
            category: emoji.category.clone(),
        }
    }

    /// Renders many.
    #[must_use]
    pub fn all(emojis: &[Emoji], urls: &Urls) -> Vec<Self> {
        emojis.iter().map(|e| Self::of(e, urls)).collect()
    }
}
