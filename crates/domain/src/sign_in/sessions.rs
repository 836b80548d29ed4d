//! Sessions of the pages: a random cookie whose SHA-256 is stored, for 14 days. The client API does not know them (threats X6).

use parvis_model::time::DAY;
use parvis_store::logins::Login;
use parvis_store::sessions::{self, WebSession};

use super::password::confirm_unchanged;
use crate::error::Result;
use crate::{Conn, Tx, secrets};

/// How long a session lasts, in milliseconds.
pub const DURATION: i64 = 14 * DAY;

/// Opens a session for somebody whose password was just checked; the token for the cookie.
///
/// # Errors
/// `Refused` when the login changed meanwhile.
pub fn open(tx: &mut Tx<'_>, checked: &Login) -> Result<String> {
    confirm_unchanged(tx, checked)?;
    let token = secrets::new_token(tx.random());
    let now = tx.now();
    sessions::insert(
        tx,
        &WebSession {
            token_hash: secrets::hash(&token),
            account_id: checked.account_id,
            created_at: now,
            expires_at: now.plus(DURATION),
        },
    )?;
    Ok(token)
}

/// Whose session it is; nobody's when it has ended or the account is suspended, gone or not open.
///
/// # Errors
/// Internal.
pub fn login_of(c: &mut Conn, token: &str) -> Result<Option<Login>> {
    let now = c.now();
    Ok(sessions::login_of(c, &secrets::hash(token), now)?.filter(Login::is_open))
}

/// Signs out here.
///
/// # Errors
/// Internal.
pub fn close(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    Ok(sessions::delete(tx, &secrets::hash(token))?)
}
