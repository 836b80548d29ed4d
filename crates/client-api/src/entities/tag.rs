//! Tag. Source: <https://docs.joinmastodon.org/entities/Tag/>.

use parvis_domain::rows;
use parvis_model::ids::TagId;
use parvis_model::urls::Urls;
use serde::Serialize;

/// A hashtag as search shows it. `history` is Mastodon's trend over the days: not measured here.
#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    id: TagId,
    pub name: String,
    url: String,
    history: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    following: Option<bool>,
}

/// A hashtag as posts show it.
#[derive(Clone, Debug, Serialize)]
pub struct StatusTag {
    name: String,
    url: String,
}

impl Tag {
    /// Renders a hashtag. Following hashtags is not possible yet, so nobody does.
    #[must_use]
    pub fn of(row: &rows::Tag, has_viewer: bool, urls: &Urls) -> Self {
        Self {
            id: row.id,
            name: row.display.clone(),
            url: urls.tag(&row.name),
            history: [],
            following: has_viewer.then_some(false),
        }
    }
}

impl StatusTag {
    /// Renders a hashtag of a post.
    #[must_use]
    pub fn of(row: &rows::Tag, urls: &Urls) -> Self {
        Self { name: row.display.clone(), url: urls.tag(&row.name) }
    }
}
