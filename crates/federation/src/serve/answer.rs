//! The few answers that documents have, with their types and caching. Errors are short and the same for what is not there and what is not for the
//! asker (threats I2).

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use parvis_domain::Error;
use parvis_model::time::Moment;
use serde_json::{Value, json};

use crate::objects::note;
use crate::wire::with_context;

/// `application/activity+json`, as everybody calls it.
const ACTIVITY_JSON: &str = "application/activity+json; charset=utf-8";
/// For everybody, and the same for three minutes.
pub(super) const PUBLIC: &str = "public, max-age=180";
/// For who asked, and nobody else.
const PRIVATE: &str = "private, no-store";

/// What a document's address answers.
#[derive(Debug)]
pub(super) enum Answer {
    /// A document for everybody.
    Public(Value),
    /// A document for everybody that has its context and its proof.
    Proven(Value),
    /// A document for the one who signed the request.
    Private(Value),
    /// It was here, and is gone for good: 410 with a Tombstone (ActivityPub §6.4).
    Gone(String, Option<Moment>),
    /// Its owner is suspended by the town: 403, as with Mastodon, since it may come back.
    Suspended,
    /// The signer is of a server that the town has blocked, or is suspended: 403 (threats O14).
    Barred,
    /// Not there, or not for this one.
    NotFound,
    /// The query cannot be read.
    BadQuery,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let (status, cache, body) = match self {
            Self::Public(document) => (StatusCode::OK, PUBLIC, with_context(document)),
            Self::Proven(document) => (StatusCode::OK, PUBLIC, document),
            Self::Private(document) => (StatusCode::OK, PRIVATE, with_context(document)),
            Self::Gone(uri, at) => (StatusCode::GONE, PUBLIC, with_context(note::tombstone(&uri, at))),
            Self::Suspended => return refused(StatusCode::FORBIDDEN, "this account is suspended"),
            Self::Barred => return refused(StatusCode::FORBIDDEN, "this town does not talk to you"),
            Self::NotFound => return refused(StatusCode::NOT_FOUND, "not found"),
            Self::BadQuery => return refused(StatusCode::BAD_REQUEST, "the query cannot be read"),
        };
        let mut response = (status, body.to_string()).into_response();
        put(&mut response, header::CONTENT_TYPE, ACTIVITY_JSON);
        put(&mut response, header::CACHE_CONTROL, cache);
        varying(response)
    }
}

/// An answer without a document.
fn refused(status: StatusCode, why: &str) -> Response {
    let mut response = (status, json!({ "error": why }).to_string()).into_response();
    put(&mut response, header::CONTENT_TYPE, "application/json");
    put(&mut response, header::CACHE_CONTROL, PRIVATE);
    varying(response)
}

/// To the page at `address`, which is one of ours (threats X5).
pub(super) fn to_page(address: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(address) else { return Answer::NotFound.into_response() };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    put(&mut response, header::CACHE_CONTROL, PUBLIC);
    varying(response)
}

/// A use case failed. What is wrong with us is logged here, once, and never sent.
pub(super) fn failed(error: &Error) -> Response {
    if error.is_unavailable() {
        tracing::warn!(%error, "a document could not be served");
        let mut response = refused(StatusCode::SERVICE_UNAVAILABLE, "try again later");
        put(&mut response, header::RETRY_AFTER, "5");
        return response;
    }
    if let Error::Internal(error) = error {
        tracing::error!(%error, "a document could not be served");
        return refused(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong here");
    }
    Answer::NotFound.into_response()
}

/// Everything here depends on what is asked for and by whom.
fn varying(mut response: Response) -> Response {
    put(&mut response, header::VARY, "Accept, Signature");
    response
}

pub(super) fn put(response: &mut Response, name: HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}
