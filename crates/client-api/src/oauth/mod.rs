//! The endpoints of OAuth that programs call. The consent page is in `web`, the rules are in `domain::oauth`.

pub mod metadata;
pub mod revoke;
pub mod token;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};

/// Client id and secret from HTTP Basic (RFC 6749 §2.3.1), else from the parameters.
fn client(headers: &HeaderMap, id: Option<String>, secret: Option<String>) -> (String, Option<String>) {
    basic(headers).map_or_else(
        || (id.unwrap_or_default(), secret.filter(|s| !s.is_empty())),
        |(id, secret)| (id, Some(secret)),
    )
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().ok().map(|t| t.into_owned());
    Some((plain(id)?, plain(secret)?))
}

#[cfg(test)]
mod tests;
