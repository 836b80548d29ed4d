//! Digests of message bodies: `Digest` (RFC 3230, with draft-cavage) and `Content-Digest` (RFC 9530, with RFC 9421).
//!
//! Exactly one SHA-256 must be there and match the bytes as received (threats S2); other algorithms beside it are
//! ignored.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

use super::SignatureError;

/// The value of `Digest` for `body`: `SHA-256=…`.
#[must_use]
pub fn digest_value(body: &[u8]) -> String {
    format!("SHA-256={}", sha256_base64(body))
}

/// The value of `Content-Digest` for `body`: `sha-256=:…:`.
#[must_use]
pub fn content_digest_value(body: &[u8]) -> String {
    format!("sha-256=:{}:", sha256_base64(body))
}

fn sha256_base64(body: &[u8]) -> String {
    STANDARD.encode(digest(&SHA256, body))
}

/// Checks every digest header that is present; whether one must be is the signature's question.
///
/// # Errors
/// [`SignatureError::Digest`] when one is there without exactly one SHA-256 of `body`.
pub(super) fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
    let expected = sha256_base64(body);
    for name in ["digest", "content-digest"] {
        let Some(value) = headers.get(name) else { continue };
        let value = value.to_str().map_err(|_| SignatureError::Digest)?;
        let mut sums = value.split(',').filter_map(|member| {
            let (algorithm, sum) = member.trim().split_once('=')?;
            algorithm.trim().eq_ignore_ascii_case("sha-256").then_some(sum.trim())
        });
        let (Some(sum), None) = (sums.next(), sums.next()) else { return Err(SignatureError::Digest) };
        let sum = if name == "content-digest" {
            sum.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).ok_or(SignatureError::Digest)?
        } else {
            sum
        };
        if sum != expected {
            return Err(SignatureError::Digest);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())])
    }

    #[test]
    fn matching_digests_pass_with_other_algorithms_beside_them() {
        let right = digest_value(b"{}");
        for value in [right.clone(), format!("SHA-512=xx, {right}"), right.replace("SHA", "sha")] {
            assert_eq!(check(&with("digest", &value), b"{}"), Ok(()), "{value}");
        }
        assert_eq!(check(&with("content-digest", &content_digest_value(b"{}")), b"{}"), Ok(()));
        assert_eq!(check(&HeaderMap::new(), b"{}"), Ok(()));
    }

    #[test]
    fn s2_one_sha_256_that_matches_the_received_bytes() {
        let right = digest_value(b"{}");
        for value in [digest_value(b"{ }"), String::new(), "SHA-512=xx".into(), format!("{right},{right}")] {
            assert_eq!(check(&with("digest", &value), b"{}"), Err(SignatureError::Digest), "{value}");
        }
        for value in [content_digest_value(b"{ }"), right.to_lowercase()] {
            assert_eq!(check(&with("content-digest", &value), b"{}"), Err(SignatureError::Digest), "{value}");
        }
    }
}
