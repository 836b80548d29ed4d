//! What the town says to everybody. Source: <https://docs.joinmastodon.org/methods/announcements/>.

use axum::Json;
use axum::extract::{Path, State};
use parvis_domain::{Town, announcements};
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::announcement::Announcement;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};

/// `GET /api/v1/announcements`; with `with_dismissed` also those that were put away.
pub async fn list(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Vec<Announcement>>> {
    let all = params.flag("with_dismissed")?.unwrap_or(false);
    let found = town.db().read(move |c| announcements::current(c, me, all)).await?;
    Ok(Json(found.iter().map(|a| Announcement::of(a, town.urls())).collect()))
}

/// `POST /api/v1/announcements/:id/dismiss`.
pub async fn dismiss(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    town.db().write(move |tx| announcements::dismiss(tx, me, id)).await?;
    Ok(nothing())
}

/// The id and the emoji of the path.
fn named((id, name): (String, String)) -> Result<(i64, String)> {
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    if name.contains('\0') || name.chars().count() > 64 { Err(ApiError::not_found()) } else { Ok((id, name)) }
}

/// `PUT /api/v1/announcements/:id/reactions/:name`.
pub async fn react(
    State(town): State<Town>,
    Me(me): Me,
    Path(path): Path<(String, String)>,
) -> Result<Json<Value>> {
    let (id, name) = named(path)?;
    town.db().write(move |tx| announcements::react(tx, me, id, &name)).await?;
    Ok(nothing())
}

/// `DELETE /api/v1/announcements/:id/reactions/:name`.
pub async fn unreact(
    State(town): State<Town>,
    Me(me): Me,
    Path(path): Path<(String, String)>,
) -> Result<Json<Value>> {
    let (id, name) = named(path)?;
    town.db().write(move |tx| announcements::unreact(tx, me, id, &name)).await?;
    Ok(nothing())
}
