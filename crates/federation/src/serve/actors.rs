//! Actor documents. A suspended account still has one, emptied and marked (as with Mastodon), so that others learn of the suspension.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::{Conn, Result, Town, actors};
use parvis_model::urls::Urls;

use super::answer::{Answer, to_page};
use super::asking::Asking;
use super::owner::Owner;
use crate::objects::actor;

/// `GET /actor`: the town itself, whose id is `/`.
pub(super) async fn town(State(town): State<Town>, asking: Asking) -> Response {
    if asking.wants_page {
        return to_page(&town.urls().page("/about"));
    }
    let urls = town.urls().clone();
    asking.answer(&town, move |c, _| document(c, &urls, &Owner::Town)).await
}

/// `GET /users/{name}`.
pub(super) async fn person(State(town): State<Town>, Path(name): Path<String>, asking: Asking) -> Response {
    let Some(owner) = Owner::named(&name) else { return Answer::NotFound.into_response() };
    if asking.wants_page {
        return to_page(&town.urls().profile(&name.to_ascii_lowercase()));
    }
    let urls = town.urls().clone();
    asking.answer(&town, move |c, _| document(c, &urls, &owner)).await
}

fn document(c: &mut Conn, urls: &Urls, owner: &Owner) -> Result<Answer> {
    let Some(account) = owner.find(c, urls)? else { return Ok(Answer::NotFound) };
    if account.gone_at.is_some() {
        return Ok(Answer::Gone(account.uri, account.gone_at));
    }
    let keys = actors::keys_of(c, account.id)?;
    let view = actors::view(c, &account)?;
    let aliases = actors::aliases_of(c, account.id)?;
    Ok(Answer::Public(actor::document(urls, &view, &keys, &aliases)))
}
