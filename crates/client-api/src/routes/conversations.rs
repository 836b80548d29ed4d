//! Exchanges of direct posts. Sources: <https://docs.joinmastodon.org/methods/conversations/>, and `timelines/direct` of Mastodon before 3.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Conn, Town, conversations};
use parvis_model::ids::{AccountId, ConversationId};
use serde_json::Value;

use super::nothing;
use crate::entities::Conversation;
use crate::error::Result;
use crate::extract::{Id, Me};
use crate::listing::Listing;

/// `GET /api/v1/conversations`: paged by the ids of the last posts, which only the links tell.
pub async fn list(Me(me): Me, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| conversations::page(c, me, range);
    list.page((20, 40), read, |v| v.row.last_status_id.0, |v, urls| Conversation::of(v, me, urls)).await
}

/// `DELETE /api/v1/conversations/:id`: for oneself only.
pub async fn remove(State(town): State<Town>, Me(me): Me, Id(id): Id<ConversationId>) -> Result<Json<Value>> {
    town.db().write(move |tx| conversations::remove(tx, me, id)).await?;
    Ok(nothing())
}

/// `POST /api/v1/conversations/:id/read`.
pub async fn read(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ConversationId>,
) -> Result<Json<Conversation>> {
    mark(&town, me, id, false).await
}

/// `POST /api/v1/conversations/:id/unread`.
pub async fn unread(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ConversationId>,
) -> Result<Json<Conversation>> {
    mark(&town, me, id, true).await
}

async fn mark(town: &Town, me: AccountId, id: ConversationId, unread: bool) -> Result<Json<Conversation>> {
    let view = town.db().write(move |tx| conversations::mark(tx, me, id, unread)).await?;
    Ok(Json(Conversation::of(&view, me, town.urls())))
}

/// `GET /api/v1/timelines/direct`.
pub async fn direct(Me(me): Me, list: Listing) -> Result<Response> {
    list.posts((20, 40), Some(me), move |c, range| conversations::direct(c, me, range)).await
}
