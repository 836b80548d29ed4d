//! Figures for Prometheus, on a listener of their own (`metrics.listen`). Each town has its own recorder: two towns may share a process.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::MatchedPath;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use parvis_domain::{Town, figures};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Upper bounds of the request durations, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How often observations are summed up.
const TIDY_EVERY: Duration = Duration::from_secs(10);

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

    /// Begins to time a request.
    #[must_use]
    pub fn begin(&self, method: &Method, route: Option<&MatchedPath>) -> Timing {
        let method = match method.as_str() {
            m @ ("GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS") => m.to_owned(),
            _ => "other".to_owned(),
        };
        let route = route.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
        Timing { method, route, started: Instant::now() }
    }

    /// Until it is stopped, puts what was observed into its places now and then. Until then each observation is kept by itself, so without this a town
    /// whose figures nobody reads would need more and more memory.
    pub async fn keep_small(self, stop: CancellationToken) {
        while tokio::time::timeout(TIDY_EVERY, stop.cancelled()).await.is_err() {
            self.handle.run_upkeep();
        }
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

/// A request under way. Labels are the method, the status and the route's pattern, never what a client made up.
#[derive(Debug)]
pub struct Timing {
    method: String,
    route: String,
    started: Instant,
}

impl Timing {
    /// Counts the answer.
    pub fn end(self, figures: &Figures, status: StatusCode) {
        let Self { method, route, started } = self;
        metrics::with_local_recorder(&*figures.recorder, || {
            counter!("parvis_http_requests_total", "method" => method, "status" => status.as_str().to_owned())
                .increment(1);
            histogram!("parvis_http_request_seconds", "route" => route)
                .record(started.elapsed().as_secs_f64());
        });
    }
}

fn count(n: i64) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
