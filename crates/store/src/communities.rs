//! Open communities: groups of residents about what they have in common. Use cases: `domain::communities`; what all groups have is in [`crate::groups`].

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::accounts::Account;
use crate::conn::db::each;
use crate::schema::{accounts, communities};
use crate::{Conn, Result};

/// A group is a community.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, group: AccountId, at: Moment) -> Result<()> {
    each!(c, |db| diesel::insert_into(communities::table)
        .values((communities::account_id.eq(group), communities::created_at.eq(at)))
        .execute(db))?;
    Ok(())
}

/// Whether a group is a community.
///
/// # Errors
/// As the database's.
pub fn is_one(c: &mut Conn, group: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(communities::table.find(group))).get_result(db))?)
}

/// The communities that are there, by name, above `after`.
///
/// # Errors
/// As the database's.
pub fn all(c: &mut Conn, after: &str, limit: i64) -> Result<Vec<Account>> {
    Ok(each!(c, |db| accounts::table
        .inner_join(communities::table.on(communities::account_id.eq(accounts::id)))
        .filter(accounts::suspended_at.is_null().and(accounts::gone_at.is_null()))
        .filter(accounts::username_key.gt(after))
        .order(accounts::username_key.asc())
        .limit(limit)
        .select(Account::as_select())
        .load(db))?)
}
