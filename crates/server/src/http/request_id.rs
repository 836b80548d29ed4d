//! A number for each request, printed in its one log line, in the answer's `X-Request-Id`, and on error pages, so that people can quote it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use parvis_domain::outside::{ClientIp, RequestId};
use parvis_model::random::{Random, SystemRandom};
use tracing::Instrument;

/// Gives every request its [`RequestId`] and logs it when it is answered. Paths are logged without their query: tokens may stand there.
pub fn around(routes: Router) -> Router {
    let random = Arc::new(SystemRandom);
    routes.layer(from_fn(move |mut request: Request, next: Next| {
        let random = Arc::clone(&random);
        async move {
            let id = format!("{:016x}", random.number());
            request.extensions_mut().insert(RequestId(id.clone()));
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let started = tokio::time::Instant::now();
            let span = tracing::info_span!("request", id = %id);
            let mut response: Response = next.run(request).instrument(span.clone()).await;
            if let Ok(value) = HeaderValue::from_str(&id) {
                response.headers_mut().insert("x-request-id", value);
            }
            let _in = span.enter();
            let ip = response.extensions().get::<ClientIp>().map(|c| c.0.to_string());
            let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(%method, path, status = response.status().as_u16(), millis, ip, "answered");
            Ok::<Response, std::convert::Infallible>(response)
        }
    }))
}
