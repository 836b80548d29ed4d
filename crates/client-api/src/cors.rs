//! Cross-origin access (Fetch standard, CORS protocol): client programs in browsers may call the API from any origin, without cookies
//! (threats X6). Exactly the machine paths; HTML pages send no `Access-Control-Allow-Origin`.
//!
//! The server asks [`Crossing`] around all its routes, so that federation's `/.well-known` and `/nodeinfo` are covered too.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// Paths that programs in browsers may call: whole trees end with `/`.
const OPEN: &[&str] = &["/api/", "/.well-known/", "/nodeinfo/"];
/// Single paths.
const OPEN_EXACT: &[&str] = &["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"];

/// Whether a path is open to other origins.
#[must_use]
pub fn is_open(path: &str) -> bool {
    OPEN.iter().any(|p| path.starts_with(p)) || OPEN_EXACT.contains(&path)
}

/// A request for an open path, whoever's page asks.
#[derive(Debug)]
pub struct Crossing {
    is_preflight: bool,
    /// The headers that it wants to send.
    asked: Option<HeaderValue>,
}

impl Crossing {
    /// Of a request; `None` for paths that are not open, whose answers are not touched.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        if !is_open(request.uri().path()) {
            return None;
        }
        let is_preflight = request.method() == Method::OPTIONS;
        let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).filter(|_| is_preflight);
        Some(Self { is_preflight, asked: asked.filter(|asked| asked.len() <= 1_024).cloned() })
    }

    /// The answer to a browser that asks whether it may ask.
    #[must_use]
    pub fn preflight(&self) -> Option<Response> {
        self.is_preflight.then(|| StatusCode::NO_CONTENT.into_response())
    }

    /// Says in an answer that everybody may read it.
    pub fn mark(self, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id, Retry-After",
            ),
        );
        if !self.is_preflight {
            return;
        }
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            // Any, as in Mastodon: no cookie is taken here, so a header gives nobody more than they have. `*` would leave `Authorization` out.
            self.asked.unwrap_or(HeaderValue::from_static(
                "Authorization, Content-Type, Idempotency-Key, Accept, Accept-Language",
            )),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x6_only_machine_paths_are_open_to_other_origins() {
        for path in
            ["/api/v1/instance", "/api/v2/search", "/oauth/token", "/nodeinfo/2.0", "/.well-known/webfinger"]
        {
            assert!(is_open(path), "{path}");
        }
        for path in
            ["/", "/@ana", "/oauth/authorize", "/oauth/token/x", "/users/ana", "/apix", "/media/a.jpg"]
        {
            assert!(!is_open(path), "{path}");
        }
    }
}
