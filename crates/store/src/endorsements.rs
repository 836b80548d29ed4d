//! Whom people recommend on their profile. Use cases: `domain::endorsements`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::endorsements;
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// Recommends; `false` when it was so already.
///
/// # Errors
/// As the database's.
pub fn add(c: &mut Conn, account: AccountId, target: AccountId, id: i64) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(endorsements::table)
        .values((
            endorsements::account_id.eq(account),
            endorsements::target_id.eq(target),
            endorsements::id.eq(id),
        ))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// No longer.
///
/// # Errors
/// As the database's.
pub fn remove(c: &mut Conn, account: AccountId, target: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(endorsements::table.find((account, target))).execute(db))?;
    Ok(())
}

/// How many an account recommends.
///
/// # Errors
/// As the database's.
pub fn count(c: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(each!(c, |db| endorsements::table
        .filter(endorsements::account_id.eq(account))
        .count()
        .get_result(db))?)
}

/// Whom an account recommends: (row, target).
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId, range: Range) -> Result<Vec<(i64, AccountId)>> {
    let mut query = endorsements::table
        .filter(endorsements::account_id.eq(account))
        .select((endorsements::id, endorsements::target_id))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, endorsements::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Whom of these a viewer recommends.
///
/// # Errors
/// As the database's.
pub fn among(c: &mut Conn, viewer: AccountId, others: &[AccountId]) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| endorsements::table
        .filter(endorsements::account_id.eq(viewer).and(endorsements::target_id.among(others)))
        .select(endorsements::target_id)
        .load(db))?)
}
