//! `POST /oauth/revoke` (RFC 7009) and `POST /oauth/introspect` (RFC 7662).

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use parvis_domain::Town;
use parvis_domain::oauth::revoke::{self, Client};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client;
use crate::body::Params;
use crate::error::ApiResult;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Given {
    client_id: Option<String>,
    client_secret: Option<String>,
    token: String,
}

impl Given {
    fn client(self, headers: &HeaderMap) -> (Client, String) {
        let (id, secret) = client(headers, self.client_id, self.client_secret);
        (Client { id, secret }, self.token)
    }
}

pub(crate) async fn revoke(
    State(town): State<Town>,
    headers: HeaderMap,
    Params(given): Params<Given>,
) -> ApiResult<Json<Value>> {
    let (client, token) = given.client(&headers);
    town.db().write(move |tx| revoke::revoke(tx, &client, &token)).await??;
    Ok(Json(json!({})))
}

pub(crate) async fn introspect(
    State(town): State<Town>,
    headers: HeaderMap,
    Params(given): Params<Given>,
) -> ApiResult<Json<Value>> {
    let (client, token) = given.client(&headers);
    let id = client.id.clone();
    let found = town.db().read(move |c| revoke::introspect(c, &client, &token)).await??;
    Ok(Json(found.map_or_else(
        || json!({ "active": false }),
        |token| {
            json!({
                "active": true,
                "scope": token.scopes,
                "client_id": id,
                "token_type": "Bearer",
                "iat": token.created_at.seconds(),
            })
        },
    )))
}
