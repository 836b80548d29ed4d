//! What an inbox answers, and nothing else: never 5xx because of what came in (threats rule 0.1).

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::json;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 202: stored durably, or nothing had to be stored.
    Accepted,
    /// 400: not JSON with one meaning, or no activity.
    NoActivity(String),
    /// 401: the signature is missing, wrong, or not the actor's.
    Unsigned(String),
    /// 403: the server or the actor is blocked by the town.
    Blocked,
    /// 404: nobody here has this inbox.
    NotHere,
    /// 410: whoever had this inbox is gone.
    Gone,
    /// 413: more than a mebibyte.
    TooLarge,
    /// 415: another type than ActivityPub's, or encoded.
    WrongType,
    /// 503: too much is waiting; come again.
    Full,
    /// 503: our own trouble; come again.
    Later,
}

/// Seconds after which a peer should try again.
const AGAIN: &str = "60";

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::Accepted => return StatusCode::ACCEPTED.into_response(),
            Self::NoActivity(why) => (StatusCode::BAD_REQUEST, why),
            Self::Unsigned(why) => (StatusCode::UNAUTHORIZED, why),
            Self::Blocked => (StatusCode::FORBIDDEN, "this server is blocked".to_owned()),
            Self::NotHere => (StatusCode::NOT_FOUND, "nobody has this inbox".to_owned()),
            Self::Gone => (StatusCode::GONE, "whoever had this inbox is gone".to_owned()),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "more than a mebibyte".to_owned()),
            Self::WrongType => {
                let text = "send application/activity+json without any encoding";
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, text.to_owned())
            }
            Self::Full => (StatusCode::SERVICE_UNAVAILABLE, "too much is waiting".to_owned()),
            Self::Later => (StatusCode::SERVICE_UNAVAILABLE, "not now".to_owned()),
        };
        let mut response = (status, axum::Json(json!({ "error": text }))).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from_static(AGAIN));
        }
        response
    }
}

impl From<parvis_domain::Error> for Answer {
    fn from(error: parvis_domain::Error) -> Self {
        tracing::error!(%error, "the inbox is in trouble");
        Self::Later
    }
}
