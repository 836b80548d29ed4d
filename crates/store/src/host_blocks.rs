//! Servers that somebody wants nothing to do with, for themselves alone. Use cases: `domain::host_blocks`. What the town decided about servers is
//! in `policy`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::follows::Follow;
use crate::schema::{accounts, follows, host_blocks, notifications};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// Blocks a host; `false` when it was blocked.
///
/// # Errors
/// As the database's.
pub fn add(c: &mut Conn, account: AccountId, host: &str, id: i64) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(host_blocks::table)
        .values((host_blocks::account_id.eq(account), host_blocks::host.eq(host), host_blocks::id.eq(id)))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Lifts it.
///
/// # Errors
/// As the database's.
pub fn remove(c: &mut Conn, account: AccountId, host: &str) -> Result<()> {
    each!(c, |db| diesel::delete(host_blocks::table.find((account, host))).execute(db))?;
    Ok(())
}

/// How many hosts an account blocks.
///
/// # Errors
/// As the database's.
pub fn count(c: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(each!(c, |db| host_blocks::table.filter(host_blocks::account_id.eq(account)).count().get_result(db))?)
}

/// The hosts that an account blocks: (row, host).
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId, range: Range) -> Result<Vec<(i64, String)>> {
    let mut query = host_blocks::table
        .filter(host_blocks::account_id.eq(account))
        .select((host_blocks::id, host_blocks::host))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, host_blocks::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Which of these hosts a viewer blocks.
///
/// # Errors
/// As the database's.
pub fn among(c: &mut Conn, viewer: AccountId, hosts: &[String]) -> Result<Vec<String>> {
    Ok(each!(c, |db| host_blocks::table
        .filter(host_blocks::account_id.eq(viewer).and(host_blocks::host.among_texts(hosts)))
        .select(host_blocks::host)
        .load(db))?)
}

/// Follows and requests of an account to people of a host, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn follows_to(c: &mut Conn, account: AccountId, host: &str, limit: i64) -> Result<Vec<Follow>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::followee_id)))
        .filter(follows::follower_id.eq(account).and(accounts::host.eq(host)))
        .order(follows::id.asc())
        .limit(limit)
        .select(Follow::as_select())
        .load(db))?)
}

/// Follows and requests of people of a host to an account, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn follows_from(c: &mut Conn, account: AccountId, host: &str, limit: i64) -> Result<Vec<Follow>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(account).and(accounts::host.eq(host)))
        .order(follows::id.asc())
        .limit(limit)
        .select(Follow::as_select())
        .load(db))?)
}

/// How many people of a host an account follows.
///
/// # Errors
/// As the database's.
pub fn count_following(c: &mut Conn, account: AccountId, host: &str) -> Result<i64> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::followee_id)))
        .filter(follows::follower_id.eq(account).and(follows::state.eq(1)).and(accounts::host.eq(host)))
        .select(diesel::dsl::count(follows::id))
        .get_result(db))?)
}

/// How many people of a host follow an account.
///
/// # Errors
/// As the database's.
pub fn count_followers(c: &mut Conn, account: AccountId, host: &str) -> Result<i64> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(account).and(follows::state.eq(1)).and(accounts::host.eq(host)))
        .select(diesel::dsl::count(follows::id))
        .get_result(db))?)
}

/// Removes what an account was told of people of a host.
///
/// # Errors
/// As the database's.
pub fn clear_notifications(c: &mut Conn, account: AccountId, host: &str) -> Result<()> {
    let people = accounts::table.filter(accounts::host.eq(host)).select(accounts::id);
    each!(c, |db| diesel::delete(
        notifications::table
            .filter(notifications::account_id.eq(account))
            .filter(notifications::from_account_id.eq_any(people)),
    )
    .execute(db))?;
    Ok(())
}
