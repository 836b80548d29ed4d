//! Posts in other languages, for a day. Use cases: `domain::translations`.

use diesel::prelude::*;
use parvis_model::ids::StatusId;
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::translations;
use crate::{Conn, Result};

/// A row of `translations`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = translations)]
pub struct Translation {
    pub status_id: StatusId,
    /// The language asked for.
    pub language: String,
    /// Of the texts that were translated.
    pub source_hash: String,
    /// The language they were in.
    pub source_language: String,
    /// JSON list of texts.
    pub answer: String,
    pub created_at: Moment,
}

/// What is kept of a post in a language.
///
/// # Errors
/// As the database's.
pub fn of_status(c: &mut Conn, status: StatusId, language: &str) -> Result<Option<Translation>> {
    Ok(each!(c, |db| translations::table
        .find((status, language.to_owned()))
        .select(Translation::as_select())
        .first(db))
    .optional()?)
}

/// Removes what is kept of a post in a language.
///
/// # Errors
/// As the database's.
pub fn remove(c: &mut Conn, status: StatusId, language: &str) -> Result<()> {
    each!(c, |db| diesel::delete(translations::table.find((status, language.to_owned()))).execute(db))?;
    Ok(())
}

/// Keeps one; there must be none.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Translation) -> Result<()> {
    each!(c, |db| diesel::insert_into(translations::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Forgets those from before `before`; how many.
///
/// # Errors
/// As the database's.
pub fn forget(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(translations::table.filter(translations::created_at.lt(before)))
        .execute(db))?)
}
