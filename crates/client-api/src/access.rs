//! What a request must bring to reach a handler (threats A4, A5, X6). Every route is made by one of the functions here and stands in the one
//! table of [`crate::table`]; the router is built from that table only, so a route without declared access cannot exist.
//!
//! Neighbours: [`crate::auth`] reads tokens, [`crate::limits`] counts. Whether somebody may see or change a certain thing is `domain::access`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, delete, get, on, post};
use parvis_domain::Town;
use parvis_domain::oauth::LoginState;
use parvis_domain::outside::ClientIp;
use parvis_model::permission::Permission;

use crate::auth::{self, Caller, TokenFrom};
use crate::body::BodyLimit;
use crate::error::{ApiError, Result};
use crate::limits::{Budget, Counts, Who};

/// Who may call a route. Scopes are alternatives: one of them is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody; tokens are not looked at.
    Public,
    /// Anybody; who brings a token needs the scope.
    Optional(&'static [&'static str]),
    /// A program's own token or somebody's. No scopes: any token.
    Program(&'static [&'static str]),
    /// Somebody's token.
    User(&'static [&'static str]),
    /// Somebody's token, even while the account waits for confirmation or approval.
    Newcomer(&'static [&'static str]),
    /// A token of somebody whose role has the permission (threats I4). The use case asks for it again in its transaction.
    Staff(&'static [&'static str], Permission),
}

/// One route: how it is called, who may, what it may cost.
pub struct Route {
    #[cfg(test)]
    pub method: http::Method,
    pub path: &'static str,
    pub access: Access,
    pub budget: Budget,
    pub body: BodyLimit,
    pub token: TokenFrom,
    run: MethodRouter<Town>,
}

macro_rules! routes {
    ($($name:ident $method:ident $on:ident),+ $(,)?) => {$(
        /// A route of this method.
        pub fn $name<H, T>(path: &'static str, access: Access, handler: H) -> Route
        where
            H: Handler<T, Town>,
            T: 'static,
        {
            Route {
                #[cfg(test)]
                method: http::Method::$method,
                path,
                access,
                budget: Budget::Usual,
                body: BodyLimit::SMALL,
                token: TokenFrom::Header,
                run: $on(handler),
            }
        }
    )+};
}

routes!(read GET get, send POST post, replace PUT update, change PATCH update, remove DELETE delete);

/// Rails answers an update by either word, so client programs use either: Ice Cubes and the official Android app say PUT where Mastodon's
/// documentation says PATCH.
fn update<H: Handler<T, Town>, T: 'static>(handler: H) -> MethodRouter<Town> {
    on(MethodFilter::PUT.or(MethodFilter::PATCH), handler)
}

impl Route {
    /// Counted more strictly.
    #[must_use]
    pub fn costs(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// Takes pictures.
    #[must_use]
    pub fn takes_pictures(self) -> Self {
        Self { body: BodyLimit::PICTURES, ..self }
    }

    /// Takes pictures, video or sound.
    #[must_use]
    pub fn takes_recordings(self) -> Self {
        Self { body: BodyLimit::RECORDINGS, ..self }
    }

    /// Opens a stream: the token may also stand in the query or the sub-protocol.
    #[must_use]
    pub fn streams(self) -> Self {
        Self { token: TokenFrom::Anywhere, ..self }
    }
}

/// What the guard of a route knows.
#[derive(Clone)]
struct Guard {
    town: Town,
    counts: Arc<Counts>,
    access: Access,
    budget: Budget,
    body: BodyLimit,
    token: TokenFrom,
}

/// A router of these routes, each behind its guard.
pub fn build(routes: Vec<Route>, town: &Town) -> Router<Town> {
    let counts = Arc::new(Counts::default());
    routes.into_iter().fold(Router::new(), |router, route| {
        let guard = Guard {
            town: town.clone(),
            counts: Arc::clone(&counts),
            access: route.access,
            budget: route.budget,
            body: route.body,
            token: route.token,
        };
        let run = route.run.route_layer(from_fn_with_state(guard, check));
        router.route(route.path, run)
    })
}

/// The guard: token → access → count → handler.
async fn check(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let ip = request.extensions().get::<ClientIp>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ip| ip.0);
    // Read before anything is awaited: a request cannot be lent across that.
    let token = if guard.access == Access::Public { Ok(None) } else { auth::token(&request, guard.token) };
    let caller = admit(&guard, token).await;
    let who = match &caller {
        Ok(caller) => caller.who(ip),
        Err(_) => Who::network(ip),
    };
    let now = guard.town.now();
    let counts = guard.town.settings().limits.rate_limits && guard.budget != Budget::Free;
    let standing = counts.then(|| guard.counts.count(guard.budget, who, now));
    let mut response = match caller {
        _ if standing.is_some_and(|s| s.is_over) => {
            ApiError::too_many(standing.map_or(1, |s| s.wait(now))).into_response()
        }
        Err(refused) => refused.into_response(),
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(guard.body);
            next.run(request).await
        }
    };
    if let Some(standing) = standing {
        standing.tell(response.headers_mut());
    }
    response
}

async fn admit(guard: &Guard, token: Result<Option<String>>) -> Result<Caller> {
    let caller = auth::caller(&guard.town, token?).await?;
    guard.access.admits(&caller)?;
    Ok(caller)
}

impl Access {
    /// Whether a caller may come in.
    ///
    /// # Errors
    /// 401 without a token, 403 for a wrong scope, an account that is not open yet or a role without the permission, 422 for a program's token where a person's is needed
    /// (as Mastodon).
    pub fn admits(self, caller: &Caller) -> Result<()> {
        let (scopes, needs_person, takes_newcomers) = match self {
            Self::Public => return Ok(()),
            Self::Optional(_) if matches!(caller, Caller::Nobody) => return Ok(()),
            Self::Optional(scopes) | Self::Program(scopes) => (scopes, false, false),
            Self::User(scopes) | Self::Staff(scopes, _) => (scopes, true, false),
            Self::Newcomer(scopes) => (scopes, true, true),
        };
        let grant = caller.grant().ok_or_else(ApiError::unauthorized)?;
        if !scopes.is_empty() && !scopes.iter().any(|s| grant.scopes.allow(s)) {
            return Err(ApiError::outside_scopes());
        }
        if !takes_newcomers || grant.state == LoginState::Barred {
            auth::is_open(grant)?;
        }
        if needs_person && grant.state == LoginState::Nobody {
            return Err(ApiError::invalid("This method requires an authenticated user"));
        }
        match self {
            Self::Staff(_, permission) if !grant.role.may(permission) => Err(ApiError::not_staff()),
            _ => Ok(()),
        }
    }
}
