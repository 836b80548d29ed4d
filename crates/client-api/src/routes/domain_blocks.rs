//! Servers that one wants nothing to do with. Source: <https://docs.joinmastodon.org/methods/domain_blocks/>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Conn, Town, host_blocks};
use serde_json::{Value, json};

use super::nothing;
use crate::body::Params;
use crate::error::Result;
use crate::extract::Me;
use crate::listing::Listing;

/// `GET /api/v1/domain_blocks`.
pub async fn list(Me(me): Me, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| host_blocks::list(c, me, range);
    list.page((100, 200), read, |row| row.0, |(_, host), _| host.clone()).await
}

/// `GET /api/v1/domain_blocks/preview`: what would end with `domain`.
pub async fn preview(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let domain = params.text("domain")?.unwrap_or_default();
    let (following, followers) = town.db().read(move |c| host_blocks::preview(c, me, &domain)).await?;
    Ok(Json(json!({ "following_count": following, "followers_count": followers })))
}

/// `POST /api/v1/domain_blocks`.
pub async fn block(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let domain = params.text("domain")?.unwrap_or_default();
    town.db().write(move |tx| host_blocks::block(tx, me, &domain)).await?;
    Ok(nothing())
}

/// `DELETE /api/v1/domain_blocks`.
pub async fn unblock(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let domain = params.text("domain")?.unwrap_or_default();
    town.db().write(move |tx| host_blocks::unblock(tx, me, &domain)).await?;
    Ok(nothing())
}
