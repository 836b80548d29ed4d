//! Lists that people bring as files: what is to be done, row by row. Use cases: `domain::imports`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{import_rows, imports};
use crate::{Conn, Result};

/// The row waits.
pub const WAITING: i16 = 0;
/// It was done.
pub const DONE: i16 = 1;
/// It could not be done.
pub const FAILED: i16 = 2;

/// A row of `imports`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = imports, treat_none_as_default_value = false)]
pub struct Import {
    pub id: i64,
    pub account_id: AccountId,
    /// `domain::imports::Kind`.
    pub kind: String,
    /// Whether what is not in the file goes.
    pub is_overwriting: bool,
    pub created_at: Moment,
    pub finished_at: Option<Moment>,
}

/// A row of `import_rows`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_rows)]
pub struct Row {
    pub import_id: i64,
    pub position: i64,
    /// A handle, a host or an address.
    pub target: String,
    /// JSON: what stands beside it.
    pub options: String,
    pub state: i16,
}

/// A new import.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Import) -> Result<()> {
    each!(c, |db| diesel::insert_into(imports::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Adds rows.
///
/// # Errors
/// As the database's.
pub fn insert_rows(c: &mut Conn, rows: &[Row]) -> Result<()> {
    // 100 rows of 5 values stay below SQLite's limit of bound values.
    for some in rows.chunks(100) {
        let some = some.to_vec();
        each!(c.db(), |db| diesel::insert_into(import_rows::table).values(&some).execute(db))?;
    }
    Ok(())
}

/// One import.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Import>> {
    Ok(each!(c, |db| imports::table.find(id).select(Import::as_select()).first(db)).optional()?)
}

/// The imports of an account, the latest first.
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<Import>> {
    Ok(each!(c, |db| imports::table
        .filter(imports::account_id.eq(account))
        .order(imports::id.desc())
        .limit(limit)
        .select(Import::as_select())
        .load(db))?)
}

/// How the rows of these imports stand: (import, state, how many).
///
/// # Errors
/// As the database's.
pub fn tallies(c: &mut Conn, ids: &[i64]) -> Result<Vec<(i64, i16, i64)>> {
    Ok(each!(c, |db| import_rows::table
        .filter(import_rows::import_id.among(ids))
        .group_by((import_rows::import_id, import_rows::state))
        .select((import_rows::import_id, import_rows::state, diesel::dsl::count(import_rows::position)))
        .load(db))?)
}

/// The rows of an import that could not be done, in the order of the file.
///
/// # Errors
/// As the database's.
pub fn failed(c: &mut Conn, id: i64, limit: i64) -> Result<Vec<String>> {
    Ok(each!(c, |db| import_rows::table
        .filter(import_rows::import_id.eq(id).and(import_rows::state.eq(FAILED)))
        .order(import_rows::position.asc())
        .limit(limit)
        .select(import_rows::target)
        .load(db))?)
}

/// Rows that wait, in the order of the file.
///
/// # Errors
/// As the database's.
pub fn waiting(c: &mut Conn, id: i64, limit: i64) -> Result<Vec<Row>> {
    Ok(each!(c, |db| import_rows::table
        .filter(import_rows::import_id.eq(id).and(import_rows::state.eq(WAITING)))
        .order(import_rows::position.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(db))?)
}

/// All targets of an import, with what stands beside them.
///
/// # Errors
/// As the database's.
pub fn targets(c: &mut Conn, id: i64, limit: i64) -> Result<Vec<(String, String)>> {
    Ok(each!(c, |db| import_rows::table
        .filter(import_rows::import_id.eq(id))
        .order(import_rows::position.asc())
        .limit(limit)
        .select((import_rows::target, import_rows::options))
        .load(db))?)
}

/// What became of a row.
///
/// # Errors
/// As the database's.
pub fn settle(c: &mut Conn, id: i64, position: i64, state: i16) -> Result<()> {
    each!(c, |db| diesel::update(import_rows::table.find((id, position)))
        .set(import_rows::state.eq(state))
        .execute(db))?;
    Ok(())
}

/// An import is done.
///
/// # Errors
/// As the database's.
pub fn finish(c: &mut Conn, id: i64, at: Moment) -> Result<()> {
    each!(c, |db| diesel::update(imports::table.find(id)).set(imports::finished_at.eq(at)).execute(db))?;
    Ok(())
}

/// Forgets imports that were finished before `before`, and with them their rows.
///
/// # Errors
/// As the database's.
pub fn forget(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        imports::table.filter(imports::finished_at.lt(before).assume_not_null())
    )
    .execute(db))?)
}
