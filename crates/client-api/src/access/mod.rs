//! Every route of this door, in one table: method, path, who may call it with which scope, handler. The router is made of it and of nothing else, so
//! a route without an entry does not exist, and a test goes through all of them (threats A4, I4). The guard below runs before each handler.

mod guard;
mod table;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::{Method, header};
use parvis_domain::{Error, Town};
use tower_http::cors::{AllowHeaders, Any, CorsLayer, ExposeHeaders};

use crate::error::ApiError;
use crate::limits::{Costly, Limits};

/// One scope that a token needs, or several separated by `|`, any of which is enough.
pub type Scope = &'static str;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody; tokens are not looked at.
    Public,
    /// Anybody; somebody with a token sees more, if it has the scope.
    Optional(Scope),
    /// A program or a person, with any token.
    App,
    /// A program or a person, with the scope.
    AppWith(Scope),
    /// A person who may use their account, with the scope.
    User(Scope),
    /// The same; the token may be in the query or in the WebSocket's protocol.
    Stream(Scope),
}

/// One line of the table.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) costly: Option<Costly>,
    handler: MethodRouter<Town>,
}

impl Route {
    fn new<H, T>(method: Method, filter: MethodFilter, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Town>,
        T: 'static,
    {
        Self { method, path, access, costly: None, handler: on(filter, handler) }
    }

    /// Counted by a limit of its own as well.
    pub(crate) fn costly(mut self, costly: Costly) -> Self {
        self.costly = Some(costly);
        self
    }
}

macro_rules! methods {
    ($($name:ident $method:ident),+) => {$(
        pub(crate) fn $name<H: Handler<T, Town>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
            Route::new(Method::$method, MethodFilter::$method, path, access, handler)
        }
    )+};
}
methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);

/// The routes of this door. The server adds `ClientIp` and `RequestId` to requests before they come here.
#[must_use]
pub fn router(town: Town) -> Router {
    let limits = Limits::new(town.settings().limits.rate_limits);
    let mut router = Router::new();
    for route in table::routes() {
        let guard = guard::Guard {
            town: town.clone(),
            limits: limits.clone(),
            access: route.access,
            costly: route.costly,
        };
        router = router.route(route.path, route.handler.route_layer(from_fn_with_state(guard, guard::check)));
    }
    router
        .route("/api/{*rest}", axum::routing::any(|| async { ApiError::from(Error::NotFound) }))
        .layer(cors())
        .with_state(town)
}

/// What scripts of other origins may do: everything that needs no cookie, since this door knows none (threats X6). The server puts it on
/// `/.well-known` and `/nodeinfo` too, and on nothing else.
#[must_use]
pub fn cors() -> CorsLayer {
    let exposed = [
        header::LINK,
        header::HeaderName::from_static("x-ratelimit-limit"),
        header::HeaderName::from_static("x-ratelimit-remaining"),
        header::HeaderName::from_static("x-ratelimit-reset"),
        header::HeaderName::from_static("x-request-id"),
        header::HeaderName::from_static("mastodon-async-refresh"),
    ];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ])
        // A `*` would not cover `Authorization` (Fetch standard, CORS-preflight).
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(ExposeHeaders::list(exposed))
        .max_age(std::time::Duration::from_secs(86_400))
}

#[cfg(test)]
mod tests;
