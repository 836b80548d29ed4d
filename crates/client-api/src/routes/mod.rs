//! Handlers, one file per noun. Each takes what it needs from the request, calls one use case of `domain` in one transaction, and renders the
//! result. Who may call it stands in [`crate::table`], not here.

pub mod accounts;
pub mod admin;
pub mod announcements;
pub mod apps;
pub mod collections;
pub mod discovery;
pub mod domain_blocks;
pub mod conversations;
pub mod emails;
pub mod embeds;
pub mod featured_tags;
pub mod filters;
pub mod instance;
pub mod lists;
pub mod markers;
pub mod media;
pub mod mine;
pub mod missing;
pub mod notifications;
pub mod push;
pub mod polls;
pub mod old_filters;
pub mod reports;
pub mod off;
pub mod requests;
pub mod scheduled_statuses;
pub mod search;
pub mod statuses;
pub mod tags;
pub mod timelines;
pub mod trends;

use axum::Json;
use parvis_domain::views::StatusView;
use serde_json::{Value, json};

/// The answer of routes that have nothing to say: `{}`.
pub fn nothing() -> Json<Value> {
    Json(json!({}))
}

/// The ids at both ends of a page of posts.
fn ends(page: &[StatusView]) -> Option<(i64, i64)> {
    Some((page.first()?.status.id.0, page.last()?.status.id.0))
}

/// The ids at both ends of a list that is not paged by the ids of what it shows.
fn row_ends<T>(page: &[(i64, T)]) -> Option<(i64, i64)> {
    Some((page.first()?.0, page.last()?.0))
}

/// Anybody: the place to answer an address of the API that is none.
pub async fn unknown() -> crate::error::ApiError {
    crate::error::ApiError::not_found()
}

/// A known address with a method that it does not have.
pub async fn wrong_method() -> crate::error::ApiError {
    crate::error::ApiError::new(http::StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
}
