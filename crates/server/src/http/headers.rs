//! Headers of every answer. Pages add their own policy on top (`web`).

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use parvis_config::Settings;
use tower_http::set_header::SetResponseHeaderLayer;

/// `nosniff` everywhere, and HSTS when the town is reached by https.
pub fn around(routes: Router, settings: &Settings) -> Router {
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let routes = routes
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::REFERRER_POLICY, "same-origin"))
        .layer(set(header::X_FRAME_OPTIONS, "DENY"));
    if settings.origin().scheme() == "https" {
        routes.layer(set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
    } else {
        routes
    }
}
