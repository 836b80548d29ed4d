//! Who asks to follow. Source: <https://docs.joinmastodon.org/methods/follow_requests/>. The id in the path is the account's.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Town, Tx, follows};
use parvis_model::ids::AccountId;

use super::accounts::relationship;
use crate::entities::Relationship;
use crate::error::Result;
use crate::extract::{Id, Me};
use crate::listing::Listing;

/// `GET /api/v1/follow_requests`.
pub async fn list(Me(me): Me, list: Listing) -> Result<Response> {
    list.accounts((40, 80), move |c, range| follows::requests(c, me, range)).await
}

/// `POST /api/v1/follow_requests/:account_id/authorize`.
pub async fn authorize(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    answer(&town, me, id, follows::accept).await
}

/// `POST /api/v1/follow_requests/:account_id/reject`.
pub async fn reject(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    answer(&town, me, id, follows::reject).await
}

async fn answer(
    town: &Town,
    me: AccountId,
    id: AccountId,
    act: fn(&mut Tx<'_>, AccountId, AccountId) -> parvis_domain::Result<()>,
) -> Result<Json<Relationship>> {
    let answer = town
        .db()
        .write(move |tx| {
            act(tx, me, id)?;
            relationship(tx, me, id)
        })
        .await?;
    Ok(Json(answer))
}
