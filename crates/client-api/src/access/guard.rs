//! What happens before a handler: the token is looked up, the request counted, and the caller let through or not.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use parvis_domain::oauth::{self, Grant, LoginState};
use parvis_domain::outside::ClientIp;
use parvis_domain::sign_in::activity;
use parvis_domain::{Error, Town, timelines};
use parvis_model::ids::AccountId;

use super::{Access, Scope};
use crate::auth::{bearer, person, stream_token};
use crate::error::{ApiError, ApiResult};
use crate::limits::{Costly, Limits};

/// What the guard of one route knows.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) town: Town,
    pub(super) limits: Limits,
    pub(super) access: Access,
    pub(super) costly: Option<Costly>,
}

/// Runs before every handler.
pub(super) async fn check(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let token = match guard.access {
        Access::Public => None,
        Access::Stream(_) => stream_token(request.headers(), request.uri()),
        _ => bearer(request.headers()).map(str::to_owned),
    };
    let grant = match look_up(&guard.town, token.clone()).await {
        Ok(grant) => grant,
        Err(error) => return error.into_response(),
    };
    let from = request.extensions().get::<ClientIp>().copied();
    let counted = guard.limits.count(grant.as_ref(), from, guard.costly, guard.town.now());
    let answer = if counted.is_allowed {
        match decide(guard.access, token.is_some(), grant) {
            Ok(grant) => {
                if let Err(error) = note_presence(&guard.town, grant.as_ref()).await {
                    tracing::warn!(%error, "presence was not noted");
                }
                if let Some(grant) = grant {
                    request.extensions_mut().insert(grant);
                }
                Ok(next.run(request).await)
            }
            Err(error) => Err(error),
        }
    } else {
        Err(ApiError::TooMany)
    };
    let mut response = answer.into_response();
    counted.mark(&mut response);
    response
}

async fn look_up(town: &Town, token: Option<String>) -> ApiResult<Option<Grant>> {
    let Some(token) = token else { return Ok(None) };
    Ok(town.db().read(move |c| oauth::authenticate(c, &token)).await?)
}

/// Lets a caller through or not. A route that is open to all still refuses a token that does not work, so that a program learns of it.
fn decide(access: Access, has_token: bool, grant: Option<Grant>) -> ApiResult<Option<Grant>> {
    match access {
        Access::Public => Ok(None),
        Access::Optional(_) if !has_token => Ok(None),
        Access::Optional(scope) => with_scope(grant, scope).map(Some),
        Access::App => grant.map(Some).ok_or(ApiError::Unauthorized),
        Access::AppWith(scope) => with_scope(grant, scope).map(Some),
        Access::User(scope) | Access::Stream(scope) => {
            let grant = with_scope(grant, scope)?;
            person(&grant)?;
            Ok(Some(grant))
        }
    }
}

fn with_scope(grant: Option<Grant>, scope: Scope) -> ApiResult<Grant> {
    let grant = grant.ok_or(ApiError::Unauthorized)?;
    if scope.split('|').any(|s| grant.scopes.allow(s)) { Ok(grant) } else { Err(ApiError::OutsideScopes) }
}

/// Once an hour, and after a long absence their home timeline is filled anew.
async fn note_presence(town: &Town, grant: Option<&Grant>) -> Result<(), Error> {
    let Some(Grant { account: Some(account), state: LoginState::Open, last_active_at: Some(last), .. }) =
        grant
    else {
        return Ok(());
    };
    if !activity::is_due(*last, town.now()) {
        return Ok(());
    }
    let account: AccountId = *account;
    town.db()
        .write(move |tx| {
            if activity::touch(tx, account)? {
                timelines::rebuild(tx, account)?;
            }
            Ok(())
        })
        .await
}
