//! Bearer tokens: making them, and finding out who comes with one.

use parvis_model::account::Role;
use parvis_model::ids::{AccountId, AppId, TokenId};
use parvis_model::scope::Scopes;
use parvis_model::time::Moment;
use parvis_store::oauth::{self, App, Token, TokenInForce};

use super::redirect::OUT_OF_BAND;
use crate::error::Result;
use crate::{Conn, Tx, secrets};

/// A new token, shown this once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Its row.
    pub id: TokenId,
    /// `access_token`.
    pub token: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Moment,
}

/// Whether the person behind a token may use their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginState {
    /// There is no person: the program speaks for itself.
    Nobody,
    /// They may.
    Open,
    /// Their e-mail address is not confirmed yet.
    AwaitsConfirmation,
    /// No moderator has let them in yet.
    AwaitsApproval,
    /// Suspended or gone.
    Barred,
}

/// Who comes with a token, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The token.
    pub token: TokenId,
    /// The program.
    pub app: AppId,
    /// The person, if there is one.
    pub account: Option<AccountId>,
    /// What the token may do.
    pub scopes: Scopes,
    /// What the person may do.
    pub role: Role,
    /// Whether they may do anything at all.
    pub state: LoginState,
    /// When the person was last here, to the hour.
    pub last_active_at: Option<Moment>,
    /// When the token was made.
    pub created_at: Moment,
}

/// In the scopes of a token given at sign-up to somebody whose address is taken: it must look like that of an account that awaits confirmation,
/// or the token would tell who has an account (threats A7).
const DECOY: &str = "awaits-confirmation ";

/// Who comes with this bearer token; nobody when it is unknown or revoked. One statement.
///
/// # Errors
/// Internal.
pub fn authenticate(c: &mut Conn, bearer: &str) -> Result<Option<Grant>> {
    Ok(oauth::token_in_force(c, &secrets::hash(bearer))?.map(grant))
}

fn grant(row: TokenInForce) -> Grant {
    let state = if row.scopes.starts_with(DECOY) {
        LoginState::AwaitsConfirmation
    } else if row.account_id.is_none() {
        LoginState::Nobody
    } else if row.suspended_at.or(row.gone_at).or(row.disabled_at).is_some() || row.role.is_none() {
        LoginState::Barred
    } else if row.confirmed_at.is_none() {
        LoginState::AwaitsConfirmation
    } else if row.approved_at.is_none() {
        LoginState::AwaitsApproval
    } else {
        LoginState::Open
    };
    let scopes = row.scopes.strip_prefix(DECOY).unwrap_or(&row.scopes);
    Grant {
        token: row.id,
        app: row.app_id,
        account: row.account_id,
        scopes: Scopes::parse(scopes).unwrap_or_default(),
        role: row.role.as_deref().and_then(Role::parse).unwrap_or_default(),
        state,
        last_active_at: row.last_active_at,
        created_at: row.created_at,
    }
}

/// Whether a token is still in force, for streams that stay open (threats A5). Suspending and deleting an account revoke its tokens.
///
/// # Errors
/// Internal.
pub fn is_in_force(c: &mut Conn, id: TokenId) -> Result<bool> {
    Ok(oauth::is_in_force(c, id)?)
}

/// A new token. Who may have one was decided by the caller in the same transaction.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    app: AppId,
    account: Option<AccountId>,
    scopes: &Scopes,
) -> Result<Issued> {
    write(tx, app, account, scopes, scopes.to_string())
}

fn write(
    tx: &mut Tx<'_>,
    app: AppId,
    account: Option<AccountId>,
    scopes: &Scopes,
    text: String,
) -> Result<Issued> {
    let token = secrets::new_token(tx.random());
    let (id, created_at) = (TokenId(tx.new_id()), tx.now());
    let row = Token {
        id,
        token_hash: secrets::hash(&token),
        app_id: app,
        account_id: account,
        scopes: text,
        created_at,
        revoked_at: None,
    };
    oauth::insert_token(tx, &row)?;
    Ok(Issued { id, token, scopes: scopes.clone(), created_at })
}

/// The token that a program gets for an account it has just opened (`POST /api/v1/accounts`); it works once the address is confirmed. For a taken
/// address (`None`, see `accounts::sign_up`) it never will, and looks the same.
///
/// # Errors
/// Internal.
pub fn issue_at_sign_up(
    tx: &mut Tx<'_>,
    app: AppId,
    account: Option<AccountId>,
    scopes: &Scopes,
) -> Result<Issued> {
    match account {
        Some(_) => issue(tx, app, account, scopes),
        None => write(tx, app, None, scopes, format!("{DECOY}{scopes}")),
    }
}

/// The program that tokens made on the command line belong to.
const COMMAND_LINE: &str = "parvis-command-line";

/// A token made on the command line for scripts (`parvis account token`).
///
/// # Errors
/// Internal.
pub fn issue_by_command(tx: &mut Tx<'_>, account: AccountId, scopes: &Scopes) -> Result<Issued> {
    let app = match oauth::app_by_client_id(tx, COMMAND_LINE)? {
        Some(app) => app.id,
        None => insert_command_line(tx)?,
    };
    issue(tx, app, Some(account), scopes)
}

fn insert_command_line(tx: &mut Tx<'_>) -> Result<AppId> {
    let app = App {
        id: AppId(tx.new_id()),
        client_id: COMMAND_LINE.to_owned(),
        // Nobody knows this secret, so that nobody can speak as this program.
        secret_hash: secrets::hash(&secrets::new_token(tx.random())),
        name: "Parvis command line".to_owned(),
        website: None,
        redirect_uris: OUT_OF_BAND.to_owned(),
        scopes: parvis_model::scope::KNOWN.join(" "),
        created_at: tx.now(),
    };
    oauth::insert_app(tx, &app)?;
    Ok(app.id)
}
