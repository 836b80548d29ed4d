//! What trends: Tag with its history, Trends::Link, and what staff see of them besides. Sources: <https://docs.joinmastodon.org/entities/Tag/>,
//! <https://docs.joinmastodon.org/entities/PreviewCard/#trends-link>. Hashtags as staff see them: [`super::admin::tag`].

use parvis_domain::rows;
use parvis_domain::trends::{History, Trend};
use parvis_domain::views::CardView;
use parvis_model::ids::{CardId, TagId};
use parvis_model::urls::Urls;
use serde::Serialize;

use super::{PreviewCard, Status};

/// How something was used on one day. All three are numbers written as texts.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    day: String,
    accounts: String,
    uses: String,
}

fn days(history: &History) -> Vec<Day> {
    history
        .iter()
        .map(|(day, accounts, uses)| Day {
            day: (day.0 / 1_000).to_string(),
            accounts: accounts.to_string(),
            uses: uses.to_string(),
        })
        .collect()
}

/// A hashtag that trends.
#[derive(Clone, Debug, Serialize)]
pub struct TrendTag {
    id: TagId,
    name: String,
    url: String,
    history: Vec<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    following: Option<bool>,
}

impl TrendTag {
    /// Renders a hashtag, as everybody sees it.
    #[must_use]
    pub fn of(trend: &Trend<rows::Tag>, urls: &Urls) -> Self {
        Self {
            id: trend.subject.id,
            name: trend.subject.display.clone(),
            url: urls.tag(&trend.subject.name),
            history: days(&trend.history),
            following: None,
        }
    }
}

/// A link that trends.
#[derive(Clone, Debug, Serialize)]
pub struct TrendLink {
    /// For staff only: what they name it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<CardId>,
    #[serde(flatten)]
    card: PreviewCard,
    history: Vec<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires_review: Option<bool>,
}

impl TrendLink {
    /// Renders a link; `for_staff` with what they think of it.
    #[must_use]
    pub fn of(trend: &Trend<CardView>, for_staff: bool, urls: &Urls) -> Self {
        Self {
            id: for_staff.then_some(trend.subject.row.id),
            card: PreviewCard::of(&trend.subject, urls),
            history: days(&trend.history),
            requires_review: for_staff.then_some(trend.is_allowed.is_none()),
        }
    }
}

/// A post that trends, as staff see it.
#[derive(Clone, Debug, Serialize)]
pub struct TrendStatus {
    #[serde(flatten)]
    pub status: Status,
    pub requires_review: bool,
}

/// A site whose links trend.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewCardProvider {
    id: String,
    domain: String,
    trendable: Option<bool>,
    reviewed_at: Option<String>,
    requested_review_at: Option<String>,
    requires_review: bool,
}

impl PreviewCardProvider {
    /// Renders a site. When it was looked at is not kept.
    #[must_use]
    pub fn of(row: &rows::Publisher) -> Self {
        Self {
            id: row.id.to_string(),
            domain: row.host.clone(),
            trendable: row.is_allowed,
            reviewed_at: None,
            requested_review_at: Some(row.created_at.to_rfc3339()),
            requires_review: row.is_allowed.is_none(),
        }
    }
}
