//! Recommending people on one's profile. Sources: <https://docs.joinmastodon.org/methods/accounts/#endorse>, methods/endorsements.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Conn, Town, accounts, endorsements};
use parvis_model::ids::AccountId;

use super::deal::then_relationship;
use crate::entities::Relationship;
use crate::error::Result;
use crate::extract::{Id, Me};
use crate::listing::Listing;

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
pub async fn of_account(Id(id): Id<AccountId>, list: Listing) -> Result<Response> {
    endorsed_by(id, &list).await
}

/// `GET /api/v1/endorsements`: one's own.
pub async fn mine(Me(me): Me, list: Listing) -> Result<Response> {
    endorsed_by(me, &list).await
}

async fn endorsed_by(id: AccountId, list: &Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| {
        accounts::find::by_id(c, id)?;
        endorsements::of_account(c, id, range)
    };
    list.accounts((40, 80), read).await
}
