//! The client API: Mastodon's, spoken by the programs on people's phones and in their browsers. A door: it reads requests, calls `domain`, and
//! renders what comes back. No rule and no SQL here; imports neither `store` nor another door.
//!
//! Begin with `table`: every route with what it demands. What is implemented and where it differs: `docs/client-api.md`.

mod access;
mod auth;
mod body;
mod cors;
mod entities;
mod error;
mod extract;
mod limits;
mod listing;
mod nested;
mod oauth;
mod page;
mod routes;
mod streaming;
mod table;
mod whole;
#[cfg(test)]
mod tests;

use axum::routing::any;
use axum::{Router, middleware};
use parvis_domain::Town;

pub use cors::Crossing;
pub use entities::instance::{MASTODON_VERSION, version};

/// The routes of the client API. The server opens them to other origins ([`Crossing`]).
pub fn router(town: Town) -> Router {
    access::build(table::table(), &town)
        .method_not_allowed_fallback(routes::wrong_method)
        .route("/api/{*rest}", any(routes::unknown))
        .layer(middleware::from_fn_with_state(streaming::hub::Hub::default(), whole::around))
        .with_state(town)
}
