//! What one request may cost: the size of its body, how long it takes, and that a panic ends it alone (threats J5, J6). Header limits are set on
//! the connection, in `listen`.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use futures_util::FutureExt as _;
use http_body_util::Limited;
use tower_http::timeout::TimeoutBody;

/// The largest body of any route, bytes: a video and its form. Routes that need less say so themselves.
pub const BODY_MAX: usize = 101 * 1024 * 1024;
/// Between two pieces of a body.
const PIECE_MAX: Duration = Duration::from_secs(20);
/// The whole request, except for streams, which answer at once.
const WHOLE_MAX: Duration = Duration::from_secs(120);
/// The same where files are uploaded: from a telephone in the fields.
const UPLOAD_MAX: Duration = Duration::from_secs(15 * 60);
/// Where files are uploaded.
const UPLOADS: [&str; 2] = ["/api/v1/media", "/api/v2/media"];

/// What routes read that say nothing else, bytes.
const USUAL_MAX: usize = 1024 * 1024;

/// Answers a request within all limits; what is refused before the client API is reached comes in the shape that its programs read.
pub async fn within<F>(request: Request, run: impl FnOnce(Request) -> F) -> Response<Body>
where
    F: Future<Output = Response<Body>>,
{
    let is_api = request.uri().path().starts_with("/api/");
    let answer = match refusal(&request) {
        Some(refused) => refused,
        None => AssertUnwindSafe(in_time(request, run)).catch_unwind().await.unwrap_or_else(after_panic),
    };
    if is_api { in_shape(answer) } else { answer }
}

/// Ends what takes too long.
async fn in_time<F>(mut request: Request, run: impl FnOnce(Request) -> F) -> Response<Body>
where
    F: Future<Output = Response<Body>>,
{
    let is_upload = UPLOADS.contains(&request.uri().path());
    let most = if is_upload { UPLOAD_MAX } else { WHOLE_MAX };
    DefaultBodyLimit::max(USUAL_MAX).apply(&mut request);
    if !request.body().is_end_stream() {
        request = request.map(|body| Body::new(Limited::new(TimeoutBody::new(PIECE_MAX, body), BODY_MAX)));
    }
    let answer = tokio::time::timeout(most, run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

/// What is refused without a look at the body.
fn refusal(request: &Request) -> Option<Response<Body>> {
    // No address of ours holds a NUL, and PostgreSQL takes none: refused for every door at once (threats J1).
    let is_bad = |text: &str| text.contains("%00") || text.contains('\0');
    if is_bad(request.uri().path()) || request.uri().query().is_some_and(is_bad) {
        let words = "an address cannot hold a NUL character\n";
        return Some((StatusCode::BAD_REQUEST, words).into_response());
    }
    let length = request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
    let is_too_long = usize::try_from(length).map_or(true, |length| length > BODY_MAX);
    is_too_long.then(|| (StatusCode::PAYLOAD_TOO_LARGE, "length limit exceeded").into_response())
}

fn in_shape(response: Response<Body>) -> Response<Body> {
    let status = response.status();
    let is_plain =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/"));
    if !is_plain || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let words = format!(r#"{{"error":"{}"}}"#, status.canonical_reason().unwrap_or("Refused"));
    let kind = header::HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], words).into_response()
}

fn after_panic(cause: Box<dyn Any + Send>) -> Response<Body> {
    let text =
        cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(alarm = true, cause = text.unwrap_or("unknown"), "a handler panicked");
    let mut response =
        Response::new(Body::from(r#"{"error":"Something went wrong here. It has been noted."}"#));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Bytes;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, path: &str, length: usize) -> (u16, String, String) {
        let routes = Router::new()
            .route("/api/v1/read", get(|| async { "read" }))
            .route("/api/v1/write", post(|body: Bytes| async move { body.len().to_string() }));
        let settings = parvis_config::Settings::for_tests("a.localhost");
        let figures = crate::http::metrics::Figures::new().unwrap();
        let request = Request::builder().method(method).uri(path).header("content-length", length);
        let request = request.body(Body::from(vec![b'x'; length])).unwrap();
        let response = crate::http::around(routes, &settings, &figures, None).oneshot(request).await.unwrap();
        let open = response.headers().get("access-control-allow-origin");
        let open = open.map_or("", |origin| origin.to_str().unwrap()).to_owned();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, open, String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn j1_what_is_refused_before_the_client_api_reads_as_if_it_had_refused() {
        for (method, path, length, status) in [
            ("GET", "/api/v1/statuses/%00", 0, 400),
            ("GET", "/api/v1/read?q=%00", 0, 400),
            ("POST", "/api/v1/write", BODY_MAX + 1, 413),
        ] {
            let (came, open, text) = ask(method, path, length).await;
            assert_eq!((came, open.as_str()), (status, "*"), "{path}");
            assert!(text.starts_with("{\"error\":\""), "{path}: {text}");
        }
        assert_eq!(ask("GET", "/api/v1/read", 0).await.2, "read");
        let (came, open, _) = ask("GET", "/@ana/%00", 0).await;
        assert_eq!((came, open.as_str()), (400, ""), "pages are for nobody's program");
    }
}
