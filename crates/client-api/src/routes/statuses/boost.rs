//! Boosting a post and taking it back.

use axum::Json;
use axum::extract::State;
use parvis_domain::{Town, statuses, views};
use parvis_model::ids::StatusId;

use super::{answer, shown, write};
use crate::body::Params;
use crate::entities::Status;
use crate::error::Result;
use crate::extract::{Id, Me};

/// `POST /api/v1/statuses/:id/reblog`: answers with the boost, in which the post stands as `reblog`.
pub async fn boost(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<StatusId>,
    params: Params,
) -> Result<Json<Status>> {
    let visibility = write::visibility(&params)?;
    answer(&town, me, move |tx| statuses::boost(tx, me, id, visibility), shown).await
}

/// `POST /api/v1/statuses/:id/unreblog`: the id is the original's; answers with the original.
pub async fn unboost(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    answer(&town, me, move |tx| statuses::unboost(tx, me, id), views::of_taken_back).await
}
