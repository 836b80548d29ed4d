//! `context` of a post of ours that began a conversation (FEP-7888): what everybody may see of it, on pages, oldest first. Each post is named by its id and
//! read at its origin.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::rows::Range;
use parvis_domain::{Town, actors};
use serde_json::{Value, json};

use super::answer::Answer;
use super::asking::Asking;
use super::collections::{Asked, Part, part};
use super::posts::Place;

/// Addresses on a page.
const POSTS: i64 = 40;

/// `GET /users/{name}/statuses/{id}/context`.
pub(super) async fn show(
    State(town): State<Town>,
    Path((name, id)): Path<(String, String)>,
    asked: Asked,
    asking: Asking,
) -> Response {
    let Some(place) = Place::read(&name, &id) else { return Answer::NotFound.into_response() };
    let Some(part) = part(asked, POSTS) else { return Answer::BadQuery.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(&town, move |c, viewer| {
            let view = match place.find(c, &urls, viewer)? {
                Ok(view) => view,
                Err(answer) => return Ok(answer),
            };
            let begins = view.boost_of.is_none() && view.status.in_reply_to_uri.is_none();
            if !begins || !view.visibility.is_for_everybody() {
                return Ok(Answer::NotFound);
            }
            let uri = format!("{}/context", view.status.uri);
            Ok(Answer::Public(match part {
                Part::Whole => json!({
                    "id": uri, "type": "OrderedCollection", "attributedTo": view.author.account.uri,
                    "first": format!("{uri}?page=true"),
                }),
                Part::Page(range) => {
                    let upwards = Range { min: Some(range.min.unwrap_or(0)), ..range };
                    let (mut posts, last) = actors::conversation_of(c, &view.status, upwards)?;
                    posts.reverse();
                    page(&uri, range.min, posts, last)
                }
            }))
        })
        .await
}

fn page(uri: &str, min: Option<i64>, posts: Vec<String>, last: Option<i64>) -> Value {
    let bound = min.map_or_else(String::new, |min| format!("&min_id={min}"));
    let mut page =
        json!({ "id": format!("{uri}?page=true{bound}"), "type": "OrderedCollectionPage", "partOf": uri });
    if let Some(members) = page.as_object_mut() {
        if let Some(last) = last {
            members.insert("next".to_owned(), json!(format!("{uri}?page=true&min_id={last}")));
        }
        members.insert("orderedItems".to_owned(), json!(posts));
    }
    page
}
