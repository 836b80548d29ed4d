//! How lively the town was, week by week. Use cases: `domain::figures`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId, floor_at};
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::{activity_logins, activity_weeks, logins, statuses};
use crate::{Conn, Result};

/// A row of `activity_weeks`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = activity_weeks)]
pub struct Week {
    /// When it began: Monday, UTC.
    pub week: Moment,
    /// Posts written here, boosts aside.
    pub statuses: i64,
    /// People who were here.
    pub logins: i64,
    /// Accounts that were made.
    pub registrations: i64,
}

/// Notes that somebody was here in a week.
///
/// # Errors
/// As the database's.
pub fn was_here(c: &mut Conn, week: Moment, account: AccountId) -> Result<()> {
    each!(c, |db| diesel::insert_into(activity_logins::table)
        .values((activity_logins::week.eq(week), activity_logins::account_id.eq(account)))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// How many were here in a week.
///
/// # Errors
/// As the database's.
pub fn count_logins(c: &mut Conn, week: Moment) -> Result<i64> {
    Ok(each!(c, |db| activity_logins::table.filter(activity_logins::week.eq(week)).count().get_result(db))?)
}

/// How many posts were written here from one instant to another.
///
/// # Errors
/// As the database's.
pub fn count_statuses(c: &mut Conn, from: Moment, to: Moment) -> Result<i64> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::id.ge(StatusId(floor_at(from))).and(statuses::id.lt(StatusId(floor_at(to)))))
        .filter(statuses::is_local.eq(true).and(statuses::boost_of_id.is_null()))
        .count()
        .get_result(db))?)
}

/// How many logins were made from one instant to another.
///
/// # Errors
/// As the database's.
pub fn count_registrations(c: &mut Conn, from: Moment, to: Moment) -> Result<i64> {
    Ok(each!(c, |db| logins::table
        .filter(logins::created_at.ge(from).and(logins::created_at.lt(to)))
        .count()
        .get_result(db))?)
}

/// Writes the figures of a week.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, row: &Week) -> Result<()> {
    each!(c, |db| diesel::insert_into(activity_weeks::table)
        .values(*row)
        .on_conflict(activity_weeks::week)
        .do_update()
        .set(*row)
        .execute(db))?;
    Ok(())
}

/// The figures of the weeks since `since`, the latest first.
///
/// # Errors
/// As the database's.
pub fn since(c: &mut Conn, since: Moment) -> Result<Vec<Week>> {
    Ok(each!(c, |db| activity_weeks::table
        .filter(activity_weeks::week.ge(since))
        .order(activity_weeks::week.desc())
        .limit(60)
        .select(Week::as_select())
        .load(db))?)
}

/// Forgets who was here before a week.
///
/// # Errors
/// As the database's.
pub fn forget_logins(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(activity_logins::table.filter(activity_logins::week.lt(before)))
        .execute(db))?)
}
