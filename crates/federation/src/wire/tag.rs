//! `tag`: mentions, hashtags and custom emoji.

use parvis_model::time::Moment;
use url::Url;

use super::limits::TAGS;
use super::members::Members;

/// Somebody who is mentioned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The actor's id.
    pub href: Url,
    /// How the text names them, `@bea@away.example`.
    pub name: Option<String>,
}

/// A picture that stands in the text for `:shortcode:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmojiTag {
    /// The name without colons: letters, digits, `_`, `-`, `.` and at most 64 of them.
    pub shortcode: String,
    /// The emoji's own id, if it has one.
    pub id: Option<Url>,
    /// The picture.
    pub url: Url,
    /// When the picture was changed last.
    pub updated: Option<Moment>,
}

/// What `tag` holds, at most 100 together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// The mentions.
    pub mentions: Vec<Mention>,
    /// The hashtags without `#`, spelled as they came.
    pub hashtags: Vec<String>,
    /// The custom emoji.
    pub emoji: Vec<EmojiTag>,
}

impl Tags {
    pub(super) fn read(members: Members<'_>) -> Self {
        let mut tags = Self::default();
        for tag in members.many("tag").objects().take(TAGS) {
            if tag.is("Mention") {
                let mention = tag.url("href").map(|href| Mention { href, name: tag.text("name") });
                tags.mentions.extend(mention);
            } else if tag.is("Hashtag") {
                let name = tag.text("name").map(|name| name.trim_start_matches('#').to_owned());
                tags.hashtags.extend(name.filter(|name| !name.is_empty() && name.chars().count() <= 200));
            } else if tag.is("Emoji") {
                tags.emoji.extend(emoji(tag));
            }
        }
        tags
    }
}

fn emoji(tag: Members<'_>) -> Option<EmojiTag> {
    let name = tag.text("name")?;
    // Misskey names those of other servers with their host.
    let shortcode = name.trim_matches(':').split('@').next().unwrap_or_default();
    let usable = (1..=64).contains(&shortcode.len())
        && shortcode.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    let (url, _) = tag.media("icon")?;
    usable.then(|| EmojiTag {
        shortcode: shortcode.to_owned(),
        id: tag.id(),
        url,
        updated: tag.moment("updated"),
    })
}
