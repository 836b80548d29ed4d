//! Cross-origin access (Fetch standard, CORS protocol): client programs in browsers may call the API from any origin, without cookies
//! (threats X6). Exactly the machine paths; HTML pages send no `Access-Control-Allow-Origin`.
//!
//! The server layer wraps the whole router with [`cors`], so that federation's `/.well-known` and `/nodeinfo` are covered too.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};

/// Paths that programs in browsers may call: whole trees end with `/`.
const OPEN: &[&str] = &["/api/", "/.well-known/", "/nodeinfo/"];
/// Single paths.
const OPEN_EXACT: &[&str] = &["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"];

/// Whether a path is open to other origins.
#[must_use]
pub fn is_open(path: &str) -> bool {
    OPEN.iter().any(|p| path.starts_with(p)) || OPEN_EXACT.contains(&path)
}

/// The layer: answers preflights and marks answers of open paths. Nothing else is touched.
pub async fn cors(request: Request, next: Next) -> Response {
    if !is_open(request.uri().path()) {
        return next.run(request).await;
    }
    let is_preflight = request.method() == Method::OPTIONS;
    let asked =
        request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).filter(|asked| asked.len() <= 1_024);
    let asked = asked.cloned().filter(|_| is_preflight);
    let mut response =
        if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id, Retry-After",
        ),
    );
    if is_preflight {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            // Any, as in Mastodon: no cookie is taken here, so a header gives nobody more than they have. `*` would leave `Authorization` out.
            asked.unwrap_or(HeaderValue::from_static(
                "Authorization, Content-Type, Idempotency-Key, Accept, Accept-Language",
            )),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    }
    response
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
