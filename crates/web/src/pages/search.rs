//! Searching people, hashtags and posts by name and address. Only people signed in make the town ask other servers.

use axum::extract::{Query, State};
use parvis_domain::{Town, search};

use crate::cards::{PersonCard, PostCard};
use crate::frame::{Frame, Here};
use crate::page::{Answer, page};
use crate::visitor::Visitor;

const FOUND: i64 = 20;
const QUERY_MAX: usize = 200;

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(askama::Template)]
#[template(path = "search/page.html")]
struct Search {
    frame: Frame,
    query: String,
    people: Vec<PersonCard>,
    tags: Vec<String>,
    posts: Vec<PostCard>,
}

/// `GET /search?q=`.
///
/// # Errors
/// Internal.
pub async fn show(State(town): State<Town>, visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let query: String = asked.q.trim().chars().take(QUERY_MAX).collect();
    let wanted = search::Query {
        text: query.clone(),
        resolves: visitor.me().is_some(),
        accounts: true,
        statuses: true,
        hashtags: true,
        limit: FOUND,
        ..search::Query::default()
    };
    let found = search::search(&town, visitor.viewer(), wanted).await?;
    page(&Search {
        frame: Frame::titled(&visitor, "nav-search").at(Here::Search).hidden_from_search(),
        query,
        people: found.accounts.iter().map(|a| PersonCard::new(a, town.urls())).collect(),
        tags: found.hashtags.into_iter().map(|t| t.display).collect(),
        posts: PostCard::all(&found.statuses, town.urls()),
    })
}
