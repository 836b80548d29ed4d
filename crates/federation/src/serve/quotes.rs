//! QuoteAuthorizations: the documents by which people here allow others to quote them (FEP-044f). One that was taken back is not there.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::{Error, Town, quotes};
use parvis_model::ids::StatusId;

use super::answer::Answer;
use super::asking::Asking;
use super::owner::Owner;
use crate::objects::quote;

/// `GET /users/{name}/quote_authorizations/{id}`; the id is the quoting post's number here.
pub(super) async fn show(
    State(town): State<Town>,
    Path((name, id)): Path<(String, String)>,
    asking: Asking,
) -> Response {
    let number = id.parse::<StatusId>().ok().filter(|number| number.to_string() == id);
    let (Some(owner), Some(number)) = (Owner::named(&name), number) else {
        return Answer::NotFound.into_response();
    };
    let urls = town.urls().clone();
    asking
        .answer(&town, move |c, viewer| {
            let account = match owner.active(c, &urls)? {
                Ok(account) => account,
                Err(answer) => return Ok(answer),
            };
            match quotes::authorization(c, viewer, account.id, number) {
                Ok(said) if said.is_public => Ok(Answer::Public(quote::authorization(&said))),
                Ok(said) => Ok(Answer::Private(quote::authorization(&said))),
                Err(Error::NotFound) => Ok(Answer::NotFound),
                Err(error) => Err(error),
            }
        })
        .await
}
