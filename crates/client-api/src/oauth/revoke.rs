//! `POST /oauth/revoke`: a program gives a token back.

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use parvis_domain::Town;
use parvis_domain::oauth::revoke;
use serde_json::Value;

use super::{client, refused};
use crate::body::Params;
use crate::error::Result;
use crate::routes::nothing;

/// The endpoint: `{}` also for a token that was revoked already.
pub async fn revoke(State(town): State<Town>, headers: HeaderMap, params: Params) -> Result<Json<Value>> {
    let client = client(&headers, &params)?;
    let token = params.word("token")?.unwrap_or_default();
    town.db().write(move |tx| revoke::revoke(tx, &client, &token)).await?.map_err(refused)?;
    Ok(nothing())
}
