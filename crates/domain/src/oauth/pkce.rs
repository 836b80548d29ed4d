//! Proof Key for Code Exchange (RFC 7636), S256 only.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

/// Whether a text can be an S256 challenge: 32 bytes in base64url without padding.
pub(super) fn is_challenge(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a text can be a verifier: 43 to 128 unreserved characters (§4.1).
pub(super) fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

/// Whether the verifier belongs to the challenge.
pub(super) fn is_match(verifier: &str, challenge: &str) -> bool {
    let made = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    is_verifier(verifier) && bool::from(made.as_bytes().ct_eq(challenge.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a2_the_example_of_rfc_7636_appendix_b_matches_and_nothing_else() {
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_challenge(challenge) && is_match(verifier, challenge));
        assert!(!is_match(challenge, challenge), "plain");
        assert!(!is_match("short", challenge));
        assert!(
            !is_verifier(&"x".repeat(42)) && !is_verifier(&"x".repeat(129)) && !is_verifier(&"é".repeat(30))
        );
        assert!(!is_challenge("short") && !is_challenge(&"!".repeat(43)));
    }
}
