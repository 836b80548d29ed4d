//! Work over all rows that a new version of the program brings with it: how far it is, and the sanitised HTML of others to look at again. Use
//! case: `domain::jobs::resanitise`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId};

use crate::conn::db::each;
use crate::schema::{accounts, status_edits, statuses, upkeep};
use crate::{Conn, Result};

/// A row of `upkeep`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub version: i32,
    /// Rows up to this id are done; `None` when all are.
    pub cursor: Option<i64>,
}

/// How far a task is; `None` when it never began.
///
/// # Errors
/// As the database's.
pub fn progress(c: &mut Conn, task: &str) -> Result<Option<Progress>> {
    let row: Option<(i32, Option<i64>)> =
        each!(c, |db| upkeep::table.find(task).select((upkeep::version, upkeep::cursor_id)).first(db))
            .optional()?;
    Ok(row.map(|(version, cursor)| Progress { version, cursor }))
}

/// Notes how far a task is.
///
/// # Errors
/// As the database's.
pub fn set_progress(c: &mut Conn, task: &str, progress: Progress) -> Result<()> {
    let done = (upkeep::version.eq(progress.version), upkeep::cursor_id.eq(progress.cursor));
    each!(c, |db| diesel::insert_into(upkeep::table)
        .values((upkeep::task.eq(task), done))
        .on_conflict(upkeep::task)
        .do_update()
        .set(done)
        .execute(db))?;
    Ok(())
}

/// Posts of others after `after`: id and HTML.
///
/// # Errors
/// As the database's.
pub fn posts(c: &mut Conn, after: i64, limit: i64) -> Result<Vec<(StatusId, String)>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::id.gt(StatusId(after)).and(statuses::is_local.eq(false)))
        .order(statuses::id.asc())
        .limit(limit)
        .select((statuses::id, statuses::html))
        .load(db))?)
}

/// Changes a post's HTML; whatever was rendered of it before is out of date.
///
/// # Errors
/// As the database's.
pub fn set_post(c: &mut Conn, id: StatusId, html: &str) -> Result<()> {
    each!(c, |db| diesel::update(statuses::table.find(id))
        .set((statuses::html.eq(html), statuses::version.eq(statuses::version + 1)))
        .execute(db))?;
    Ok(())
}

/// Earlier versions of others' posts after `after`: id and HTML.
///
/// # Errors
/// As the database's.
pub fn edits(c: &mut Conn, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    Ok(each!(c, |db| status_edits::table
        .inner_join(statuses::table)
        .filter(status_edits::id.gt(after).and(statuses::is_local.eq(false)))
        .order(status_edits::id.asc())
        .limit(limit)
        .select((status_edits::id, status_edits::html))
        .load(db))?)
}

/// Changes an earlier version's HTML.
///
/// # Errors
/// As the database's.
pub fn set_edit(c: &mut Conn, id: i64, html: &str) -> Result<()> {
    each!(c, |db| diesel::update(status_edits::table.find(id)).set(status_edits::html.eq(html)).execute(db))?;
    Ok(())
}

/// Accounts elsewhere after `after`: id, text about themselves, profile lines as JSON.
///
/// # Errors
/// As the database's.
pub fn people(c: &mut Conn, after: i64, limit: i64) -> Result<Vec<(AccountId, String, String)>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::id.gt(AccountId(after)).and(accounts::host.ne("")))
        .order(accounts::id.asc())
        .limit(limit)
        .select((accounts::id, accounts::bio_html, accounts::fields))
        .load(db))?)
}

/// Changes what an account says of itself.
///
/// # Errors
/// As the database's.
pub fn set_person(c: &mut Conn, id: AccountId, bio_html: &str, fields: &str) -> Result<()> {
    each!(c, |db| diesel::update(accounts::table.find(id))
        .set((
            accounts::bio_html.eq(bio_html),
            accounts::fields.eq(fields),
            accounts::version.eq(accounts::version + 1),
        ))
        .execute(db))?;
    Ok(())
}
