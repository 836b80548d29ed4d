//! What the town says to everybody. Use cases: `domain::announcements`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{announcement_dismissals, announcement_reactions, announcement_statuses, announcements};
use crate::{Conn, Result};

/// A row of `announcements`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = announcements, treat_none_as_default_value = false)]
pub struct Announcement {
    pub id: i64,
    /// As it was typed.
    pub source: String,
    pub html: String,
    /// When what it tells of begins.
    pub starts_at: Option<Moment>,
    /// When it ends, and with it the announcement.
    pub ends_at: Option<Moment>,
    /// Days count, not hours.
    pub is_all_day: bool,
    pub published_at: Moment,
    pub updated_at: Moment,
}

/// How often somebody reacted with one emoji, and whether the viewer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reactions {
    pub announcement: i64,
    pub name: String,
    pub count: i64,
}

/// A new announcement.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Announcement) -> Result<()> {
    each!(c, |db| diesel::insert_into(announcements::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Keeps which posts an announcement links to.
///
/// # Errors
/// As the database's.
pub fn set_statuses(c: &mut Conn, id: i64, statuses: &[StatusId]) -> Result<()> {
    let row = |status: &StatusId| {
        (announcement_statuses::announcement_id.eq(id), announcement_statuses::status_id.eq(*status))
    };
    let rows: Vec<_> = statuses.iter().map(row).collect();
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(announcement_statuses::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// The posts that these link to.
///
/// # Errors
/// As the database's.
pub fn statuses(c: &mut Conn, ids: &[i64]) -> Result<Vec<(i64, StatusId)>> {
    Ok(each!(c, |db| announcement_statuses::table
        .filter(announcement_statuses::announcement_id.among(ids))
        .order(announcement_statuses::status_id.asc())
        .select((announcement_statuses::announcement_id, announcement_statuses::status_id))
        .load(db))?)
}

/// Removes one; `false` when there was none.
///
/// # Errors
/// As the database's.
pub fn remove(c: &mut Conn, id: i64) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(announcements::table.find(id)).execute(db))? == 1)
}

/// One announcement.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Announcement>> {
    Ok(each!(c, |db| announcements::table.find(id).select(Announcement::as_select()).first(db)).optional()?)
}

/// Those that are not over at `now`, newest first.
///
/// # Errors
/// As the database's.
pub fn current(c: &mut Conn, now: Moment, limit: i64) -> Result<Vec<Announcement>> {
    Ok(each!(c, |db| announcements::table
        .filter(announcements::ends_at.is_null().or(announcements::ends_at.gt(now)))
        .order(announcements::id.desc())
        .limit(limit)
        .select(Announcement::as_select())
        .load(db))?)
}

/// All of them, newest first: for the command line.
///
/// # Errors
/// As the database's.
pub fn all(c: &mut Conn, limit: i64) -> Result<Vec<Announcement>> {
    Ok(each!(c, |db| announcements::table
        .order(announcements::id.desc())
        .limit(limit)
        .select(Announcement::as_select())
        .load(db))?)
}

/// Which of these somebody has put away.
///
/// # Errors
/// As the database's.
pub fn dismissed(c: &mut Conn, account: AccountId, ids: &[i64]) -> Result<Vec<i64>> {
    Ok(each!(c, |db| announcement_dismissals::table
        .filter(announcement_dismissals::account_id.eq(account))
        .filter(announcement_dismissals::announcement_id.among(ids))
        .select(announcement_dismissals::announcement_id)
        .load(db))?)
}

/// Puts one away.
///
/// # Errors
/// As the database's.
pub fn dismiss(c: &mut Conn, account: AccountId, id: i64) -> Result<()> {
    each!(c, |db| diesel::insert_into(announcement_dismissals::table)
        .values((
            announcement_dismissals::account_id.eq(account),
            announcement_dismissals::announcement_id.eq(id),
        ))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// The reactions to these, counted; the first that was given comes first.
///
/// # Errors
/// As the database's.
pub fn reactions(c: &mut Conn, ids: &[i64]) -> Result<Vec<Reactions>> {
    let mut rows: Vec<(i64, String, i64, Option<Moment>)> = each!(c, |db| announcement_reactions::table
        .filter(announcement_reactions::announcement_id.among(ids))
        .group_by((announcement_reactions::announcement_id, announcement_reactions::name))
        .select((
            announcement_reactions::announcement_id,
            announcement_reactions::name,
            diesel::dsl::count_star(),
            diesel::dsl::min(announcement_reactions::created_at),
        ))
        .load(db))?;
    rows.sort_by(|a, b| (a.0, a.3, &a.1).cmp(&(b.0, b.3, &b.1)));
    Ok(rows
        .into_iter()
        .map(|(announcement, name, count, _)| Reactions { announcement, name, count })
        .collect())
}

/// What somebody reacted with, to these.
///
/// # Errors
/// As the database's.
pub fn reactions_of(c: &mut Conn, account: AccountId, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    Ok(each!(c, |db| announcement_reactions::table
        .filter(announcement_reactions::account_id.eq(account))
        .filter(announcement_reactions::announcement_id.among(ids))
        .select((announcement_reactions::announcement_id, announcement_reactions::name))
        .load(db))?)
}

/// Reacts; `false` when it was so already.
///
/// # Errors
/// As the database's.
pub fn react(c: &mut Conn, id: i64, account: AccountId, name: &str, at: Moment) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(announcement_reactions::table)
        .values((
            announcement_reactions::announcement_id.eq(id),
            announcement_reactions::account_id.eq(account),
            announcement_reactions::name.eq(name),
            announcement_reactions::created_at.eq(at),
        ))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Takes a reaction back; `false` when there was none.
///
/// # Errors
/// As the database's.
pub fn unreact(c: &mut Conn, id: i64, account: AccountId, name: &str) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(announcement_reactions::table.find((id, account, name.to_owned())))
        .execute(db))?
        == 1)
}
