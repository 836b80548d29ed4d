//! Posts that wait for their time. Source: <https://docs.joinmastodon.org/methods/scheduled_statuses/>. They are written with
//! `POST /api/v1/statuses` (`statuses::write`).

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Conn, Town, scheduled_statuses as scheduled};
use parvis_model::ids::{AccountId, ScheduledId};
use parvis_model::time::Moment;
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::ScheduledStatus;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};
use crate::listing::Listing;

/// `GET /api/v1/scheduled_statuses`.
pub async fn list(Me(me): Me, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| scheduled::page(c, me, range);
    list.page((20, 40), read, |view| view.row.id.0, ScheduledStatus::of).await
}

/// `GET /api/v1/scheduled_statuses/:id`.
pub async fn show(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ScheduledId>,
) -> Result<Json<ScheduledStatus>> {
    shown(&town, me, id).await
}

/// `PUT /api/v1/scheduled_statuses/:id`: only its time.
pub async fn move_to(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ScheduledId>,
    params: Params,
) -> Result<Json<ScheduledStatus>> {
    let at = time(&params)?;
    town.db()
        .write(move |tx| match at {
            Some(at) => scheduled::reschedule(tx, me, id, at),
            None => scheduled::one(tx, me, id).map(|_| ()),
        })
        .await?;
    shown(&town, me, id).await
}

/// `DELETE /api/v1/scheduled_statuses/:id`.
pub async fn cancel(State(town): State<Town>, Me(me): Me, Id(id): Id<ScheduledId>) -> Result<Json<Value>> {
    town.db().write(move |tx| scheduled::cancel(tx, me, id)).await?;
    Ok(nothing())
}

/// One of its owner's, as it is now.
///
/// # Errors
/// 404.
pub async fn shown(town: &Town, me: AccountId, id: ScheduledId) -> Result<Json<ScheduledStatus>> {
    let view = town.db().read(move |c| scheduled::one(c, me, id)).await?;
    Ok(Json(ScheduledStatus::of(&view, town.urls())))
}

/// `scheduled_at` in the body.
///
/// # Errors
/// 422 when it is no time.
pub fn time(params: &Params) -> Result<Option<Moment>> {
    match params.word("scheduled_at")? {
        Some(text) => Moment::parse_rfc3339(&text)
            .map(Some)
            .ok_or_else(|| ApiError::invalid("scheduled_at is not a date and time")),
        None => Ok(None),
    }
}
