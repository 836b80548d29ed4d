//! `replies`: the addresses of the answers to a post that everybody may see, oldest first. Mastodon reads it to fill threads.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::rows::Range;
use parvis_domain::{Town, actors};
use serde_json::{Value, json};

use super::answer::Answer;
use super::asking::Asking;
use super::collections::{Asked, Part, part};
use super::posts::Place;

/// Answers on one page.
const REPLIES: i64 = 50;

/// `GET /users/{name}/statuses/{id}/replies`.
pub(super) async fn show(
    State(town): State<Town>,
    Path((name, id)): Path<(String, String)>,
    asked: Asked,
    asking: Asking,
) -> Response {
    let Some(place) = Place::read(&name, &id) else { return Answer::NotFound.into_response() };
    let Some(part) = part(asked, REPLIES) else { return Answer::BadQuery.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(&town, move |c, viewer| {
            let view = match place.find(c, &urls, viewer)? {
                Ok(view) if view.boost_of.is_none() => view,
                Ok(_) => return Ok(Answer::NotFound),
                Err(answer) => return Ok(answer),
            };
            let uri = format!("{}/replies", view.status.uri);
            let document = match part {
                Part::Whole => {
                    json!({ "id": uri, "type": "Collection", "first": format!("{uri}?page=true") })
                }
                // Upwards from the bound, and that is how the page is read, too.
                Part::Page(range) => {
                    let upwards = Range { min: Some(range.min.unwrap_or(0)), ..range };
                    let mut answers = actors::replies_of(c, &view.status, upwards)?;
                    answers.reverse();
                    page(&uri, range.min, answers)
                }
            };
            Ok(if view.visibility.is_for_everybody() {
                Answer::Public(document)
            } else {
                Answer::Private(document)
            })
        })
        .await
}

fn page(uri: &str, min: Option<i64>, answers: Vec<(i64, String)>) -> Value {
    let bound = min.map_or_else(String::new, |min| format!("&min_id={min}"));
    let next = answers.last().map(|(id, _)| format!("{uri}?page=true&min_id={id}"));
    let items: Vec<String> = answers.into_iter().map(|(_, uri)| uri).collect();
    let mut page =
        json!({ "id": format!("{uri}?page=true{bound}"), "type": "CollectionPage", "partOf": uri });
    if let Some(members) = page.as_object_mut() {
        if let Some(next) = next {
            members.insert("next".to_owned(), json!(next));
        }
        members.insert("items".to_owned(), json!(items));
    }
    page
}
