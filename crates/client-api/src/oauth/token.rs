//! `POST /oauth/token`: a code or a program's own credentials become a token.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use parvis_domain::Town;
use parvis_domain::oauth::token::{self, Request};
use serde::Deserialize;

use super::client;
use crate::body::Params;
use crate::entities::token::Token;
use crate::error::ApiResult;

/// The parameters (RFC 6749 §4.1.3, §4.4.2; RFC 7636 §4.5).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    scope: Option<String>,
}

pub(crate) async fn create(
    State(town): State<Town>,
    headers: HeaderMap,
    Params(wanted): Params<Wanted>,
) -> ApiResult<Response> {
    let (client_id, client_secret) = client(&headers, wanted.client_id, wanted.client_secret);
    let request = Request {
        grant_type: wanted.grant_type,
        client_id,
        client_secret,
        code: wanted.code,
        redirect_uri: wanted.redirect_uri,
        code_verifier: wanted.code_verifier,
        scope: wanted.scope,
    };
    let issued = town.db().write(move |tx| token::exchange(tx, &request)).await??;
    let mut response = Json(Token::of(&issued)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
