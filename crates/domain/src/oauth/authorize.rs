//! Asking a person for consent: the request is checked before anything is shown, and again when the person has agreed.

use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_model::scope::Scopes;
use parvis_model::time::MINUTE;
use parvis_store::oauth::{self, App, Code};
use parvis_store::{accounts, logins};

use super::{OAuthError, apps, pkce, redirect};
use crate::error::{Error, OrNotFound, Result};
use crate::{Conn, Tx, secrets};

/// How long a code works, in milliseconds.
pub const CODE_DURATION: i64 = 10 * MINUTE;

/// Longest `state` that is carried through.
const STATE_MAX: usize = 2_048;

/// The parameters of `/oauth/authorize`, as they came (RFC 6749 §4.1.1, RFC 7636 §4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `code`.
    pub response_type: String,
    /// Which program asks.
    pub client_id: String,
    /// Where the answer goes; exactly as registered.
    pub redirect_uri: String,
    /// What it asks for; `read` when not given.
    pub scope: Option<String>,
    /// Carried through to the answer.
    pub state: Option<String>,
    /// PKCE.
    pub code_challenge: Option<String>,
    /// `S256`.
    pub code_challenge_method: Option<String>,
}

/// A request that may be shown to the person.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Who asks.
    pub app: App,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// What it asks for.
    pub scopes: Scopes,
    /// Carried through.
    pub state: Option<String>,
    challenge: Option<String>,
}

/// How a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// On our page: nobody knows whose address it is that was given (threats A1).
    OnPage(OAuthError),
    /// By going back to the program with an error.
    Back(String),
}

/// Checks a request.
///
/// # Errors
/// Internal; the inner error says how the request is refused.
pub fn check(c: &mut Conn, request: &Request) -> Result<std::result::Result<Checked, Refused>> {
    let Some(app) = oauth::app_by_client_id(c, &request.client_id)? else {
        return Ok(Err(Refused::OnPage(OAuthError::InvalidClient)));
    };
    if !apps::redirect_uris(&app).any(|u| u == request.redirect_uri) {
        return Ok(Err(Refused::OnPage(OAuthError::InvalidRedirect)));
    }
    let state = request.state.clone().filter(|s| s.len() <= STATE_MAX);
    Ok(match parameters(&app, request) {
        Ok((scopes, challenge)) => {
            Ok(Checked { app, redirect_uri: request.redirect_uri.clone(), scopes, state, challenge })
        }
        Err(error) => Err(refused(&request.redirect_uri, state.as_deref(), error)),
    })
}

fn parameters(app: &App, request: &Request) -> std::result::Result<(Scopes, Option<String>), OAuthError> {
    if request.response_type != "code" {
        return Err(OAuthError::UnsupportedResponseType);
    }
    let asked = request.scope.as_deref().map(str::trim).filter(|s| !s.is_empty());
    let scopes =
        Scopes::parse(asked.unwrap_or(apps::DEFAULT_SCOPES)).map_err(|_| OAuthError::InvalidScope)?;
    if scopes.is_empty() || !scopes.is_within(&apps::scopes(app)) {
        return Err(OAuthError::InvalidScope);
    }
    let given = |p: &Option<String>| p.clone().filter(|t| !t.is_empty());
    match (given(&request.code_challenge), given(&request.code_challenge_method)) {
        (None, None) => Ok((scopes, None)),
        (Some(challenge), Some(method)) if method == "S256" && pkce::is_challenge(&challenge) => {
            Ok((scopes, Some(challenge)))
        }
        // RFC 7636 §4.3: without a method it is `plain`, which we do not take (threats A2).
        _ => Err(OAuthError::InvalidRequest("The code_challenge_method must be S256.")),
    }
}

fn refused(redirect_uri: &str, state: Option<&str>, error: OAuthError) -> Refused {
    let mut parameters = vec![("error", error.code()), ("error_description", error.description())];
    parameters.extend(state.map(|s| ("state", s)));
    redirect::with(redirect_uri, &parameters).map_or(Refused::OnPage(error), Refused::Back)
}

/// The person said no.
#[must_use]
pub fn deny(checked: &Checked) -> Refused {
    refused(&checked.redirect_uri, checked.state.as_deref(), OAuthError::AccessDenied)
}

/// What the person gets after agreeing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Granted {
    /// The browser goes here.
    GoTo(String),
    /// The page shows this code.
    Show(String),
}

/// The person agreed: makes a code for the program.
///
/// # Errors
/// `Refused` when the person's account is not open any more.
pub fn grant(tx: &mut Tx<'_>, account: AccountId, checked: &Checked) -> Result<Granted> {
    let login = logins::of_account(tx, account)?.or_not_found()?;
    let is_active = accounts::by_id(tx, account)?.is_some_and(|a| a.is_active());
    if !is_active || !login.is_open() {
        return Err(Error::Refused(Refusal::Suspended));
    }
    let code = secrets::new_token(tx.random());
    let row = Code {
        code_hash: secrets::hash(&code),
        app_id: checked.app.id,
        account_id: account,
        redirect_uri: checked.redirect_uri.clone(),
        scopes: checked.scopes.to_string(),
        challenge: checked.challenge.clone(),
        expires_at: tx.now().plus(CODE_DURATION),
        used_at: None,
        token_id: None,
    };
    oauth::insert_code(tx, &row)?;
    let mut parameters = vec![("code", code.as_str())];
    parameters.extend(checked.state.as_deref().map(|s| ("state", s)));
    Ok(redirect::with(&checked.redirect_uri, &parameters)
        .map_or_else(|| Granted::Show(code.clone()), Granted::GoTo))
}
