//! What people are told, and how far they have read. Use cases: `domain::notifications`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, NotificationId, ReportId, StatusId, StrikeId};
use parvis_model::time::Moment;

use crate::conn::db::BothExt;
use crate::schema::{markers, notifications};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `notifications`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = notifications, treat_none_as_default_value = false)]
pub struct Notification {
    pub id: NotificationId,
    pub account_id: AccountId,
    /// [`parvis_model::notification::NotificationKind::as_str`].
    pub kind: String,
    pub from_account_id: AccountId,
    pub status_id: Option<StatusId>,
    /// What makes it the same notification, so that it is told once.
    pub unique_key: String,
    pub created_at: Moment,
    /// What `admin.report` is about.
    pub report_id: Option<ReportId>,
    /// What `moderation_warning` is about.
    pub strike_id: Option<StrikeId>,
}

/// Adds a notification; `false` when it was told already.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Notification) -> Result<bool> {
    Ok(diesel::insert_into(notifications::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .both()
        .execute(c.db())?
        == 1)
}

/// Which notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these kinds; empty is all.
    pub kinds: Vec<String>,
    /// None of these.
    pub excluded: Vec<String>,
    /// Only from this account.
    pub from: Option<AccountId>,
}

/// A page, newest first.
///
/// # Errors
/// As the database's.
pub fn page(c: &mut Conn, account: AccountId, filter: &Filter, range: Range) -> Result<Vec<Notification>> {
    let mut query = notifications::table
        .filter(notifications::account_id.eq(account))
        .select(Notification::as_select())
        .limit(range.limit)
        .into_boxed();
    if !filter.kinds.is_empty() {
        query = query.filter(notifications::kind.eq_any(filter.kinds.clone()));
    }
    if !filter.excluded.is_empty() {
        query = query.filter(notifications::kind.ne_all(filter.excluded.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(notifications::from_account_id.eq(from));
    }
    keyset!(query, notifications::id, range, NotificationId);
    Ok(range.in_order(query.load(c.db())?))
}

/// One notification of its owner.
///
/// # Errors
/// As the database's.
pub fn of_owner(c: &mut Conn, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    Ok(notifications::table
        .filter(notifications::id.eq(id).and(notifications::account_id.eq(account)))
        .select(Notification::as_select())
        .first(c.db())
        .optional()?)
}

/// Whose notification it is.
///
/// # Errors
/// As the database's.
pub fn owner_of(c: &mut Conn, id: NotificationId) -> Result<Option<AccountId>> {
    Ok(notifications::table.find(id).select(notifications::account_id).first(c.db()).optional()?)
}

/// Removes one, of its owner.
///
/// # Errors
/// As the database's.
pub fn dismiss(c: &mut Conn, account: AccountId, id: NotificationId) -> Result<()> {
    diesel::delete(
        notifications::table.filter(notifications::id.eq(id).and(notifications::account_id.eq(account))),
    )
    .execute(c.db())?;
    Ok(())
}

/// Removes all of an owner.
///
/// # Errors
/// As the database's.
pub fn clear(c: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(notifications::table.filter(notifications::account_id.eq(account))).execute(c.db())?;
    Ok(())
}

/// Removes what was told by a key, when the thing was undone.
///
/// # Errors
/// As the database's.
pub fn withdraw(c: &mut Conn, unique_key: &str) -> Result<()> {
    diesel::delete(notifications::table.filter(notifications::unique_key.eq(unique_key))).execute(c.db())?;
    Ok(())
}

/// Removes all that one account was told of another, after a block.
///
/// # Errors
/// As the database's.
pub fn clear_from(c: &mut Conn, account: AccountId, from: AccountId) -> Result<()> {
    diesel::delete(
        notifications::table
            .filter(notifications::account_id.eq(account).and(notifications::from_account_id.eq(from))),
    )
    .execute(c.db())?;
    Ok(())
}

/// How many stand above an id, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn count_above(c: &mut Conn, account: AccountId, above: NotificationId, limit: i64) -> Result<i64> {
    let ids: Vec<NotificationId> = notifications::table
        .filter(notifications::account_id.eq(account).and(notifications::id.gt(above)))
        .select(notifications::id)
        .limit(limit)
        .load(c.db())?;
    Ok(i64::try_from(ids.len()).unwrap_or(limit))
}

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
pub fn markers(c: &mut Conn, account: AccountId) -> Result<Vec<Marker>> {
    Ok(markers::table
        .filter(markers::account_id.eq(account))
        .order(markers::timeline.asc())
        .select(Marker::as_select())
        .load(c.db())?)
}

/// Sets a marker and raises its version.
///
/// # Errors
/// As the database's.
pub fn set_marker(
    c: &mut Conn,
    account: AccountId,
    timeline: &str,
    last_read: i64,
    at: Moment,
) -> Result<()> {
    diesel::insert_into(markers::table)
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
        .both()
        .execute(c.db())?;
    Ok(())
}
