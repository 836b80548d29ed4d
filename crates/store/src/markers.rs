//! How far people have read. Use cases: `domain::markers`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::markers;
use crate::{Conn, Result};

/// A row of `markers`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = markers)]
pub struct Marker {
    pub account_id: AccountId,
    /// `home` or `notifications`.
    pub timeline: String,
    pub last_read_id: i64,
    pub version: i64,
    pub updated_at: Moment,
}

/// An owner's markers.
///
/// # Errors
/// As the database's.
pub fn of(c: &mut Conn, account: AccountId) -> Result<Vec<Marker>> {
    Ok(each!(c, |db| markers::table
        .filter(markers::account_id.eq(account))
        .order(markers::timeline.asc())
        .select(Marker::as_select())
        .load(db))?)
}

/// Sets a marker and raises its version.
///
/// # Errors
/// As the database's.
pub fn set(c: &mut Conn, account: AccountId, timeline: &str, last_read: i64, at: Moment) -> Result<()> {
    each!(c, |db| diesel::insert_into(markers::table)
        .values((
            markers::account_id.eq(account),
            markers::timeline.eq(timeline),
            markers::last_read_id.eq(last_read),
            markers::version.eq(0),
            markers::updated_at.eq(at),
        ))
        .on_conflict((markers::account_id, markers::timeline))
        .do_update()
        .set((
            markers::last_read_id.eq(last_read),
            markers::version.eq(markers::version + 1),
            markers::updated_at.eq(at),
        ))
        .execute(db))?;
    Ok(())
}
