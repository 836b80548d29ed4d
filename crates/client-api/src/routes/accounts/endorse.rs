//! Recommending people on one's profile. Sources: <https://docs.joinmastodon.org/methods/accounts/#endorse>, methods/endorsements.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Conn, Town, accounts, endorsements};
use parvis_model::ids::AccountId;

use super::deal::then_relationship;
use crate::body::Params;
use crate::entities::{Account, Relationship};
use crate::error::Result;
use crate::extract::{Here, Id, Me};
use crate::page::{Links, range};
use crate::routes::row_ends;

/// `POST /api/v1/accounts/:id/endorse`, and `pin` of older versions.
pub async fn endorse(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    then_relationship(&town, me, id, move |tx| endorsements::endorse(tx, me, id)).await
}

/// `POST /api/v1/accounts/:id/unendorse`, and `unpin` of older versions.
pub async fn unendorse(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    then_relationship(&town, me, id, move |tx| endorsements::unendorse(tx, me, id)).await
}

/// `GET /api/v1/accounts/:id/endorsements`.
pub async fn of_account(
    State(town): State<Town>,
    Id(id): Id<AccountId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    list(&town, id, &here, &params).await
}

/// `GET /api/v1/endorsements`: one's own.
pub async fn mine(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    list(&town, me, &here, &params).await
}

async fn list(town: &Town, of: AccountId, here: &http::Uri, params: &Params) -> Result<Response> {
    let range = range(params, 40, 80)?;
    let load = move |c: &mut Conn| {
        accounts::find::by_id(c, of)?;
        endorsements::of_account(c, of, range)
    };
    let page = town.db().read(load).await?;
    let urls = town.urls();
    let shown: Vec<Account> = page.iter().map(|(_, a)| Account::of(a, urls)).collect();
    Ok(Links::new(urls, here).page(&shown, row_ends(&page)))
}
