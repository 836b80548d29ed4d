//! Who did what to whom, when and why. Rows are added and read; nothing here changes or removes one. Use cases: `domain::audit`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::audit_log;
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `audit_log`. It names people and things in words too, because they may go and this does not.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
pub struct Entry {
    pub id: i64,
    /// Who; nobody for the command line.
    pub account_id: Option<AccountId>,
    /// Their handle, or the command line.
    pub actor: String,
    /// A verb, such as `suspend`.
    pub action: String,
    /// `account`, `report`, `domain_block`, …
    pub target_kind: String,
    pub target_id: Option<i64>,
    /// A handle, a domain, a network.
    pub target: String,
    pub reason: String,
    pub created_at: Moment,
}

/// Adds an entry.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Entry) -> Result<()> {
    each!(c, |db| diesel::insert_into(audit_log::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// A page, newest first.
///
/// # Errors
/// As the database's.
pub fn page(c: &mut Conn, range: Range) -> Result<Vec<Entry>> {
    let mut query = audit_log::table.select(Entry::as_select()).limit(range.limit).into_boxed();
    keyset!(query, audit_log::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// What was done to one thing, newest first.
///
/// # Errors
/// As the database's.
pub fn about(c: &mut Conn, kind: &str, id: i64, limit: i64) -> Result<Vec<Entry>> {
    Ok(each!(c, |db| audit_log::table
        .filter(audit_log::target_kind.eq(kind).and(audit_log::target_id.eq(id)))
        .order(audit_log::id.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(db))?)
}
