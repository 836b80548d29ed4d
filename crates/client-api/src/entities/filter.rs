//! Filter with its keywords and posts, what it found in a post (FilterResult), and the filter of Mastodon before 4 (`V1::Filter`).
//! Sources: <https://docs.joinmastodon.org/entities/Filter/>, `FilterResult`, `FilterKeyword`, `FilterStatus`, `V1_Filter`.

use parvis_domain::filters::matching::Filtered;
use parvis_domain::filters::{FilterView, old};
use parvis_domain::rows;
use parvis_model::filter::{Contexts, FilterAction};
use parvis_model::ids::{FilterId, FilterKeywordId, FilterStatusId, StatusId};
use parvis_model::time::Moment;
use serde::Serialize;

/// A filter.
#[derive(Clone, Debug, Serialize)]
pub struct Filter {
    id: FilterId,
    title: String,
    context: Vec<&'static str>,
    expires_at: Option<String>,
    filter_action: &'static str,
    /// Left out in what a filter found.
    #[serde(skip_serializing_if = "Option::is_none")]
    keywords: Option<Vec<FilterKeyword>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<Vec<FilterStatus>>,
}

/// A keyword of a filter.
#[derive(Clone, Debug, Serialize)]
pub struct FilterKeyword {
    id: FilterKeywordId,
    keyword: String,
    whole_word: bool,
}

/// A single post of a filter.
#[derive(Clone, Debug, Serialize)]
pub struct FilterStatus {
    id: FilterStatusId,
    status_id: StatusId,
}

/// A filter that matches a post, and why.
#[derive(Clone, Debug, Serialize)]
pub struct FilterResult {
    filter: Filter,
    keyword_matches: Option<Vec<String>>,
    status_matches: Option<Vec<StatusId>>,
}

/// A keyword as clients made before Mastodon 4 know it.
#[derive(Clone, Debug, Serialize)]
pub struct OldFilter {
    id: FilterKeywordId,
    phrase: String,
    context: Vec<&'static str>,
    whole_word: bool,
    expires_at: Option<String>,
    irreversible: bool,
}

impl Filter {
    fn without_parts(row: &rows::Filter) -> Self {
        Self {
            id: row.id,
            title: row.title.clone(),
            context: Contexts::from_code(row.contexts).words(),
            expires_at: row.expires_at.map(Moment::to_rfc3339),
            filter_action: FilterAction::from_code(row.action).as_str(),
            keywords: None,
            statuses: None,
        }
    }

    /// Renders a filter with its parts.
    #[must_use]
    pub fn of(view: &FilterView) -> Self {
        Self {
            keywords: Some(view.keywords.iter().map(FilterKeyword::of).collect()),
            statuses: Some(view.statuses.iter().map(FilterStatus::of).collect()),
            ..Self::without_parts(&view.filter)
        }
    }
}

impl FilterKeyword {
    /// Renders a keyword.
    #[must_use]
    pub fn of(row: &rows::FilterKeyword) -> Self {
        Self { id: row.id, keyword: row.keyword.clone(), whole_word: row.is_whole_word }
    }
}

impl FilterStatus {
    /// Renders a single post.
    #[must_use]
    pub fn of(row: &rows::FilterStatus) -> Self {
        Self { id: row.id, status_id: row.status_id }
    }
}

impl FilterResult {
    /// Renders what filters found in a post.
    #[must_use]
    pub fn all(found: &[Filtered]) -> Vec<Self> {
        found
            .iter()
            .map(|one| Self {
                filter: Filter::without_parts(&one.filter),
                keyword_matches: one.keyword.clone().map(|keyword| vec![keyword]),
                status_matches: Some(one.statuses.clone()).filter(|posts| !posts.is_empty()),
            })
            .collect()
    }
}

impl OldFilter {
    /// Renders a keyword with the filter around it.
    #[must_use]
    pub fn of((keyword, filter): &old::OldFilter) -> Self {
        Self {
            id: keyword.id,
            phrase: keyword.keyword.clone(),
            context: Contexts::from_code(filter.contexts).words(),
            whole_word: keyword.is_whole_word,
            expires_at: filter.expires_at.map(Moment::to_rfc3339),
            irreversible: FilterAction::from_code(filter.action) == FilterAction::Hide,
        }
    }
}
