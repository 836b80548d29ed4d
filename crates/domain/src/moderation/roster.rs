//! Accounts as staff look for them, and one of them.

use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;
use parvis_store::roster::{self as rows, Filter};
use parvis_store::timelines::Range;

use crate::Conn;
use crate::error::{OrNotFound, Result};
use crate::staff::{self, By};
use crate::views::{self, StaffAccount};

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

/// One account; who is gone is not there.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn one(c: &mut Conn, by: impl Into<By>, id: AccountId) -> Result<StaffAccount> {
    staff::require(c, by, Permission::ManageUsers)?;
    views::for_staff(c, &[id])?.remove(&id).filter(|a| a.view.account.gone_at.is_none()).or_not_found()
}
