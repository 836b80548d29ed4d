//! Who comes with a request. The guard of [`crate::access`] has looked the token up and decided; these extractors hand the result to handlers.
//! Cookies are never looked at (threats X6).

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, Uri, header};
use parvis_domain::oauth::{Grant, LoginState};
use parvis_model::account::Role;
use parvis_model::ids::AccountId;

use crate::error::ApiError;

/// A person who may use their account. For routes with [`crate::access::Access::User`].
#[derive(Clone, Debug)]
pub struct User {
    /// Their account.
    pub id: AccountId,
    /// What they may do.
    pub role: Role,
    /// The token they came with.
    pub grant: Grant,
}

/// Somebody, or nobody in particular. For routes with [`crate::access::Access::Optional`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer(pub Option<AccountId>);

/// A client program, with a person behind it or not. For routes with [`crate::access::Access::App`].
#[derive(Clone, Debug)]
pub struct Program(pub Grant);

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let grant = parts.extensions.get::<Grant>().cloned().ok_or(ApiError::Unauthorized)?;
        let id = person(&grant)?;
        Ok(Self { id, role: grant.role, grant })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Grant>().and_then(|g| person(g).ok())))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Program {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Grant>().cloned().map(Self).ok_or(ApiError::Unauthorized)
    }
}

/// The person behind a grant, if they may use their account.
///
/// # Errors
/// `NeedsUser`, `Waiting`.
pub(crate) fn person(grant: &Grant) -> Result<AccountId, ApiError> {
    match (grant.state, grant.account) {
        (LoginState::Open, Some(id)) => Ok(id),
        (LoginState::Nobody | LoginState::Open, _) => Err(ApiError::NeedsUser),
        (state, _) => Err(ApiError::Waiting(state)),
    }
}

/// The bearer token in the header (RFC 6750 §2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|t| is_token(t))
}

/// The token of a stream: browsers cannot set headers there, so it may also be in the query or be the WebSocket's protocol.
pub(crate) fn stream_token(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let in_query = || {
        let query = uri.query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == "access_token")
            .map(|(_, token)| token.into_owned())
    };
    let as_protocol = || {
        let value = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
        value.split(',').next().map(|t| t.trim().to_owned())
    };
    bearer(headers).map(str::to_owned).or_else(in_query).or_else(as_protocol).filter(|t| is_token(t))
}

fn is_token(text: &str) -> bool {
    (1..=200).contains(&text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_from_the_header_and_for_streams_from_elsewhere_too() {
        let mut headers = HeaderMap::new();
        let uri: Uri = "/api/v1/streaming?stream=user&access_token=abc".parse().expect("a path");
        assert_eq!(stream_token(&headers, &uri).as_deref(), Some("abc"));
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, "xyz".parse().expect("a value"));
        assert_eq!(stream_token(&headers, &Uri::from_static("/")).as_deref(), Some("xyz"));
        headers.insert(header::AUTHORIZATION, "bearer  t0ken ".parse().expect("a value"));
        assert_eq!(bearer(&headers), Some("t0ken"));
        for other in ["Basic abc", "Bearer", "Bearer ", "abc"] {
            headers.insert(header::AUTHORIZATION, other.parse().expect("a value"));
            assert_eq!(bearer(&headers), None, "{other}");
        }
    }
}
