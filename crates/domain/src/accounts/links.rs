//! Links sent by e-mail, used once: made here, used up in `sign_in::{confirm, reset}`.

use parvis_model::ids::AccountId;
use parvis_model::moderation::APPEAL_WITHIN;
use parvis_model::time::{DAY, HOUR};
use parvis_store::email_links::{self, EmailLink};

use crate::Tx;
use crate::error::Result;
use crate::secrets;

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Confirms an e-mail address; works for seven days.
    Confirm,
    /// Chooses a new password; works for two hours.
    NewPassword,
    /// Shows what was decided to somebody who cannot sign in any more; works as long as they can appeal.
    Appeal,
}

impl Purpose {
    /// The text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::NewPassword => "new-password",
            Self::Appeal => "appeal",
        }
    }

    /// How long a link works, in milliseconds.
    #[must_use]
    pub const fn duration(self) -> i64 {
        match self {
            Self::Confirm => 7 * DAY,
            Self::NewPassword => 2 * HOUR,
            Self::Appeal => APPEAL_WITHIN,
        }
    }
}

/// A new link of an account: its token. Links for the same purpose sent before stop working.
///
/// # Errors
/// Internal.
pub fn create(tx: &mut Tx<'_>, account: AccountId, purpose: Purpose) -> Result<String> {
    let token = secrets::new_token(tx.random());
    let now = tx.now();
    email_links::use_up_all(tx, account, purpose.as_str(), now)?;
    email_links::insert(
        tx,
        &EmailLink {
            token_hash: secrets::hash(&token),
            account_id: account,
            purpose: purpose.as_str().to_owned(),
            expires_at: now.plus(purpose.duration()),
            used_at: None,
        },
    )?;
    Ok(token)
}
