//! Giving a token back (RFC 7009) and asking whether one works (RFC 7662): each program about its own only.

use parvis_store::oauth::{self, App};

use super::{Answer, Grant, LoginState, OAuthError, apps, authenticate};
use crate::accounts::revoke::told;
use crate::error::Result;
use crate::{Conn, Tx, secrets};

/// A program as it presents itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`; programs that cannot keep one leave it out.
    pub secret: Option<String>,
}

/// Revokes a token. One that is unknown or revoked already is fine (§2.2).
///
/// # Errors
/// Internal; inside: `UnauthorizedClient` for a token of another program, or for a program that does not prove itself.
pub fn revoke(tx: &mut Tx<'_>, client: &Client, token: &str) -> Answer<()> {
    let Some(app) = identified(tx, client)? else { return Ok(Err(OAuthError::UnauthorizedClient)) };
    let Some(row) = oauth::token_by_hash(tx, &secrets::hash(token))? else { return Ok(Ok(())) };
    if row.app_id != app.id {
        return Ok(Err(OAuthError::UnauthorizedClient));
    }
    let now = tx.now();
    if let Some(Some(account)) = oauth::revoke(tx, row.id, now)? {
        told(tx, account)?;
    }
    Ok(Ok(()))
}

/// A token of this program that works, with its state; `None` for everything else (§2.2).
///
/// # Errors
/// Internal; inside: `InvalidClient` for a program that does not prove itself by its secret.
pub fn introspect(c: &mut Conn, client: &Client, token: &str) -> Answer<Option<Grant>> {
    let Some(app) = identified(c, client)?.filter(|_| client.secret.is_some()) else {
        return Ok(Err(OAuthError::InvalidClient));
    };
    // As `authenticate` reads it, so that a decoy of sign-up looks like any token that awaits confirmation (threats A7).
    let found = authenticate(c, token)?;
    Ok(Ok(found.filter(|g| g.app == app.id && g.state != LoginState::Barred)))
}

/// The program, if its secret is right or left out. Without one, holding the token is the proof.
fn identified(c: &mut Conn, client: &Client) -> Result<Option<App>> {
    let app = oauth::app_by_client_id(c, &client.id)?;
    Ok(app.filter(|a| client.secret.as_deref().is_none_or(|s| apps::is_secret(a, s))))
}
