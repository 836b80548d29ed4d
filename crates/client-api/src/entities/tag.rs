//! Tag, as search and posts show it, and FeaturedTag. Sources: <https://docs.joinmastodon.org/entities/Tag/>, `FeaturedTag`.

use parvis_domain::rows;
use parvis_domain::tags::featured::FeaturedView;
use parvis_domain::tags::{DayOfUse, TagView};
use parvis_model::ids::FeaturedTagId;
use parvis_model::time::{Moment, SECOND};
use parvis_model::urls::Urls;
use serde::Serialize;

/// A hashtag by itself.
#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    /// Empty while nobody used it.
    id: String,
    pub name: String,
    url: String,
    history: Vec<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    following: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    featuring: Option<bool>,
}

/// How much a hashtag was used on a day. Numbers are texts, as with Mastodon.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    /// Seconds since 1970 at its beginning.
    day: String,
    uses: String,
    accounts: String,
}

/// A hashtag as posts show it.
#[derive(Clone, Debug, Serialize)]
pub struct StatusTag {
    name: String,
    url: String,
}

/// A hashtag on a profile.
#[derive(Clone, Debug, Serialize)]
pub struct FeaturedTag {
    id: FeaturedTagId,
    name: String,
    url: String,
    statuses_count: String,
    /// A date.
    last_status_at: Option<String>,
}

impl Tag {
    /// Renders a hashtag.
    #[must_use]
    pub fn of(view: &TagView, urls: &Urls) -> Self {
        let tag = &view.tag;
        Self {
            id: if tag.id.0 == 0 { String::new() } else { tag.id.to_string() },
            name: tag.display.clone(),
            url: urls.tag(&tag.name),
            history: view.history.iter().map(Day::of).collect(),
            following: view.is_followed,
            featuring: view.is_featured,
        }
    }
}

impl Day {
    fn of(use_of: &DayOfUse) -> Self {
        Self {
            day: use_of.day.0.div_euclid(SECOND).to_string(),
            uses: use_of.uses.to_string(),
            accounts: use_of.accounts.to_string(),
        }
    }
}

impl StatusTag {
    /// Renders a hashtag of a post.
    #[must_use]
    pub fn of(row: &rows::Tag, urls: &Urls) -> Self {
        Self::named(&row.display, &row.name, urls)
    }

    /// Renders a hashtag, as typed and as compared.
    #[must_use]
    pub fn named(display: &str, name: &str, urls: &Urls) -> Self {
        Self { name: display.to_owned(), url: urls.tag(name) }
    }
}

impl FeaturedTag {
    /// Renders a hashtag of a profile.
    #[must_use]
    pub fn of(view: &FeaturedView, urls: &Urls) -> Self {
        Self {
            id: view.id,
            name: view.tag.display.clone(),
            url: urls.tag(&view.tag.name),
            statuses_count: view.statuses.to_string(),
            last_status_at: view.last_at.map(Moment::to_date),
        }
    }
}
