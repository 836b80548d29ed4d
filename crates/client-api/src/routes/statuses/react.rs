//! Favourite, bookmark, mute, pin, and back again. Doing it twice changes nothing; all answer with the post as it is then.

use axum::Json;
use axum::extract::State;
use parvis_domain::{Town, Tx, reactions, statuses, views};
use parvis_model::ids::{AccountId, StatusId};

use super::{answer, shown};
use crate::entities::Status;
use crate::error::Result;
use crate::extract::{Id, Me};

async fn then_status(
    town: &Town,
    me: AccountId,
    act: impl Fn(&mut Tx<'_>) -> parvis_domain::Result<StatusId> + Send + Sync + 'static,
) -> Result<Json<Status>> {
    answer(town, me, act, shown).await
}

/// The same when something is taken back, perhaps from what cannot be seen any more.
async fn then_what_remains(
    town: &Town,
    me: AccountId,
    act: impl Fn(&mut Tx<'_>) -> parvis_domain::Result<StatusId> + Send + Sync + 'static,
) -> Result<Json<Status>> {
    answer(town, me, act, views::of_taken_back).await
}

/// `POST /api/v1/statuses/:id/favourite`.
pub async fn favourite(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_status(&town, me, move |tx| reactions::favourite(tx, me, id, None)).await
}

/// `POST /api/v1/statuses/:id/unfavourite`.
pub async fn unfavourite(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_what_remains(&town, me, move |tx| reactions::unfavourite(tx, me, id)).await
}

/// `POST /api/v1/statuses/:id/bookmark`.
pub async fn bookmark(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_status(&town, me, move |tx| reactions::bookmark(tx, me, id)).await
}

/// `POST /api/v1/statuses/:id/unbookmark`.
pub async fn unbookmark(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_what_remains(&town, me, move |tx| reactions::unbookmark(tx, me, id)).await
}

/// `POST /api/v1/statuses/:id/mute`: of the whole conversation.
pub async fn mute(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_status(&town, me, move |tx| statuses::mute(tx, me, id, true)).await
}

/// `POST /api/v1/statuses/:id/unmute`.
pub async fn unmute(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_what_remains(&town, me, move |tx| statuses::mute(tx, me, id, false)).await
}

/// `POST /api/v1/statuses/:id/pin`.
pub async fn pin(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_status(&town, me, move |tx| statuses::pin(tx, me, id).map(|()| id)).await
}

/// `POST /api/v1/statuses/:id/unpin`.
pub async fn unpin(State(town): State<Town>, Me(me): Me, Id(id): Id<StatusId>) -> Result<Json<Status>> {
    then_status(&town, me, move |tx| statuses::unpin(tx, me, id).map(|()| id)).await
}
