//! Announcement and its reactions. Source: <https://docs.joinmastodon.org/entities/Announcement/>.

use parvis_domain::announcements::{AnnouncementView, Reaction as ReactionView};
use parvis_model::ids::StatusId;
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use serde::Serialize;

use super::CustomEmoji;
use super::status::Mention;
use super::tag::StatusTag;

/// What the town says to everybody.
#[derive(Clone, Debug, Serialize)]
pub struct Announcement {
    id: String,
    content: String,
    starts_at: Option<String>,
    ends_at: Option<String>,
    all_day: bool,
    published_at: String,
    updated_at: String,
    /// Only for somebody in particular.
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<bool>,
    mentions: Vec<Mention>,
    statuses: Vec<Linked>,
    tags: Vec<StatusTag>,
    emojis: Vec<CustomEmoji>,
    reactions: Vec<Reaction>,
}

/// A post that it links to.
#[derive(Clone, Debug, Serialize)]
struct Linked {
    id: StatusId,
    url: String,
}

/// One emoji under it.
#[derive(Clone, Debug, Serialize)]
pub struct Reaction {
    name: String,
    count: i64,
    /// Only for somebody in particular.
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<bool>,
    /// Only of the town's own emojis.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    static_url: Option<String>,
}

/// What a stream says of one emoji under an announcement: the same to everybody.
#[derive(Clone, Debug, Serialize)]
pub struct ReactionChanged {
    #[serde(flatten)]
    reaction: Reaction,
    announcement_id: String,
}

impl ReactionChanged {
    /// Renders it.
    #[must_use]
    pub fn of(view: &ReactionView, announcement: i64, urls: &Urls) -> Self {
        Self { reaction: Reaction::of(view, urls), announcement_id: announcement.to_string() }
    }
}

impl Announcement {
    /// Renders an announcement for the viewer for whom its view was loaded, or for everybody.
    #[must_use]
    pub fn of(view: &AnnouncementView, urls: &Urls) -> Self {
        let row = &view.row;
        Self {
            id: row.id.to_string(),
            content: row.html.clone(),
            starts_at: row.starts_at.map(Moment::to_rfc3339),
            ends_at: row.ends_at.map(Moment::to_rfc3339),
            all_day: row.is_all_day,
            published_at: row.published_at.to_rfc3339(),
            updated_at: row.updated_at.to_rfc3339(),
            read: view.is_read,
            mentions: view.mentions.iter().map(Mention::of_account).collect(),
            statuses: view.statuses.iter().map(|(id, url)| Linked { id: *id, url: url.clone() }).collect(),
            tags: view.hashtags.iter().map(|t| StatusTag::named(&t.display, &t.name, urls)).collect(),
            emojis: CustomEmoji::all(&view.emojis, urls),
            reactions: view.reactions.iter().map(|r| Reaction::of(r, urls)).collect(),
        }
    }
}

impl Reaction {
    fn of(view: &ReactionView, urls: &Urls) -> Self {
        let url = view.custom.as_ref().map(|e| urls.media_file(&e.image));
        Self { name: view.name.clone(), count: view.count, me: view.is_mine, static_url: url.clone(), url }
    }
}
