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
pub mod grouped;
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
pub mod strangers;
pub mod timelines;
pub mod translations;
pub mod trends;

use axum::Json;
use serde_json::{Value, json};

/// The answer of routes that have nothing to say: `{}`.
pub fn nothing() -> Json<Value> {
    Json(json!({}))
}

/// Anybody: the place to answer an address of the API that is none.
pub async fn unknown() -> crate::error::ApiError {
    crate::error::ApiError::not_found()
}

/// A known address with a method that it does not have.
pub async fn wrong_method() -> crate::error::ApiError {
    crate::error::ApiError::new(http::StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
}
