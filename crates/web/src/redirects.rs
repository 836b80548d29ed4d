//! Where a page may send people on: to paths of ours (threats X5). The one exception, a client program's registered redirect address, is decided in
//! `domain::oauth` and used in `pages::consent`.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use url::Url;

/// A path of this town with its query, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPath(String);

impl OwnPath {
    /// Reads what a client sent; anything that a browser could read as another site is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.starts_with('/')
            || text.len() > 4_096
            || text.bytes().any(|b| b == b'\\' || b.is_ascii_control())
        {
            return None;
        }
        let base = Url::parse("https://town.invalid/").ok()?;
        let joined = base.join(text).ok()?;
        if joined.origin() != base.origin() || joined.path().starts_with("//") {
            return None;
        }
        let query = joined.query().map(|q| format!("?{q}")).unwrap_or_default();
        Some(Self(format!("{}{query}", joined.path())))
    }

    /// The path, starting with exactly one `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for OwnPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

/// To the path that the client asked for, or to the front page. 303, so that a form is not sent twice.
#[must_use]
pub fn to(asked: Option<&str>) -> Response {
    let path = asked.and_then(OwnPath::parse);
    see_other(path.as_ref().map_or("/", OwnPath::as_str))
}

/// To the sign-in page, and from there back to a path of ours.
#[must_use]
pub fn to_sign_in(back: &OwnPath) -> Response {
    let query: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", back.as_str()).finish();
    see_other(&format!("/auth/sign_in?{query}"))
}

/// 303 to an address that was checked: a path of ours or, from `pages::consent` only, the registered address of a program.
#[must_use]
pub fn see_other(checked: &str) -> Response {
    match HeaderValue::from_str(checked) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x5_only_paths_of_ours_are_followed() {
        let read = |text: &str| OwnPath::parse(text).map(|p| p.0);
        assert_eq!(read("/oauth/authorize?a=b&c=d").as_deref(), Some("/oauth/authorize?a=b&c=d"));
        assert_eq!(read("/@ana/1#x").as_deref(), Some("/@ana/1"));
        for bad in [
            "",
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/..//evil.example",
            "/.//evil.example",
            " /",
            "/\u{0}",
        ] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
