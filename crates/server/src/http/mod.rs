//! The web server around the doors: connections and their limits, who the client is, headers for everybody, health, stored files.

pub mod barred;
pub mod client_ip;
pub mod files;
pub mod headers;
pub mod health;
pub mod limits;
pub mod listen;
pub mod metrics;
pub mod negotiate;
pub mod request_id;

use axum::Router;
use parvis_config::Settings;

use self::metrics::Figures;

/// Puts the layers of every request around the routes; the outermost comes last.
pub fn around(routes: Router, settings: &Settings, figures: &Figures) -> Router {
    let routes = figures.around(routes);
    let routes = negotiate::around(routes);
    // Around the limits, so that a program in a browser can read what they refuse.
    let routes = limits::around(routes).layer(axum::middleware::from_fn(parvis_client_api::cors));
    let routes = headers::around(routes, settings);
    let routes = client_ip::around(routes, settings.http.trusted_proxies.clone());
    request_id::around(routes)
}
