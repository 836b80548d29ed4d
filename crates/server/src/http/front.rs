//! What happens around every request, in its order. One layer for all of it: each layer of a router is a box around every route, and they are
//! copied and called for every request.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, OriginalUri, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use ipnet::IpNet;
use parvis_client_api::Crossing;
use parvis_config::Settings;
use parvis_domain::Town;
use parvis_domain::outside::ClientIp;
use tracing::Instrument as _;

use super::metrics::Figures;
use super::request_id::Line;
use super::{barred, client_ip, headers, limits, negotiate};

/// What is known before the first request.
struct Front {
    trusted_proxies: Vec<IpNet>,
    is_https: bool,
    figures: Figures,
    /// Whose list of barred networks counts.
    town: Option<Town>,
}

/// Puts everything around the routes of a town; without one, nobody is barred.
pub fn around(routes: Router, settings: &Settings, figures: &Figures, town: Option<Town>) -> Router {
    let front = Arc::new(Front {
        trusted_proxies: settings.http.trusted_proxies.clone(),
        is_https: settings.origin().scheme() == "https",
        figures: figures.clone(),
        town,
    });
    negotiate::around(routes.layer(from_fn_with_state(front, pass)))
}

async fn pass(State(front): State<Arc<Front>>, mut request: Request, next: Next) -> Response {
    let line = Line::begin(&mut request);
    let ip = client_ip::of(&request, &front.trusted_proxies);
    if let Some(ip) = ip {
        request.extensions_mut().insert(ip);
    }
    // Around the limits, so that a program in a browser can read what they refuse.
    let crossing = Crossing::of(&request);
    let mut response = match crossing.as_ref().and_then(Crossing::preflight) {
        Some(answer) => answer,
        None => limits::within(request, |request| front.answer(request, next)).instrument(line.span()).await,
    };
    if let Some(crossing) = crossing {
        crossing.mark(response.headers_mut());
    }
    headers::add(response.headers_mut(), front.is_https);
    line.end(&mut response, ip);
    response
}

impl Front {
    async fn answer(&self, request: Request, next: Next) -> Response {
        let timing = self.figures.begin(request.method(), request.extensions().get::<MatchedPath>());
        let ip = request.extensions().get().copied();
        let response = match self.is_barred(ip).await {
            true => barred::answer().into_response(),
            false => next.run(request).await,
        };
        timing.end(&self.figures, response.status());
        response
    }

    async fn is_barred(&self, ip: Option<ClientIp>) -> bool {
        match self.town.as_ref().zip(ip) {
            Some((town, ip)) => barred::is_barred(town, ip).await,
            None => false,
        }
    }
}

/// The path that was asked for, whatever it was led to inside.
pub(super) fn path_of(request: &Request) -> &str {
    request.extensions().get::<OriginalUri>().map_or(request.uri().path(), |asked| asked.path())
}
