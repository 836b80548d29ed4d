//! Stored pictures, and remote pictures through us. Served so that a browser can do nothing with them but show them (threats M5, O3).

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use parvis_domain::foreign_pictures::{self, Which};
use parvis_domain::media::{self, Served};
use parvis_domain::{Error, Town};
use parvis_model::ids::{AccountId, EmojiId, MediaId};

/// `/media/…` and `/media_proxy/…`.
pub fn router(town: Town) -> Router {
    Router::new()
        .route("/media/{*key}", get(stored))
        .route("/media_proxy/{id}/{size}/{mark}", get(proxied))
        .route("/media_proxy/accounts/{id}/{what}/{mark}", get(of_account))
        .route("/media_proxy/emojis/{id}/{mark}", get(emoji))
        .with_state(town)
}

async fn stored(State(town): State<Town>, Path(key): Path<String>) -> Response {
    answer(media::stored_file(&town, &key).await)
}

/// The mark is that of the picture's source, or there is nothing here.
async fn proxied(
    State(town): State<Town>,
    Path((id, size, mark)): Path<(String, String, String)>,
) -> Response {
    let (Ok(id), true) = (id.parse::<MediaId>(), matches!(size.as_str(), "small" | "original")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    answer(media::proxied(&town, id, &mark, size == "small").await)
}

/// The mark in the address only makes it another one when the picture is another one.
async fn of_account(
    State(town): State<Town>,
    Path((id, what, _)): Path<(String, String, String)>,
) -> Response {
    let Ok(id) = id.parse::<AccountId>() else { return StatusCode::NOT_FOUND.into_response() };
    let which = match what.as_str() {
        "avatar" => Which::Avatar(id),
        "header" => Which::Header(id),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    answer(foreign_pictures::shown(&town, which).await)
}

async fn emoji(State(town): State<Town>, Path((id, _)): Path<(String, String)>) -> Response {
    let Ok(id) = id.parse::<EmojiId>() else { return StatusCode::NOT_FOUND.into_response() };
    answer(foreign_pictures::shown(&town, Which::Emoji(id)).await)
}

fn answer(found: Result<Served, Error>) -> Response {
    match found {
        Ok(file) => {
            let mut response = file.bytes.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.mime));
            // Names are never used again, so a file never changes.
            headers.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, max-age=31536000, immutable"),
            );
            headers.insert(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static("default-src 'none'; sandbox"),
            );
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            response
        }
        Err(Error::Internal(error)) => {
            tracing::warn!(%error, "a file could not be served");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
