//! Exchanges of direct posts. Sources: <https://docs.joinmastodon.org/methods/conversations/>, and `timelines/direct` of Mastodon before 3.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Town, conversations};
use parvis_model::ids::{AccountId, ConversationId};
use serde_json::Value;

use super::{ends, nothing};
use crate::body::Params;
use crate::entities::{Conversation, Status};
use crate::error::Result;
use crate::extract::{Here, Id, Me};
use crate::page::{Links, range};

/// `GET /api/v1/conversations`: paged by the ids of the last posts, which only the links tell.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 20, 40)?;
    let page = town.db().read(move |c| conversations::page(c, me, range)).await?;
    let urls = town.urls();
    let shown: Vec<Conversation> = page.iter().map(|v| Conversation::of(v, me, urls)).collect();
    let ends = page
        .first()
        .zip(page.last())
        .map(|(first, last)| (first.row.last_status_id.0, last.row.last_status_id.0));
    Ok(Links::new(urls, &here).page(&shown, ends))
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
pub async fn direct(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 20, 40)?;
    let page = town.db().read(move |c| conversations::direct(c, me, range)).await?;
    let urls = town.urls();
    Ok(Links::new(urls, &here).page(&Status::all(&page, Some(me), urls), ends(&page)))
}
