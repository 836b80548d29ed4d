//! Redirect URIs: which may be registered, and how an answer is put into one. Comparison is always of the exact text (RFC 9700 §2.1, threats A1).

use url::Url;

/// Shows the code to the person instead of redirecting.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// Redirect URIs of one program, at most.
pub const MOST: usize = 20;
const LONGEST: usize = 2_000;

/// Schemes that would run something, or show something, in the browser itself.
const DANGEROUS: &[&str] = &[
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "view-source",
    "filesystem",
    "ws",
    "wss",
    "ftp",
];

/// Splits a list given as one text.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

/// Whether a redirect URI may be registered: absolute, without fragment, with a host and without a user part if it is http(s), of no dangerous
/// scheme.
#[must_use]
pub fn is_acceptable(uri: &str) -> bool {
    if uri == OUT_OF_BAND {
        return true;
    }
    if uri.len() > LONGEST || uri.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return false;
    }
    let Ok(url) = Url::parse(uri) else { return false };
    let is_web = matches!(url.scheme(), "http" | "https");
    url.fragment().is_none()
        && !DANGEROUS.contains(&url.scheme())
        && (!is_web || (url.has_host() && url.username().is_empty() && url.password().is_none()))
}

/// A redirect URI with parameters added to its query; `None` for [`OUT_OF_BAND`].
#[must_use]
pub fn with(uri: &str, parameters: &[(&str, &str)]) -> Option<String> {
    if uri == OUT_OF_BAND {
        return None;
    }
    let mut url = Url::parse(uri).ok()?;
    url.query_pairs_mut().extend_pairs(parameters);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_only_absolute_harmless_addresses_can_be_registered() {
        for good in [
            OUT_OF_BAND,
            "https://client.example/callback?x=1",
            "http://127.0.0.1:8123/",
            "tusky://oauth",
            "icecubesapp://",
            "oauth2redirect://com.example.app",
            "com.example.app:/callback",
        ] {
            assert!(is_acceptable(good), "{good}");
        }
        for bad in [
            "",
            "/relative",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "https://client.example/#fragment",
            "https://user:password@client.example/",
            "https://",
            "https://client.example/a b",
        ] {
            assert!(!is_acceptable(bad), "{bad}");
        }
    }

    #[test]
    fn an_answer_is_added_to_what_is_there() {
        assert_eq!(
            with("https://client.example/cb?x=1", &[("code", "a b"), ("state", "&")]).as_deref(),
            Some("https://client.example/cb?x=1&code=a+b&state=%26")
        );
        assert_eq!(with("tusky://oauth", &[("code", "c")]).as_deref(), Some("tusky://oauth?code=c"));
        assert_eq!(with("com.example:/cb", &[("code", "c")]).as_deref(), Some("com.example:/cb?code=c"));
        assert_eq!(with(OUT_OF_BAND, &[("code", "c")]), None);
    }
}
