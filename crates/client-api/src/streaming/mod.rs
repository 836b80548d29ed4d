//! The user stream over WebSocket: posts of the home timeline, notifications, edits and deletions as they happen.
//! Source: <https://docs.joinmastodon.org/methods/streaming/>. Other streams and server-sent events come with their issue.
//!
//! [`hub`] hears what was committed and renders it for those who are connected, [`socket`] is one connection.

pub mod hub;
pub mod socket;

use std::borrow::Cow;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Extension, FromRequestParts, Request, State};
use axum::response::Response;
use http::header;
use parvis_domain::Town;

use crate::body::Params;
use crate::error::{ApiError, Result};
use crate::extract::Token;
use hub::Hub;
use socket::Stream;

/// Bytes of a message from a client: a subscription is short.
const MESSAGE_MAX: usize = 4_096;

/// `GET /api/v1/streaming/health`: whether streams can be opened, which they can wherever this answers.
pub async fn health() -> &'static str {
    "OK"
}

/// `GET /api/v1/streaming`, upgraded to a WebSocket. `?stream=` subscribes at once; other streams are subscribed to by message.
pub async fn open(
    State(town): State<Town>,
    Extension(hub): Extension<Hub>,
    Token(grant): Token,
    request: Request,
) -> Result<Response> {
    let params = Params::from_query(request.uri().query().unwrap_or_default())?;
    let (mut parts, _) = request.into_parts();
    let asked: Option<String> = parts
        .headers
        .get(header::SEC_WEBSOCKET_PROTOCOL)
        .and_then(|v| v.to_str().ok())
        .and_then(|t| t.split(',').map(str::trim).find(|t| !t.is_empty()))
        .map(str::to_owned);
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| ApiError::new(http::StatusCode::UPGRADE_REQUIRED, "This address speaks WebSocket"))?;
    let first = match params.word("stream")? {
        Some(name) => Some(Stream::parse(&name).ok_or_else(|| ApiError::unreadable_stream(&name))?),
        None => None,
    };
    if let Some(stream) = first
        && !stream.is_allowed(&grant.scopes)
    {
        return Err(ApiError::outside_scopes());
    }
    let upgrade = upgrade.max_message_size(MESSAGE_MAX).max_frame_size(MESSAGE_MAX);
    // Browsers close the socket unless the server picks the sub-protocol that they sent, which is the token.
    let upgrade = match asked {
        Some(protocol) => upgrade.protocols([Cow::<'static, str>::Owned(protocol)]),
        None => upgrade,
    };
    Ok(upgrade.on_upgrade(move |ws| socket::run(ws, town, hub, grant, first)))
}
