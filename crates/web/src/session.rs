//! From a session cookie to the account behind it.

use parvis_domain::{Error, Town};

use crate::visitor::Me;

/// Whose session this token is.
///
/// # Errors
/// Internal.
pub async fn whose(_town: &Town, _token: &str) -> Result<Option<Me>, Error> {
    Ok(None)
}
