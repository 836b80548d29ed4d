//! The list of an account's followers on the server that asks, for that server only (FEP-8fcf). Whoever asks has signed ([`super::secure`]).

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::{Town, actors, follower_digests};
use serde_json::json;
use url::Url;

use super::answer::Answer;
use super::asking::Asking;
use super::owner::Owner;
use crate::synchrony::{PATH, server_of};

/// `GET /users/{name}/followers_synchronization`.
pub(super) async fn show(State(town): State<Town>, Path(name): Path<String>, asking: Asking) -> Response {
    let Some(owner) = Owner::named(&name) else { return Answer::NotFound.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(&town, move |c, viewer| {
            let Some(asker) = viewer.map(|id| actors::by_id(c, id)).transpose()?.flatten() else {
                return Ok(Answer::NotFound);
            };
            let account = match owner.active(c, &urls)? {
                Ok(account) => account,
                Err(answer) => return Ok(answer),
            };
            let server = Url::parse(&asker.uri).ok().as_ref().and_then(server_of);
            let listed = match server {
                Some(server) => follower_digests::under(c, account.id, &server)?,
                None => None,
            };
            let Some(listed) = listed else { return Ok(Answer::NotFound) };
            let items: Vec<String> = listed.into_iter().map(|(_, uri)| uri).collect();
            let uri = format!("{}{PATH}", account.uri);
            Ok(Answer::Private(json!({ "id": uri, "type": "OrderedCollection", "orderedItems": items })))
        })
        .await
}
