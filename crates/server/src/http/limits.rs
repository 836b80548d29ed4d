//! What one request may cost: the size of its body, how long it takes, and that a panic ends it alone (threats J5, J6). Header limits are set on
//! the connection, in `listen`.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Response, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

/// The largest body of any route, bytes: a picture and its form. Routes that need less say so themselves.
pub const BODY_MAX: usize = 17 * 1024 * 1024;
/// Between two pieces of a body.
const PIECE_MAX: Duration = Duration::from_secs(20);
/// The whole request, except for streams, which answer at once.
const WHOLE_MAX: Duration = Duration::from_secs(120);

/// Puts the limits around all routes.
pub fn around(routes: Router) -> Router {
    routes
        .layer(from_fn(refuse_nul))
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        .layer(RequestBodyTimeoutLayer::new(PIECE_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, WHOLE_MAX))
        .layer(CatchPanicLayer::custom(after_panic))
}

/// No address of ours holds a NUL, and PostgreSQL takes none: refused for every door at once (threats J1).
async fn refuse_nul(request: Request, next: Next) -> Response<Body> {
    let is_bad = |text: &str| text.contains("%00") || text.contains('\0');
    if is_bad(request.uri().path()) || request.uri().query().is_some_and(is_bad) {
        return (StatusCode::BAD_REQUEST, "an address cannot hold a NUL character\n").into_response();
    }
    next.run(request).await
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
