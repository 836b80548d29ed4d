//! Networks that administrators shut out entirely get no answer but 403, whatever they ask for. The list is `domain::barriers::networks`.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use parvis_domain::Town;
use parvis_domain::barriers::networks;
use parvis_domain::outside::ClientIp;
use parvis_model::barrier::NetworkSeverity;

/// Puts the barrier around all routes. It needs to know who the client is: `client_ip` stands around it.
pub fn around(routes: Router, town: Town) -> Router {
    routes.layer(from_fn_with_state(town, check))
}

async fn check(State(town): State<Town>, request: Request, next: Next) -> Response {
    let Some(ClientIp(ip)) = request.extensions().get::<ClientIp>().copied() else {
        return next.run(request).await;
    };
    match networks::of(&town, ip).await {
        Ok(Some(NetworkSeverity::NoAccess)) => {
            (StatusCode::FORBIDDEN, "Your network cannot reach this town.\n").into_response()
        }
        Ok(_) => next.run(request).await,
        // A database that does not answer says so where it is asked for something.
        Err(error) => {
            tracing::warn!(%error, "the blocked networks cannot be read");
            next.run(request).await
        }
    }
}
