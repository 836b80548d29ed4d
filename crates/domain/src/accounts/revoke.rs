//! Ending everything that somebody is signed in with: sessions of the pages, tokens of client programs, codes under way (threats A5).

use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_store::{oauth, sessions};

use crate::error::Result;
use crate::{Record, Tx};

/// The topic of [`Tx::notify`] that tells open streams and caches to look at the tokens of an account again.
pub const TOKENS: &str = "tokens";

/// Ends sessions, tokens and codes of an account.
///
/// # Errors
/// Internal.
pub fn everything(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let now = tx.now();
    sessions::delete_of_account(tx, account)?;
    oauth::use_codes_of_account(tx, account, now)?;
    oauth::revoke_of_account(tx, account, now)?;
    told(tx, account)
}

/// Says that tokens of an account were revoked.
///
/// # Errors
/// A listener's.
pub fn told(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    tx.notify(TOKENS, account.0);
    tx.record(Event::TokensRevoked { account })
}
