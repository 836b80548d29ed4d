//! `moderators`: who looks after a group of this town (FEP-1b12). Whole and without pages, since there are at most twenty.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::{Town, groups};
use serde_json::{Value, json};

use super::answer::Answer;
use super::asking::Asking;
use super::owner::Owner;
use crate::objects::actor::moderators_uri;

/// `GET /users/{name}/moderators`.
pub(super) async fn show(State(town): State<Town>, Path(name): Path<String>, asking: Asking) -> Response {
    let Some(owner) = Owner::named(&name) else { return Answer::NotFound.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(&town, move |c, _| {
            let group = match owner.active(c, &urls)? {
                Ok(account) if groups::is_group(&account) => account,
                Ok(_) => return Ok(Answer::NotFound),
                Err(answer) => return Ok(answer),
            };
            let items: Vec<Value> =
                groups::moderators(c, group.id)?.into_iter().map(|account| json!(account.uri)).collect();
            Ok(Answer::Public(json!({
                "id": moderators_uri(&group),
                "type": "OrderedCollection",
                "totalItems": items.len(),
                "orderedItems": items,
            })))
        })
        .await
}
