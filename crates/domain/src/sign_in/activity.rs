//! When somebody was last here: home timelines are kept for those who were, and the town counts them. Written at most once an hour.

use parvis_model::ids::AccountId;
use parvis_model::time::{DAY, HOUR, Moment, week_of};
use parvis_store::{logins, weeks};

use crate::Tx;
use crate::error::Result;

/// Home timelines are kept up for whoever was here in this time, in milliseconds (design.md §4).
pub const KEPT: i64 = 30 * DAY;

/// Whether [`touch`] would write something: asked before a transaction is opened for it.
#[must_use]
pub const fn is_due(last_active_at: Moment, now: Moment) -> bool {
    now.since(last_active_at) > HOUR
}

/// Notes that somebody is here. `true` when they were away for so long that their home timeline must be filled anew (`timelines::rebuild`).
///
/// # Errors
/// Internal.
pub fn touch(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    let now = tx.now();
    let before = logins::of_account(tx, account)?.map(|l| l.last_active_at);
    let written = logins::touch(tx, account, now, now.minus(HOUR))?;
    if written {
        weeks::was_here(tx, week_of(now), account)?;
    }
    Ok(written && before.is_some_and(|b| now.since(b) > KEPT))
}
