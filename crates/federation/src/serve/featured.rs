//! `collections/featured`: the pinned posts, and `collections/tags`: the hashtags of the profile. Whole and without pages, since there are at
//! most a few. Only what is for everybody.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::tags::featured;
use parvis_domain::views::StatusView;
use parvis_domain::{Town, timelines};
use serde_json::{Value, json};

use super::answer::Answer;
use super::asking::Asking;
use super::owner::Owner;
use crate::objects::note::{self, hashtag};

/// `GET /users/{name}/collections/featured`.
pub(super) async fn show(State(town): State<Town>, Path(name): Path<String>, asking: Asking) -> Response {
    let Some(owner) = Owner::named(&name) else { return Answer::NotFound.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(&town, move |c, _| {
            let account = match owner.active(c, &urls)? {
                Ok(account) => account,
                Err(answer) => return Ok(answer),
            };
            let posts = timelines::pinned(c, None, account.id)?;
            // What a group shows first may be a post of another server, which has its document there.
            let item = |post: &StatusView| match post.status.is_local {
                true => note::document(&urls, post),
                false => json!(post.status.uri),
            };
            let items: Vec<Value> = posts.iter().map(item).collect();
            Ok(Answer::Public(json!({
                "id": urls.actor_part(&account.username, "collections/featured"),
                "type": "OrderedCollection",
                "totalItems": items.len(),
                "orderedItems": items,
            })))
        })
        .await
}

/// `GET /users/{name}/collections/tags`.
pub(super) async fn tags(State(town): State<Town>, Path(name): Path<String>, asking: Asking) -> Response {
    let Some(owner) = Owner::named(&name) else { return Answer::NotFound.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(&town, move |c, _| {
            let account = match owner.active(c, &urls)? {
                Ok(account) => account,
                Err(answer) => return Ok(answer),
            };
            let items: Vec<Value> =
                featured::of_account(c, account.id)?.iter().map(|shown| hashtag(&urls, &shown.tag)).collect();
            Ok(Answer::Public(json!({
                "id": urls.actor_part(&account.username, "collections/tags"),
                "type": "Collection",
                "totalItems": items.len(),
                "items": items,
            })))
        })
        .await
}
