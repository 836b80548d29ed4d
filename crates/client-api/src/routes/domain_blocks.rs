//! Servers that one wants nothing to do with. Source: <https://docs.joinmastodon.org/methods/domain_blocks/>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Town, host_blocks};
use serde_json::{Value, json};

use super::{nothing, row_ends};
use crate::body::Params;
use crate::error::Result;
use crate::extract::{Here, Me};
use crate::page::{Links, range};

/// `GET /api/v1/domain_blocks`.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 100, 200)?;
    let page = town.db().read(move |c| host_blocks::list(c, me, range)).await?;
    let hosts: Vec<&str> = page.iter().map(|(_, host)| host.as_str()).collect();
    Ok(Links::new(town.urls(), &here).page(&hosts, row_ends(&page)))
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
