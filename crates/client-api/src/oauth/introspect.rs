//! `POST /oauth/introspect`: a program asks whether a token of its own works (RFC 7662).

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use parvis_domain::Town;
use parvis_domain::oauth::revoke;
use serde_json::{Value, json};

use super::{client, refused};
use crate::body::Params;
use crate::error::Result;

/// The endpoint: `{"active": false}` for whatever is no working token of this program.
pub async fn introspect(State(town): State<Town>, headers: HeaderMap, params: Params) -> Result<Json<Value>> {
    let client = client(&headers, &params)?;
    let token = params.word("token")?.unwrap_or_default();
    let client_id = client.id.clone();
    let found = town.db().read(move |c| revoke::introspect(c, &client, &token)).await?.map_err(refused)?;
    Ok(Json(match found {
        Some(grant) => json!({
            "active": true,
            "scope": grant.scopes.to_string(),
            "client_id": client_id,
            "token_type": "Bearer",
            "exp": Value::Null,
            "iat": grant.created_at.seconds(),
        }),
        None => json!({ "active": false }),
    }))
}
