//! Pictures, video and sound before they hang on a post. Source: <https://docs.joinmastodon.org/methods/media/>. Decoding and storing is `domain::media`'s.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parvis_domain::Town;
use parvis_domain::media::recordings::{Progress, progress};
use parvis_domain::media::{self, Details, Patience, arrivals};
use parvis_domain::rows::Media;
use parvis_model::ids::{AccountId, MediaId};
use parvis_model::media::Focus;
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::MediaAttachment;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};

/// `POST /api/v2/media`: a picture is ready when the answer comes, video and sound are processed later (202).
pub async fn upload(State(town): State<Town>, Me(me): Me, request: Request) -> Result<Response> {
    let id = receive(&town, me, request, Patience::AsksAgain).await?;
    let (progress, shown) = found(&town, me, id).await?;
    let status = if progress == Progress::Ready { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, Json(shown)).into_response())
}

/// `POST /api/v1/media`: everything is ready when the answer comes.
pub async fn upload_and_wait(
    State(town): State<Town>,
    Me(me): Me,
    request: Request,
) -> Result<Json<MediaAttachment>> {
    let id = receive(&town, me, request, Patience::Waits).await?;
    shown(&town, me, id).await
}

async fn receive(town: &Town, me: AccountId, request: Request, patience: Patience) -> Result<MediaId> {
    let mut arrival = arrivals::expect(town, me).await?;
    let mut params = Params::with_upload(request, &mut arrival).await?;
    let file = params.take_upload().ok_or_else(|| ApiError::invalid("file is missing"))?;
    Ok(media::receive(town, me, file, details(&params)?, patience).await?)
}

/// `GET /api/v1/media/:id`: 206 while it is processed, 422 with the reason when that failed.
pub async fn show(State(town): State<Town>, Me(me): Me, Id(id): Id<MediaId>) -> Result<Response> {
    let (progress, shown) = found(&town, me, id).await?;
    match progress {
        Progress::Ready => Ok(Json(shown).into_response()),
        Progress::InWork => Ok((StatusCode::PARTIAL_CONTENT, Json(shown)).into_response()),
        Progress::Failed(why) => Err(ApiError::invalid(why.sentence())),
    }
}

/// `PUT /api/v1/media/:id`: only while it hangs on no post.
pub async fn describe(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<MediaId>,
    params: Params,
) -> Result<Json<MediaAttachment>> {
    let details = details(&params)?;
    media::change(&town, me, id, details).await?;
    shown(&town, me, id).await
}

/// `DELETE /api/v1/media/:id`.
pub async fn remove(State(town): State<Town>, Me(me): Me, Id(id): Id<MediaId>) -> Result<Json<Value>> {
    let files = town.db().write(move |tx| media::remove(tx, me, id)).await?;
    media::discard(&town, files).await;
    Ok(nothing())
}

async fn shown(town: &Town, me: AccountId, id: MediaId) -> Result<Json<MediaAttachment>> {
    found(town, me, id).await.map(|(_, shown)| Json(shown))
}

async fn found(town: &Town, me: AccountId, id: MediaId) -> Result<(Progress, MediaAttachment)> {
    let row: Media = town.db().read(move |c| media::own(c, me, id)).await?;
    Ok((progress(&row), MediaAttachment::of(&row, town.urls())))
}

/// `description`, `focus` (`x,y`) and `thumbnail` of a picture.
///
/// # Errors
/// 422 when the focus is none.
pub fn details(params: &Params) -> Result<Details> {
    let focus = match params.word("focus")? {
        Some(text) => Some(Focus::parse(&text).ok_or_else(|| ApiError::invalid("focus is not x,y"))?),
        None => None,
    };
    let thumbnail = params.file("thumbnail").filter(|bytes| !bytes.is_empty()).cloned();
    Ok(Details { description: params.text("description")?, focus, thumbnail })
}
