//! The one list of who hears of events, of routes and of jobs. Nothing is registered anywhere else.

use std::sync::Arc;

use axum::Router;
use parvis_config::Settings;
use parvis_domain::Town;
use parvis_domain::context::{Context, Listener};
use parvis_domain::secrets::Secrets;
use parvis_federation::client::{Client, Limits, Settings as ClientSettings};
use parvis_federation::{Federation, fetch, serve};
use parvis_jobs::{Registry, Runner};
use parvis_model::time::MINUTE;

/// Who hears of an event in its transaction, in this order: who is to receive, then what they receive, then what a group does
/// with it, then what people here are told.
#[must_use]
pub fn listeners() -> Vec<Listener> {
    vec![
        parvis_domain::outbox::on_event,
        parvis_federation::outbox::on_event,
        parvis_domain::facilitation::on_event,
        parvis_domain::push::on_event,
        parvis_domain::notifications::on_event,
        parvis_domain::timelines::on_event,
        parvis_domain::lists::feed::on_event,
        parvis_domain::preview_cards::on_event,
        parvis_domain::streams::on_event,
        parvis_domain::tags::follow::on_event,
        parvis_domain::conversations::on_event,
        parvis_domain::search::index::on_event,
        parvis_domain::remote::past::on_event,
        parvis_domain::jobs::on_event,
    ]
}

/// What use cases reach from inside a transaction.
#[must_use]
pub fn context(settings: &Settings, secrets: &Secrets) -> Arc<Context> {
    Context::new(settings.clone(), secrets.clone(), listeners())
}

/// All routes of a town, in the order in which people meet them: pages, the client API, other servers, files, health.
pub fn routes(federation: &Federation) -> Router {
    let town = federation.town();
    Router::new()
        .merge(parvis_web::router(town.clone()))
        .merge(parvis_client_api::router(town.clone()))
        .merge(serve::guarded(serve::router(town.clone()), federation))
        .merge(parvis_federation::inbox::routes(federation.clone()))
        .merge(crate::http::files::router(town.clone()))
        .merge(crate::http::health::router(town.clone()))
}

/// The one HTTP client of a town, by its settings.
///
/// # Errors
/// The extra certificates cannot be read.
pub fn client(town: &Town, limits: Limits) -> anyhow::Result<Client> {
    let settings = town.settings();
    let settings = ClientSettings {
        allow_loopback: settings.federation.allow_loopback,
        allowed_private_addresses: settings.federation.allowed_private_addresses.clone(),
        extra_ca_file: settings.federation.extra_ca_file.clone(),
        allow_http: settings.development || settings.origin().scheme() == "http",
        domain: town.urls().domain().to_owned(),
        scheme: settings.origin().scheme().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        limits,
    };
    Ok(Client::new(&settings, Arc::clone(town.clock()))?)
}

/// All jobs of a town.
#[must_use]
pub fn jobs(town: &Town) -> Runner<Town> {
    let registry = parvis_domain::jobs::add_to(Registry::default())
        .with::<fetch::Ancestors>()
        .with::<fetch::Followers>()
        .with::<fetch::Answers>()
        .with::<fetch::Past>()
        .with::<fetch::Featured>()
        .every::<fetch::Refresh>(10 * MINUTE, &());
    Runner::new(town.db().clone(), town.clone(), registry)
}
