//! The one list of who hears of events, of routes and of jobs. Nothing is registered anywhere else.

use std::sync::Arc;

use axum::Router;
use parvis_config::Settings;
use parvis_domain::Town;
use parvis_domain::context::{Context, Listener};
use parvis_domain::secrets::Secrets;

/// Who hears of an event in its transaction, in this order: who is to receive, then what they receive, then what people here are told.
#[must_use]
pub fn listeners() -> Vec<Listener> {
    vec![
        parvis_domain::outbox::on_event,
        parvis_domain::notifications::on_event,
        parvis_domain::timelines::on_event,
    ]
}

/// What use cases reach from inside a transaction.
#[must_use]
pub fn context(settings: &Settings, secrets: &Secrets) -> Arc<Context> {
    Context::new(settings.clone(), secrets.clone(), listeners())
}

/// All routes of a town, in the order in which people meet them: pages, the client API, other servers, files, health.
pub fn routes(town: &Town) -> Router {
    Router::new()
        .merge(parvis_web::router(town.clone()))
        .merge(parvis_federation::serve::router(town.clone()))
        .merge(crate::http::files::router(town.clone()))
        .merge(crate::http::health::router(town.clone()))
}
