//! Follows that ended with a server, as those are told who lost them. Use cases: `domain::severances`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{accounts, follows, severances};
use crate::{Conn, Result};

/// A row of `severances`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = severances, treat_none_as_default_value = false)]
pub struct Severance {
    pub id: i64,
    pub account_id: AccountId,
    /// `domain_block`, `user_domain_block` or `account_suspension`.
    pub kind: String,
    /// The server, or the account.
    pub target: String,
    pub followers: i64,
    pub following: i64,
    pub created_at: Moment,
}

/// Adds some, a few hundred at the most.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, rows: &[Severance]) -> Result<()> {
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(severances::table).values(rows).execute(db))?;
    Ok(())
}

/// Those with these ids, in no order.
///
/// # Errors
/// As the database's.
pub fn by_ids(c: &mut Conn, ids: &[i64]) -> Result<Vec<Severance>> {
    Ok(each!(c, |db| severances::table
        .filter(severances::id.among(ids))
        .select(Severance::as_select())
        .load(db))?)
}

/// The names under a host, for LIKE with a backslash.
fn under(host: &str) -> String {
    format!("%.{}", host.replace('_', "\\_"))
}

/// How many people of a host and of those under it follow people here whose id is above `after`: the first `limit` of these, by id.
///
/// # Errors
/// As the database's.
pub fn followers_from(
    c: &mut Conn,
    host: &str,
    after: AccountId,
    limit: i64,
) -> Result<Vec<(AccountId, i64)>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(follows::followee_id.gt(after).and(follows::state.eq(1)))
        .filter(accounts::host.eq(host.to_owned()).or(accounts::host.like(under(host)).escape('\\')))
        .group_by(follows::followee_id)
        .order(follows::followee_id.asc())
        .limit(limit)
        .select((follows::followee_id, diesel::dsl::count_star()))
        .load(db))?)
}

/// Whom here somebody follows, with an id above `after`: the first `limit`, by id.
///
/// # Errors
/// As the database's.
pub fn followed_by(
    c: &mut Conn,
    follower: AccountId,
    after: AccountId,
    limit: i64,
) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::followee_id)))
        .filter(follows::follower_id.eq(follower).and(follows::followee_id.gt(after)))
        .filter(follows::state.eq(1).and(accounts::host.eq("")))
        .order(follows::followee_id.asc())
        .limit(limit)
        .select(follows::followee_id)
        .load(db))?)
}

/// How many people of a host and of those under it are followed by people here whose id is above `after`: the first `limit` of these, by id.
///
/// # Errors
/// As the database's.
pub fn following_to(c: &mut Conn, host: &str, after: AccountId, limit: i64) -> Result<Vec<(AccountId, i64)>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::followee_id)))
        .filter(follows::follower_id.gt(after).and(follows::state.eq(1)))
        .filter(accounts::host.eq(host.to_owned()).or(accounts::host.like(under(host)).escape('\\')))
        .group_by(follows::follower_id)
        .order(follows::follower_id.asc())
        .limit(limit)
        .select((follows::follower_id, diesel::dsl::count_star()))
        .load(db))?)
}
