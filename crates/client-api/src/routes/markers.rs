//! How far somebody has read. Source: <https://docs.joinmastodon.org/methods/markers/>.

use axum::Json;
use axum::extract::State;
use parvis_domain::{Town, markers};
use serde_json::{Map, Value};

use crate::body::Params;
use crate::entities::reading::Marker;
use crate::error::{ApiError, Result};
use crate::extract::Me;

/// `GET /api/v1/markers`: those asked for that were ever set.
pub async fn show(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Map<String, Value>>> {
    let asked = params.list("timeline")?;
    let mut found = town.db().read(move |c| markers::of(c, me)).await?;
    found.retain(|m| asked.contains(&m.timeline));
    Ok(Json(Marker::all(&found)))
}

/// `POST /api/v1/markers`: `home[last_read_id]`, `notifications[last_read_id]`.
pub async fn set(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Map<String, Value>>> {
    let mut wanted = Vec::new();
    for timeline in markers::TIMELINES {
        let Some(under) = params.under(timeline) else { continue };
        let last_read = under
            .number("last_read_id")?
            .filter(|n| *n >= 0)
            .ok_or_else(|| ApiError::invalid("last_read_id is missing"))?;
        wanted.push((timeline.to_owned(), last_read));
    }
    let set = town.db().write(move |tx| markers::set(tx, me, &wanted)).await?;
    Ok(Json(Marker::all(&set)))
}
