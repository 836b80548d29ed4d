//! Who asks to follow. Source: <https://docs.joinmastodon.org/methods/follow_requests/>. The id in the path is the account's.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Town, follows};
use parvis_model::ids::AccountId;

use super::accounts::relationship;
use super::row_ends;
use crate::body::Params;
use crate::entities::{Account, Relationship};
use crate::error::Result;
use crate::extract::{Here, Id, Me};
use crate::page::{Links, range};

/// `GET /api/v1/follow_requests`.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town.db().read(move |c| follows::requests(c, me, range)).await?;
    let urls = town.urls();
    let shown: Vec<Account> = page.iter().map(|(_, a)| Account::of(a, urls)).collect();
    Ok(Links::new(urls, &here).page(&shown, row_ends(&page)))
}

/// `POST /api/v1/follow_requests/:account_id/authorize`.
pub async fn authorize(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    let answer = town
        .db()
        .write(move |tx| {
            follows::accept(tx, me, id)?;
            relationship(tx, me, id)
        })
        .await?;
    Ok(Json(answer))
}

/// `POST /api/v1/follow_requests/:account_id/reject`.
pub async fn reject(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    let answer = town
        .db()
        .write(move |tx| {
            follows::reject(tx, me, id)?;
            relationship(tx, me, id)
        })
        .await?;
    Ok(Json(answer))
}
