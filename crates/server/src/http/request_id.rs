//! A number for each request, printed in its one log line, in the answer's `X-Request-Id`, and on error pages, so that people can quote it.

use axum::extract::Request;
use axum::http::{HeaderValue, Method};
use axum::response::Response;
use parvis_domain::outside::{ClientIp, RequestId};
use parvis_model::random::{Random, SystemRandom};
use tokio::time::Instant;
use tracing::Span;

use super::front::path_of;

/// What takes longer is worth a line in any case.
const SLOW_MILLIS: u64 = 1_000;

/// The log line of a request, until it is answered. Paths are logged without their query: tokens may stand there.
pub struct Line {
    id: String,
    method: Method,
    path: String,
    started: Instant,
    span: Span,
}

impl Line {
    /// Gives a request its [`RequestId`].
    pub fn begin(request: &mut Request) -> Self {
        let id = format!("{:016x}", SystemRandom.number());
        let span = tracing::info_span!("request", id = %id);
        request.extensions_mut().insert(RequestId(id.clone()));
        let (method, path) = (request.method().clone(), path_of(request).to_owned());
        Self { id, method, path, started: Instant::now(), span }
    }

    /// In which everything that is logged about the request carries its number.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Writes the line, and the number into the answer.
    pub fn end(self, response: &mut Response, ip: Option<ClientIp>) {
        if let Ok(value) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert("x-request-id", value);
        }
        let _in = self.span.enter();
        let ip = ip.map(|ip| tracing::field::display(ip.0));
        let millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        // What is only read, by far the most, is in the log of the proxy in front; here it would cost more than many an answer.
        let is_reading = matches!(self.method, Method::GET | Method::HEAD);
        if is_reading && status < 400 && millis < SLOW_MILLIS {
            tracing::debug!(method = %self.method, path = self.path, status, millis, ip, "answered");
        } else {
            tracing::info!(method = %self.method, path = self.path, status, millis, ip, "answered");
        }
    }
}
