//! Pictures before they hang on a post. Source: <https://docs.joinmastodon.org/methods/media/>. Decoding and storing is `domain::media`'s.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::media::{self, Details};
use parvis_model::ids::MediaId;
use parvis_model::media::Focus;
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::MediaAttachment;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};

/// `POST /api/v2/media` and `/api/v1/media`: the picture is ready when the answer comes.
pub async fn upload(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<MediaAttachment>> {
    let bytes = params.file("file").cloned().ok_or_else(|| ApiError::invalid("file is missing"))?;
    let id = media::upload(&town, me, bytes, details(&params)?).await?;
    shown(&town, me, id).await
}

/// `GET /api/v1/media/:id`.
pub async fn show(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<MediaId>,
) -> Result<Json<MediaAttachment>> {
    shown(&town, me, id).await
}

/// `PUT /api/v1/media/:id`: only while it hangs on no post.
pub async fn describe(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<MediaId>,
    params: Params,
) -> Result<Json<MediaAttachment>> {
    let details = details(&params)?;
    town.db().write(move |tx| media::describe(tx, me, id, &details)).await?;
    shown(&town, me, id).await
}

/// `DELETE /api/v1/media/:id`.
pub async fn remove(State(town): State<Town>, Me(me): Me, Id(id): Id<MediaId>) -> Result<Json<Value>> {
    let files = town.db().write(move |tx| media::remove(tx, me, id)).await?;
    media::delete_files(&town, files).await?;
    Ok(nothing())
}

async fn shown(town: &Town, me: parvis_model::ids::AccountId, id: MediaId) -> Result<Json<MediaAttachment>> {
    let row = town.db().read(move |c| media::own(c, me, id)).await?;
    Ok(Json(MediaAttachment::of(&row, town.urls())))
}

/// `description` and `focus` (`x,y`) of a picture.
///
/// # Errors
/// 422 when the focus is none.
pub fn details(params: &Params) -> Result<Details> {
    let focus = match params.word("focus")? {
        Some(text) => Some(Focus::parse(&text).ok_or_else(|| ApiError::invalid("focus is not x,y"))?),
        None => None,
    };
    Ok(Details { description: params.text("description")?, focus })
}
