//! Accounts as staff look for them, and one of them.

use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;
use parvis_store::roster::{self as rows, Filter};
use parvis_store::timelines::Range;
use parvis_text::words::folded;

use crate::Conn;
use crate::error::{OrNotFound, Result};
use crate::staff::{self, By};
use crate::views::{self, StaffAccount};

/// Words of a name that are looked for.
const WORDS: usize = 4;

/// A page of accounts, newest first. A fixed number of statements.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn page(c: &mut Conn, by: impl Into<By>, filter: &Filter, range: Range) -> Result<Vec<StaffAccount>> {
    staff::require(c, by, Permission::ManageUsers)?;
    let ids = rows::page(c, filter, range)?;
    let mut found = views::for_staff(c, &ids)?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The words by which an account with such a name is found; of a text without any, one that nobody has.
#[must_use]
pub fn name_words(text: &str) -> Vec<String> {
    let words = folded(text, WORDS);
    if words.is_empty() { vec![text.to_owned()] } else { words }
}

/// One account; who is gone is not there.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn one(c: &mut Conn, by: impl Into<By>, id: AccountId) -> Result<StaffAccount> {
    staff::require(c, by, Permission::ManageUsers)?;
    views::for_staff(c, &[id])?.remove(&id).filter(|a| a.view.account.gone_at.is_none()).or_not_found()
}
