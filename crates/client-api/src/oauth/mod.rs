//! The OAuth 2 endpoints of client programs: token (RFC 6749 §3.2), revocation (RFC 7009), introspection (RFC 7662), the server's metadata
//! (RFC 8414) and who is signed in (OpenID Connect). The rules are `domain::oauth`'s; the consent page `/oauth/authorize` is in `web`.

pub mod introspect;
pub mod metadata;
pub mod revoke;
pub mod token;
pub mod userinfo;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode, header};
use parvis_domain::oauth::OAuthError;
use parvis_domain::oauth::revoke::Client;

use crate::body::Params;
use crate::error::{ApiError, Result};

/// The program that asks: in the body, or by HTTP Basic (RFC 6749 §2.3.1).
///
/// # Errors
/// 422 when a parameter is no text.
fn client(headers: &HeaderMap, params: &Params) -> Result<Client> {
    if let Some(client) = basic(headers) {
        return Ok(client);
    }
    Ok(Client { id: params.word("client_id")?.unwrap_or_default(), secret: params.word("client_secret")? })
}

fn basic(headers: &HeaderMap) -> Option<Client> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    // RFC 6749 §2.3.1: both are form-encoded before they are put together.
    let decoded = |t: &str| percent_encoding::percent_decode_str(t).decode_utf8_lossy().into_owned();
    Some(Client { id: decoded(id), secret: Some(decoded(secret)).filter(|s| !s.is_empty()) })
}

/// What the RFCs answer.
fn refused(error: OAuthError) -> ApiError {
    let status = match error {
        OAuthError::InvalidClient => StatusCode::UNAUTHORIZED,
        OAuthError::UnauthorizedClient | OAuthError::AccessDenied => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    ApiError::oauth(status, error.code(), error.description())
}
