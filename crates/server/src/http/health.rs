//! For the machine that watches: `/healthz` (the process answers) and `/readyz` (the database answers and has its tables).

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use parvis_domain::Town;

/// The two addresses.
pub fn router(town: Town) -> Router {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready)).with_state(town)
}

async fn ready(State(town): State<Town>) -> (StatusCode, &'static str) {
    match town.db().migrations_pending().await {
        Ok(pending) if pending.is_empty() => (StatusCode::OK, "ok\n"),
        Ok(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database lacks migrations: run `parvis migrate`\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
