//! Leaving: somebody deletes their own account, and says so with their password. What goes then is `accounts::delete`.

use std::net::IpAddr;

use parvis_model::ids::AccountId;

use super::password;
use crate::Town;
use crate::accounts::delete;
use crate::error::Result;

/// Deletes the account of who is signed in.
///
/// # Errors
/// `Refused(WrongCredentials)`, `Refused(TooManyAttempts)`.
pub async fn for_good(town: &Town, id: AccountId, password: &str, from: IpAddr) -> Result<()> {
    let login = password::prove(town, id, password, from).await?;
    town.db()
        .write(move |tx| {
            password::confirm_unchanged(tx, &login)?;
            delete::delete(tx, id)
        })
        .await
}
