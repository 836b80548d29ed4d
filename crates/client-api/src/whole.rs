//! Around all routes: small bodies are read to their end, what a token opened is kept by nobody on the way, and internal trouble is logged.

use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::error::Trouble;
use crate::streaming::hub::Hub;

/// Bodies up to this size are read before the route runs.
const SMALL_BYTES: usize = 16 * 1024;

/// The one layer.
pub async fn around(State(hub): State<Hub>, mut request: Request, next: Next) -> Response {
    let is_somebodys = request.headers().contains_key(header::AUTHORIZATION);
    // `body` has its own limits, route by route.
    DefaultBodyLimit::disable().apply(&mut request);
    request.extensions_mut().insert(hub);
    let trouble = Trouble::possible(&request);
    let mut response = match with_small_body(request).await {
        Ok(request) => next.run(request).await,
        Err(refused) => refused,
    };
    trouble.log(&mut response);
    say_whose(response.headers_mut(), is_somebodys);
    response
}

/// Some programs send a body, such as `{}`, to routes that read none. A body that nobody reads ends the connection, which the next request on it would
/// find out too late (RFC 9112 §9.3); so small ones are read here.
async fn with_small_body(request: Request) -> Result<Request, Response> {
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if !length.is_some_and(|length| (1..=SMALL_BYTES).contains(&length)) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, SMALL_BYTES).await {
        Ok(bytes) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Err(_) => Err(StatusCode::BAD_REQUEST.into_response()),
    }
}

/// An answer to somebody with a token is theirs, also for whatever stands between (RFC 9111 §5.2.2).
fn say_whose(headers: &mut HeaderMap, is_somebodys: bool) {
    if is_somebodys && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    headers.append(header::VARY, HeaderValue::from_static("Authorization"));
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::HttpBody as _;
    use axum::routing::post;
    use tower::ServiceExt;

    use super::*;

    fn router() -> Router {
        Router::new()
            .route("/", post(|body: Body| async move { format!("{:?}", body.size_hint().exact()) }))
            .layer(axum::middleware::from_fn_with_state(Hub::default(), around))
    }

    async fn answer(length: usize, token: bool) -> (Response, String) {
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(vec![b'x'; length])]);
        let mut request = Request::post("/").header(header::CONTENT_LENGTH, length);
        if token {
            request = request.header(header::AUTHORIZATION, "Bearer x");
        }
        let mut response = router().oneshot(request.body(Body::from_stream(stream)).unwrap()).await.unwrap();
        let body = to_bytes(std::mem::take(response.body_mut()), 1_000).await.unwrap();
        (response, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn small_bodies_are_there_whole_before_a_route_runs() {
        assert_eq!(answer(2, false).await.1, "Some(2)");
        assert_eq!(answer(SMALL_BYTES + 1, false).await.1, "None", "a stream that the route reads or not");
    }

    #[tokio::test]
    async fn what_a_token_opened_is_kept_by_nobody_on_the_way() {
        let (with, _) = answer(2, true).await;
        assert_eq!(with.headers()[header::CACHE_CONTROL], "private, no-store");
        let (without, _) = answer(2, false).await;
        assert!(!without.headers().contains_key(header::CACHE_CONTROL));
        assert_eq!(without.headers()[header::VARY], "Authorization");
    }
}
