//! `outbox`: what somebody said to everybody, as the activities that were sent. A signed request of a follower finds posts for followers, too.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::access::Viewer;
use parvis_domain::rows::{Account, Range};
use parvis_domain::timelines::{self, Wanted};
use parvis_domain::{Conn, Result, Town, actors};
use parvis_model::urls::Urls;

use super::answer::Answer;
use super::asking::Asking;
use super::collections::{Asked, Part, page, part, whole};
use super::owner::Owner;
use super::posts::said;

/// Activities on one page.
const ACTIVITIES: i64 = 20;

/// `GET /users/{name}/outbox`.
pub(super) async fn of_person(
    State(town): State<Town>,
    Path(name): Path<String>,
    asked: Asked,
    asking: Asking,
) -> Response {
    of(&town, Owner::named(&name), asked, asking).await
}

/// `GET /actor/outbox`.
pub(super) async fn of_town(State(town): State<Town>, asked: Asked, asking: Asking) -> Response {
    of(&town, Some(Owner::Town), asked, asking).await
}

async fn of(town: &Town, owner: Option<Owner>, asked: Asked, asking: Asking) -> Response {
    let Some(owner) = owner else { return Answer::NotFound.into_response() };
    let Some(part) = part(asked, ACTIVITIES) else { return Answer::BadQuery.into_response() };
    let urls = town.urls().clone();
    asking
        .answer(town, move |c, viewer| match owner.active(c, &urls)? {
            Err(answer) => Ok(answer),
            Ok(account) => answer(c, &urls, &account, viewer, part),
        })
        .await
}

fn answer(c: &mut Conn, urls: &Urls, account: &Account, viewer: Viewer, part: Part) -> Result<Answer> {
    let total = actors::view(c, account)?.counts.statuses;
    let Part::Page(range) = part else { return Ok(Answer::Public(whole(&account.outbox, total))) };
    let document = activities(c, urls, account, viewer, range, total)?;
    // With a viewer the page may hold what is not for everybody, or lack what the author keeps from them.
    Ok(if viewer.is_some() { Answer::Private(document) } else { Answer::Public(document) })
}

fn activities(
    c: &mut Conn,
    urls: &Urls,
    account: &Account,
    viewer: Viewer,
    range: Range,
    total: i64,
) -> Result<serde_json::Value> {
    let posts = timelines::of_account(c, viewer, account.id, &Wanted::default(), range)?;
    let last = posts.last().map(|post| post.status.id.0);
    let items = posts.iter().map(|post| said(urls, post)).collect();
    Ok(page(&account.outbox, total, range, items, last))
}
