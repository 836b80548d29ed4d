//! Ordered collections and their pages (ActivityPub §5), and the two that list actors. Never all at once: a collection says how many there are and
//! where its first page is.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::rows::Range;
use parvis_domain::{Conn, Result, Town, actors};
use parvis_model::ids::AccountId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::asking::Asking;
use super::owner::Owner;

/// Actors on one page.
const ACTORS: i64 = 50;

/// `?page=true&max_id=123`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Paging {
    page: Option<String>,
    max_id: Option<String>,
    min_id: Option<String>,
}

/// Which part of a collection is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The collection itself.
    Whole,
    /// A page of it.
    Page(Range),
}

impl Paging {
    /// Reads it; `None` when a bound is no number.
    pub(super) fn part(&self, limit: i64) -> Option<Part> {
        let bound = |text: &Option<String>| match text.as_deref() {
            None | Some("") => Some(None),
            Some(text) => text.parse::<i64>().ok().filter(|n| *n >= 0).map(Some),
        };
        let (max, min) = (bound(&self.max_id)?, bound(&self.min_id)?);
        let is_page = self.page.as_deref().is_some_and(|page| page != "false");
        Some(if is_page { Part::Page(Range { max, min, ..Range::newest(limit) }) } else { Part::Whole })
    }
}

/// A query as axum reads it.
pub(super) type Asked = std::result::Result<Query<Paging>, axum::extract::rejection::QueryRejection>;

/// The part asked for, if the query can be read.
pub(super) fn part(asked: Asked, limit: i64) -> Option<Part> {
    asked.ok()?.0.part(limit)
}

/// A collection without its items.
pub(super) fn whole(uri: &str, total: i64) -> Value {
    json!({ "id": uri, "type": "OrderedCollection", "totalItems": total, "first": format!("{uri}?page=true") })
}

/// A page, newest first. There is a next one, below `last`, unless this one is empty.
pub(super) fn page(uri: &str, total: i64, range: Range, items: Vec<Value>, last: Option<i64>) -> Value {
    let mut query = String::new();
    if let Some(max) = range.max {
        query.push_str(&format!("&max_id={max}"));
    }
    if let Some(min) = range.min {
        query.push_str(&format!("&min_id={min}"));
    }
    let mut page = json!({
        "id": format!("{uri}?page=true{query}"),
        "type": "OrderedCollectionPage",
        "partOf": uri,
        "totalItems": total,
    });
    if let Some(members) = page.as_object_mut() {
        if let Some(last) = last {
            members.insert("next".to_owned(), json!(format!("{uri}?page=true&max_id={last}")));
        }
        members.insert("orderedItems".to_owned(), Value::Array(items));
    }
    page
}

/// Followers or followees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Followers,
    Following,
}

impl Side {
    fn load(self, c: &mut Conn, of: AccountId, range: Range) -> Result<Vec<(i64, String)>> {
        match self {
            Self::Followers => actors::follower_uris(c, of, range),
            Self::Following => actors::following_uris(c, of, range),
        }
    }
}

/// `GET /users/{name}/followers`.
pub(super) async fn followers_of_person(
    State(town): State<Town>,
    Path(name): Path<String>,
    asked: Asked,
    asking: Asking,
) -> Response {
    actors_of(&town, Owner::named(&name), Side::Followers, asked, asking).await
}

/// `GET /users/{name}/following`.
pub(super) async fn following_of_person(
    State(town): State<Town>,
    Path(name): Path<String>,
    asked: Asked,
    asking: Asking,
) -> Response {
    actors_of(&town, Owner::named(&name), Side::Following, asked, asking).await
}

/// `GET /actor/followers`.
pub(super) async fn followers_of_town(State(town): State<Town>, asked: Asked, asking: Asking) -> Response {
    actors_of(&town, Some(Owner::Town), Side::Followers, asked, asking).await
}

/// `GET /actor/following`.
pub(super) async fn following_of_town(State(town): State<Town>, asked: Asked, asking: Asking) -> Response {
    actors_of(&town, Some(Owner::Town), Side::Following, asked, asking).await
}

async fn actors_of(town: &Town, owner: Option<Owner>, side: Side, asked: Asked, asking: Asking) -> Response {
    let Some(owner) = owner else { return Answer::NotFound.into_response() };
    let Some(part) = part(asked, ACTORS) else { return Answer::BadQuery.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(town, move |c, _| {
            let account = match owner.active(c, &urls)? {
                Ok(account) => account,
                Err(answer) => return Ok(answer),
            };
            let counts = actors::view(c, &account)?.counts;
            let (uri, total) = match side {
                Side::Followers => (account.followers_uri.clone(), counts.followers),
                Side::Following => {
                    (crate::objects::actor::following_uri(&account.followers_uri), counts.following)
                }
            };
            let Part::Page(range) = part else { return Ok(Answer::Public(whole(&uri, total))) };
            let listed = side.load(c, account.id, range)?;
            let last = listed.last().map(|(id, _)| *id);
            let items = listed.into_iter().map(|(_, uri)| Value::String(uri)).collect();
            Ok(Answer::Public(page(&uri, total, range, items, last)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str, max: &str) -> Option<Part> {
        Paging { page: Some(page.to_owned()), max_id: Some(max.to_owned()), min_id: None }.part(2)
    }

    #[test]
    fn j1_bounds_are_numbers_and_nothing_else() {
        assert_eq!(read("true", "12"), Some(Part::Page(Range { max: Some(12), ..Range::newest(2) })));
        assert_eq!(read("true", ""), Some(Part::Page(Range::newest(2))));
        assert_eq!(read("false", "12"), Some(Part::Whole));
        for bad in ["-1", "x", "99999999999999999999", "1e3"] {
            assert_eq!(read("true", bad), None, "{bad}");
        }
    }
}
