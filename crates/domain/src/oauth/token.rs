//! The token endpoint: a code or a program's own credentials become a bearer token (RFC 6749 §4.1.3, §4.4).

use parvis_model::ids::AccountId;
use parvis_model::scope::Scopes;
use parvis_store::oauth::{self, App, Code};
use parvis_store::{accounts, logins};

use super::{Answer, OAuthError, apps, pkce, tokens};
use crate::Tx;
use crate::accounts::revoke::told;
use crate::error::Result;
use crate::secrets;

pub use super::tokens::Issued;

/// The parameters of `/oauth/token`. Client id and secret may have come by HTTP Basic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `authorization_code` or `client_credentials`.
    pub grant_type: String,
    /// Which program asks.
    pub client_id: String,
    /// Its secret; programs that cannot keep one prove themselves by PKCE.
    pub client_secret: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The same as in the authorization request.
    pub redirect_uri: Option<String>,
    /// PKCE.
    pub code_verifier: Option<String>,
    /// For client credentials.
    pub scope: Option<String>,
}

/// Gives a token for what the request offers.
///
/// # Errors
/// Internal; the inner error is for the program.
pub fn exchange(tx: &mut Tx<'_>, request: &Request) -> Answer<Issued> {
    match request.grant_type.as_str() {
        "authorization_code" => by_code(tx, request),
        "client_credentials" => by_credentials(tx, request),
        "" => Ok(Err(OAuthError::InvalidRequest("Missing required parameter: grant_type."))),
        _ => Ok(Err(OAuthError::UnsupportedGrantType)),
    }
}

fn by_code(tx: &mut Tx<'_>, request: &Request) -> Answer<Issued> {
    let Some(code) = request.code.as_deref().filter(|c| !c.is_empty()) else {
        return Ok(Err(OAuthError::InvalidRequest("Missing required parameter: code.")));
    };
    let hash = secrets::hash(code);
    let now = tx.now();
    // Used up before anything is looked at, and it stays so whatever comes out: a guess at the verifier or the secret is the last (A2).
    if !oauth::use_code(tx, &hash, now)? {
        revoke_what_it_gave(tx, &hash)?;
        return Ok(Err(unknown_client_first(tx, request)?));
    }
    let Some(code) = oauth::code_by_hash(tx, &hash)? else { return Ok(Err(OAuthError::InvalidGrant)) };
    let app = match client_of_code(tx, request, &code)? {
        Ok(app) => app,
        Err(error) => return Ok(Err(error)),
    };
    if code.expires_at <= now
        || request.redirect_uri.as_deref() != Some(code.redirect_uri.as_str())
        || !is_open(tx, code.account_id)?
    {
        return Ok(Err(OAuthError::InvalidGrant));
    }
    let verifier = request.code_verifier.as_deref().filter(|v| !v.is_empty());
    match (code.challenge.as_deref(), verifier) {
        (None, None) => {}
        (Some(challenge), Some(verifier)) if pkce::is_match(verifier, challenge) => {}
        (None, Some(_)) => {
            return Ok(Err(OAuthError::InvalidRequest(
                "There was no code_challenge for this code_verifier.",
            )));
        }
        _ => return Ok(Err(OAuthError::InvalidGrant)),
    }
    let scopes = Scopes::parse(&code.scopes).unwrap_or_default();
    let issued = tokens::issue(tx, app.id, Some(code.account_id), &scopes)?;
    oauth::set_code_token(tx, &hash, issued.id)?;
    Ok(Ok(issued))
}

/// The program that the code was made for, if it is the one that asks and proves it: by its secret, or by PKCE when it has none.
fn client_of_code(tx: &mut Tx<'_>, request: &Request, code: &Code) -> Answer<App> {
    let secret = request.client_secret.as_deref().filter(|s| !s.is_empty());
    let Some(app) = oauth::app_by_client_id(tx, &request.client_id)? else {
        return Ok(Err(OAuthError::InvalidClient));
    };
    let is_proven = secret.map_or(code.challenge.is_some(), |s| apps::is_secret(&app, s));
    Ok(if !is_proven {
        Err(OAuthError::InvalidClient)
    } else if app.id == code.app_id {
        Ok(app)
    } else {
        Err(OAuthError::InvalidGrant)
    })
}

/// A code that is not there, or was used: a wrong program or secret is said first, as Mastodon does.
fn unknown_client_first(tx: &mut Tx<'_>, request: &Request) -> Result<OAuthError> {
    let secret = request.client_secret.as_deref().filter(|s| !s.is_empty());
    let app = oauth::app_by_client_id(tx, &request.client_id)?;
    let is_known = app.is_some_and(|a| secret.is_none_or(|s| apps::is_secret(&a, s)));
    Ok(if is_known { OAuthError::InvalidGrant } else { OAuthError::InvalidClient })
}

/// Somebody comes with a code that was used: one of the two is a thief, so the token goes (RFC 6749 §4.1.2, threats A3).
fn revoke_what_it_gave(tx: &mut Tx<'_>, hash: &str) -> Result<()> {
    let token = oauth::code_by_hash(tx, hash)?.and_then(|c| c.token_id);
    let now = tx.now();
    if let Some(token) = token
        && let Some(Some(account)) = oauth::revoke(tx, token, now)?
    {
        told(tx, account)?;
    }
    Ok(())
}

fn is_open(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    let is_active = accounts::by_id(tx, account)?.is_some_and(|a| a.is_active());
    Ok(is_active && logins::of_account(tx, account)?.is_some_and(|l| l.is_open()))
}

fn by_credentials(tx: &mut Tx<'_>, request: &Request) -> Answer<Issued> {
    let app = oauth::app_by_client_id(tx, &request.client_id)?;
    let secret = request.client_secret.as_deref().unwrap_or_default();
    let Some(app) = app.filter(|a| apps::is_secret(a, secret)) else {
        return Ok(Err(OAuthError::InvalidClient));
    };
    let asked = request.scope.as_deref().map(str::trim).filter(|s| !s.is_empty());
    let Ok(scopes) = Scopes::parse(asked.unwrap_or(apps::DEFAULT_SCOPES)) else {
        return Ok(Err(OAuthError::InvalidScope));
    };
    let registered = apps::scopes(&app);
    let scopes = if asked.is_none() && !scopes.is_within(&registered) { registered.clone() } else { scopes };
    if scopes.is_empty() || !scopes.is_within(&registered) {
        return Ok(Err(OAuthError::InvalidScope));
    }
    tokens::issue(tx, app.id, None, &scopes).map(Ok)
}
