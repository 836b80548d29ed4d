//! Figures for Prometheus, on a listener of their own (`metrics.listen`). Each town has its own recorder: two towns may share a process.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use parvis_domain::{Town, figures};

/// Upper bounds of the request durations, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// A town's figures.
#[derive(Clone)]
pub struct Figures {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
}

impl Figures {
    /// Empty ones.
    ///
    /// # Errors
    /// Never in practice: the bounds are fixed.
    pub fn new() -> anyhow::Result<Self> {
        let recorder = PrometheusBuilder::new().set_buckets(BUCKETS)?.build_recorder();
        Ok(Self { handle: recorder.handle(), recorder: Arc::new(recorder) })
    }

    /// Counts and times requests. Labels are the method, the status class and the route's pattern, never what a client made up.
    pub fn around(&self, routes: Router) -> Router {
        let recorder = Arc::clone(&self.recorder);
        routes.layer(from_fn(move |request: Request, next: Next| {
            let recorder = Arc::clone(&recorder);
            async move {
                let method = match request.method().as_str() {
                    m @ ("GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS") => m.to_owned(),
                    _ => "other".to_owned(),
                };
                let route = request
                    .extensions()
                    .get::<MatchedPath>()
                    .map_or("none".to_owned(), |p| p.as_str().to_owned());
                let started = tokio::time::Instant::now();
                let response: Response = next.run(request).await;
                let status = response.status().as_u16().to_string();
                metrics::with_local_recorder(&*recorder, || {
                    counter!("parvis_http_requests_total", "method" => method, "status" => status)
                        .increment(1);
                    histogram!("parvis_http_request_seconds", "route" => route)
                        .record(started.elapsed().as_secs_f64());
                });
                Ok::<Response, std::convert::Infallible>(response)
            }
        }))
    }

    /// `/metrics`.
    pub fn router(self, town: Town) -> Router {
        Router::new().route(
            "/metrics",
            get(move || {
                let (figures, town) = (self.clone(), town.clone());
                async move { figures.text(&town).await }
            }),
        )
    }

    async fn text(&self, town: &Town) -> String {
        match town.db().read(figures::queues).await {
            Ok(queues) => metrics::with_local_recorder(&*self.recorder, || {
                gauge!("parvis_jobs_waiting").set(count(queues.jobs_waiting));
                gauge!("parvis_jobs_parked").set(count(queues.jobs_parked));
                gauge!("parvis_inbound_waiting").set(count(queues.inbound_waiting));
            }),
            Err(error) => tracing::warn!(%error, "the queues could not be counted"),
        }
        self.handle.render()
    }
}

fn count(n: i64) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
