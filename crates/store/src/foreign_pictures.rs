//! Copies of the avatars, headers and emojis of other servers. Use cases: `domain::foreign_pictures`.

use diesel::prelude::*;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::foreign_pictures;
use crate::{Conn, Result};

/// A row of `foreign_pictures`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = foreign_pictures)]
pub struct Copy {
    /// Where it came from.
    pub url: String,
    /// Of our stored copy.
    pub file_key: String,
    pub created_at: Moment,
}

/// The copy of what stands at an address.
///
/// # Errors
/// As the database's.
pub fn of(c: &mut Conn, url: &str) -> Result<Option<Copy>> {
    Ok(each!(c, |db| foreign_pictures::table.find(url).select(Copy::as_select()).first(db)).optional()?)
}

/// Writes a copy down; `false` when somebody was faster.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Copy) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(foreign_pictures::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Copies made before `before`, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn older_than(c: &mut Conn, before: Moment, limit: i64) -> Result<Vec<Copy>> {
    Ok(each!(c, |db| foreign_pictures::table
        .filter(foreign_pictures::created_at.lt(before))
        .order(foreign_pictures::created_at.asc())
        .limit(limit)
        .select(Copy::as_select())
        .load(db))?)
}

/// Forgets copies.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, urls: &[String]) -> Result<()> {
    each!(c, |db| diesel::delete(foreign_pictures::table.filter(foreign_pictures::url.among_texts(urls)))
        .execute(db))?;
    Ok(())
}
