//! `POST /oauth/token`: a code, or a program's own credentials, become a bearer token. Form, multipart or JSON.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use parvis_domain::Town;
use parvis_domain::oauth::token::{Request, exchange};

use super::{client, refused};
use crate::body::Params;
use crate::entities::application::Token;
use crate::error::Result;

/// The endpoint. The grant `password` is not supported: RFC 9700 §2.4.
pub async fn token(State(town): State<Town>, headers: HeaderMap, params: Params) -> Result<Response> {
    let client = client(&headers, &params)?;
    let request = Request {
        grant_type: params.word("grant_type")?.unwrap_or_default(),
        client_id: client.id,
        client_secret: client.secret,
        code: params.word("code")?,
        redirect_uri: params.text("redirect_uri")?,
        code_verifier: params.word("code_verifier")?,
        scope: params.text("scope")?,
    };
    let issued = town.db().write(move |tx| exchange(tx, &request)).await?.map_err(refused)?;
    let body = Json(Token::of(issued.token, issued.scopes.to_string(), issued.created_at));
    Ok(([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], body).into_response())
}
