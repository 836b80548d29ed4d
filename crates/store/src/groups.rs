//! Groups of this town: their posts, those who look after them, and those who are kept out. Use cases: `domain::{groups, facilitation}`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{group_bans, group_moderators, group_posts};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `group_posts`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = group_posts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct GroupPost {
    pub status_id: StatusId,
    pub group_id: AccountId,
    /// The post that began the thread.
    pub root_id: StatusId,
    pub entered_at: Moment,
    /// Since when its Create was passed on.
    pub passed_on_at: Option<Moment>,
    /// Since when nobody answers in the thread any more; of the post that began it.
    pub locked_at: Option<Moment>,
    /// Since when it stands in the group no longer.
    pub removed_at: Option<Moment>,
    /// Why it does not.
    pub reason: String,
}

/// A new row.
///
/// # Errors
/// As the database's.
pub fn insert_post(c: &mut Conn, row: &GroupPost) -> Result<()> {
    each!(c, |db| diesel::insert_into(group_posts::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns.
///
/// # Errors
/// As the database's.
pub fn save_post(c: &mut Conn, row: &GroupPost) -> Result<()> {
    each!(c, |db| diesel::update(group_posts::table.find(row.status_id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// Where a post stands, if it stands in a group or did.
///
/// # Errors
/// As the database's.
pub fn post(c: &mut Conn, status: StatusId) -> Result<Option<GroupPost>> {
    Ok(each!(c, |db| group_posts::table.find(status).select(GroupPost::as_select()).first(db)).optional()?)
}

/// Of these posts, those that stand in a group or did.
///
/// # Errors
/// As the database's.
pub fn posts_among(c: &mut Conn, some: &[StatusId]) -> Result<Vec<GroupPost>> {
    if some.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| group_posts::table
        .filter(group_posts::status_id.among(some))
        .select(GroupPost::as_select())
        .load(db))?)
}

/// A page of a group's posts, answers too, and those that were removed.
///
/// # Errors
/// As the database's.
pub fn posts_of(c: &mut Conn, group: AccountId, range: Range) -> Result<Vec<GroupPost>> {
    let mut query = group_posts::table
        .filter(group_posts::group_id.eq(group))
        .select(GroupPost::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, group_posts::status_id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// Somebody looks after a group; `false` when they did.
///
/// # Errors
/// As the database's.
pub fn add_moderator(c: &mut Conn, group: AccountId, account: AccountId, at: Moment) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(group_moderators::table)
        .values((
            group_moderators::group_id.eq(group),
            group_moderators::account_id.eq(account),
            group_moderators::created_at.eq(at),
        ))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// No longer; `false` when they did not.
///
/// # Errors
/// As the database's.
pub fn remove_moderator(c: &mut Conn, group: AccountId, account: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(group_moderators::table.find((group, account))).execute(db))? == 1)
}

/// Those who look after a group, the first ones first.
///
/// # Errors
/// As the database's.
pub fn moderators(c: &mut Conn, group: AccountId, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| group_moderators::table
        .filter(group_moderators::group_id.eq(group))
        .order((group_moderators::created_at.asc(), group_moderators::account_id.asc()))
        .limit(limit)
        .select(group_moderators::account_id)
        .load(db))?)
}

/// Whether somebody looks after a group.
///
/// # Errors
/// As the database's.
pub fn is_moderator(c: &mut Conn, group: AccountId, account: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(group_moderators::table.find((group, account))))
        .get_result(db))?)
}

/// A row of `group_bans`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = group_bans)]
pub struct Ban {
    pub group_id: AccountId,
    pub account_id: AccountId,
    pub reason: String,
    pub created_at: Moment,
}

/// Keeps somebody out; `false` when they were.
///
/// # Errors
/// As the database's.
pub fn ban(c: &mut Conn, row: &Ban) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(group_bans::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// No longer; `false` when they were not.
///
/// # Errors
/// As the database's.
pub fn unban(c: &mut Conn, group: AccountId, account: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(group_bans::table.find((group, account))).execute(db))? == 1)
}

/// Whether somebody is kept out.
///
/// # Errors
/// As the database's.
pub fn is_banned(c: &mut Conn, group: AccountId, account: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(group_bans::table.find((group, account))))
        .get_result(db))?)
}

/// Those who are kept out, the last first.
///
/// # Errors
/// As the database's.
pub fn bans(c: &mut Conn, group: AccountId, limit: i64) -> Result<Vec<Ban>> {
    Ok(each!(c, |db| group_bans::table
        .filter(group_bans::group_id.eq(group))
        .order((group_bans::created_at.desc(), group_bans::account_id.desc()))
        .limit(limit)
        .select(Ban::as_select())
        .load(db))?)
}
