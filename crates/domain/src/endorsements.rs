//! Recommending people on one's profile: only those whom one follows, and no longer than that.

use parvis_model::follow::FollowState;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, endorsements as rows, follows as follow_rows};

use crate::access;
use crate::error::{Error, Result};
use crate::follows;
use crate::views::AccountView;

/// How many one may recommend.
pub const MOST: i64 = 100;

/// Recommends somebody. Twice is once.
///
/// # Errors
/// `NotFound`; [`Refusal::EndorseWithoutFollow`], [`Refusal::TooManyKept`].
pub fn endorse(tx: &mut Tx<'_>, who: AccountId, whom: AccountId) -> Result<()> {
    access::active_account(tx, whom)?;
    let follows = follow_rows::between(tx, who, whom)?;
    if follows.is_none_or(|f| f.state != FollowState::Accepted.code()) {
        return Err(Error::Refused(Refusal::EndorseWithoutFollow));
    }
    if rows::among(tx, who, &[whom])?.is_empty() && rows::count(tx, who)? >= MOST {
        return Err(Error::Refused(Refusal::TooManyKept));
    }
    let id = tx.new_id();
    rows::add(tx, who, whom, id)?;
    Ok(())
}

/// No longer. Not recommended is no error.
///
/// # Errors
/// Internal.
pub fn unendorse(tx: &mut Tx<'_>, who: AccountId, whom: AccountId) -> Result<()> {
    Ok(rows::remove(tx, who, whom)?)
}

/// Whom an account recommends.
///
/// # Errors
/// `NotFound`.
pub fn of_account(c: &mut Conn, of: AccountId, range: Range) -> Result<Vec<(i64, AccountView)>> {
    let account = access::account(c, of)?;
    if !account.is_active() {
        return Ok(Vec::new());
    }
    let page = rows::of_account(c, of, range)?;
    follows::with_accounts(c, page)
}
