//! The web server around the doors: connections and their limits, who the client is, headers for everybody, health, stored files.

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
    let routes = limits::around(routes);
    let routes = headers::around(routes, settings);
    let routes = client_ip::around(routes, settings.http.trusted_proxies.clone());
    request_id::around(routes)
}
