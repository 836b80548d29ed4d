//! Who asks: the bearer token of a request, looked up at each request so that a revoked one is of no use at once (threats A5). Cookies are never
//! looked at (threats X6). The rules of tokens are `domain::oauth`'s.

use std::net::IpAddr;

use axum::extract::Request;
use http::{HeaderMap, StatusCode, header};
pub use parvis_domain::oauth::Grant;
use parvis_domain::oauth::{LoginState, authenticate};
use parvis_domain::sign_in::activity;
use parvis_domain::{Town, timelines};

use crate::error::{ApiError, Result};
use crate::limits::Who;

/// Where a token may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFrom {
    /// `Authorization: Bearer …` only (RFC 6750 §2.1): a token in a URL ends up in logs.
    Header,
    /// Also `access_token` in the query and `Sec-WebSocket-Protocol`: browsers cannot set headers on a WebSocket.
    Anywhere,
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody in particular.
    Nobody,
    /// Whoever a token speaks for.
    Token(Grant),
}

impl Caller {
    /// What the token allows.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant> {
        match self {
            Self::Nobody => None,
            Self::Token(grant) => Some(grant),
        }
    }

    /// Whose requests are counted together.
    #[must_use]
    pub fn who(&self, ip: IpAddr) -> Who {
        match self {
            Self::Nobody => Who::network(ip),
            Self::Token(Grant { account: Some(account), .. }) => Who::Account(*account),
            Self::Token(grant) => Who::program(grant.app, ip),
        }
    }
}

/// The token that a request brings.
///
/// # Errors
/// 401 for an `Authorization` header that holds none.
pub fn token(request: &Request, from: TokenFrom) -> Result<Option<String>> {
    match (bearer(request.headers())?, from) {
        (Some(token), _) => Ok(Some(token)),
        (None, TokenFrom::Anywhere) => Ok(in_query(request).or_else(|| in_protocol(request.headers()))),
        (None, TokenFrom::Header) => Ok(None),
    }
}

/// Who comes with a token.
///
/// # Errors
/// 401 for a token that is not in force.
pub async fn caller(town: &Town, token: Option<String>) -> Result<Caller> {
    let Some(token) = token else { return Ok(Caller::Nobody) };
    let grant =
        town.db().glance(move |c| authenticate(c, &token)).await?.ok_or_else(ApiError::unauthorized)?;
    note_activity(town, &grant).await?;
    Ok(Caller::Token(grant))
}

/// Notes, once an hour, that somebody is here; who was away for long gets their home timeline back.
async fn note_activity(town: &Town, grant: &Grant) -> Result<()> {
    let (Some(account), LoginState::Open, Some(last)) = (grant.account, grant.state, grant.last_active_at)
    else {
        return Ok(());
    };
    if activity::is_due(last, town.now()) {
        let was_away = town.db().write(move |tx| activity::touch(tx, account)).await?;
        if was_away {
            town.db().write(move |tx| timelines::rebuild(tx, account)).await?;
        }
    }
    Ok(())
}

/// Whether the person behind a token may use their account; a program's own token has nobody behind it.
///
/// # Errors
/// 403 in Mastodon's words (not 401: the token is in force); 401 for a login that is gone.
pub fn is_open(grant: &Grant) -> Result<()> {
    let forbidden = |sentence: &str| Err(ApiError::new(StatusCode::FORBIDDEN, sentence));
    match grant.state {
        LoginState::Nobody | LoginState::Open => Ok(()),
        LoginState::AwaitsConfirmation => forbidden("Your login is missing a confirmed e-mail address"),
        LoginState::AwaitsApproval => forbidden("Your login is currently pending approval"),
        LoginState::Barred => forbidden("Your login is currently disabled"),
    }
}

/// The token of the `Authorization` header. A header that is no bearer token is a mistake, not nobody.
///
/// # Errors
/// 401.
pub fn bearer(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| ApiError::unauthorized())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(ApiError::unauthorized)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(Some(token.trim().to_owned()))
    } else {
        Err(ApiError::unauthorized())
    }
}

fn in_query(request: &Request) -> Option<String> {
    url::form_urlencoded::parse(request.uri().query()?.as_bytes())
        .find(|(name, _)| name == "access_token")
        .map(|(_, value)| value.into_owned())
}

/// The sub-protocol of a WebSocket is the token itself.
fn in_protocol(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    text.split(',').map(str::trim).find(|t| !t.is_empty()).map(str::to_owned)
}
