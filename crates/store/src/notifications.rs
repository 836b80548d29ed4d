//! What people are told. Use cases: `domain::notifications`; how far they have read: [`crate::markers`].

use diesel::prelude::*;
use parvis_model::ids::{AccountId, NotificationId, ReportId, StatusId, StrikeId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::notifications;
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
    /// What it shows as one with; '' when it shows alone.
    pub group_key: String,
    /// Held back until its owner looks at it.
    pub is_filtered: bool,
    /// What `severed_relationships` is about.
    pub severance_id: Option<i64>,
}

/// Adds a notification; `false` when it was told already.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Notification) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(notifications::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Adds some that nobody has been told of, a few hundred at the most.
///
/// # Errors
/// As the database's.
pub fn insert_many(c: &mut Conn, rows: &[Notification]) -> Result<()> {
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(notifications::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
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
    /// Also what is held back.
    pub includes_filtered: bool,
}

/// Adds a filter to a boxed query over `notifications`.
macro_rules! filtered {
    ($query:ident, $filter:expr) => {
        if !$filter.kinds.is_empty() {
            $query = $query.filter(notifications::kind.among_texts(&$filter.kinds));
        }
        if !$filter.excluded.is_empty() {
            $query = $query.filter(diesel::dsl::not(notifications::kind.among_texts(&$filter.excluded)));
        }
        if let Some(from) = $filter.from {
            $query = $query.filter(notifications::from_account_id.eq(from));
        }
        if !$filter.includes_filtered {
            $query = $query.filter(notifications::is_filtered.eq(false));
        }
    };
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
    filtered!(query, filter);
    keyset!(query, notifications::id, range, NotificationId);
    Ok(range.in_order(query.load(c.db())?))
}

/// One notification of its owner.
///
/// # Errors
/// As the database's.
pub fn of_owner(c: &mut Conn, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    Ok(each!(c, |db| notifications::table
        .filter(notifications::id.eq(id).and(notifications::account_id.eq(account)))
        .select(Notification::as_select())
        .first(db))
    .optional()?)
}

/// Whose notification it is.
///
/// # Errors
/// As the database's.
pub fn owner_of(c: &mut Conn, id: NotificationId) -> Result<Option<AccountId>> {
    Ok(each!(c, |db| notifications::table.find(id).select(notifications::account_id).first(db)).optional()?)
}

/// A page of groups, each by its latest notification: those of the kinds `grouped` that have a later one in their group are left out. Newest
/// first. A group has at most [`parvis_model::notification::GROUP_MAX`].
///
/// # Errors
/// As the database's.
pub fn heads(
    c: &mut Conn,
    account: AccountId,
    filter: &Filter,
    grouped: &[String],
    range: Range,
) -> Result<Vec<Notification>> {
    let mut query = notifications::table
        .filter(notifications::account_id.eq(account))
        .select(Notification::as_select())
        .limit(range.limit)
        .into_boxed();
    filtered!(query, filter);
    let later = diesel::alias!(notifications as later_notifications);
    let later_ones = later
        .filter(later.field(notifications::account_id).eq(notifications::account_id))
        .filter(later.field(notifications::group_key).eq(notifications::group_key))
        .filter(later.field(notifications::id).gt(notifications::id));
    let stands_alone =
        notifications::group_key.eq("").or(diesel::dsl::not(notifications::kind.among_texts(grouped)));
    // Two texts, because a query over an alias cannot be boxed.
    query = match filter.from {
        Some(from) => query.filter(stands_alone.or(diesel::dsl::not(diesel::dsl::exists(
            later_ones.filter(later.field(notifications::from_account_id).eq(from)),
        )))),
        None => query.filter(stands_alone.or(diesel::dsl::not(diesel::dsl::exists(later_ones)))),
    };
    keyset!(query, notifications::id, range, NotificationId);
    Ok(range.in_order(query.load(c.db())?))
}

/// The notifications of some groups, newest first.
///
/// # Errors
/// As the database's.
pub fn of_groups(c: &mut Conn, account: AccountId, keys: &[String]) -> Result<Vec<Notification>> {
    Ok(each!(c, |db| notifications::table
        .filter(notifications::account_id.eq(account).and(notifications::group_key.among_texts(keys)))
        .order(notifications::id.desc())
        .select(Notification::as_select())
        .load(db))?)
}

/// The latest notification of a kind about a post (or about none), for the group that a new one may join.
///
/// # Errors
/// As the database's.
pub fn latest_like(
    c: &mut Conn,
    account: AccountId,
    kind: &str,
    status: Option<StatusId>,
) -> Result<Option<String>> {
    let mut query = notifications::table
        .filter(notifications::account_id.eq(account).and(notifications::kind.eq(kind.to_owned())))
        .filter(notifications::group_key.ne(""))
        .order(notifications::id.desc())
        .select(notifications::group_key)
        .into_boxed();
    query = match status {
        Some(status) => query.filter(notifications::status_id.eq(status)),
        None => query.filter(notifications::status_id.is_null()),
    };
    Ok(query.first(c.db()).optional()?)
}

/// How many are in a group.
///
/// # Errors
/// As the database's.
pub fn group_size(c: &mut Conn, account: AccountId, key: &str) -> Result<i64> {
    Ok(each!(c, |db| notifications::table
        .filter(notifications::account_id.eq(account).and(notifications::group_key.eq(key.to_owned())))
        .count()
        .get_result(db))?)
}

/// Removes some, of their owner.
///
/// # Errors
/// As the database's.
pub fn dismiss_many(c: &mut Conn, account: AccountId, ids: &[NotificationId]) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        notifications::table.filter(notifications::account_id.eq(account).and(notifications::id.among(ids))),
    )
    .execute(db))?)
}

/// Removes one, of its owner.
///
/// # Errors
/// As the database's.
pub fn dismiss(c: &mut Conn, account: AccountId, id: NotificationId) -> Result<()> {
    each!(c, |db| diesel::delete(
        notifications::table.filter(notifications::id.eq(id).and(notifications::account_id.eq(account))),
    )
    .execute(db))?;
    Ok(())
}

/// Removes all of an owner.
///
/// # Errors
/// As the database's.
pub fn clear(c: &mut Conn, account: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(notifications::table.filter(notifications::account_id.eq(account)))
        .execute(db))?;
    Ok(())
}

/// Removes what was told by a key, when the thing was undone.
///
/// # Errors
/// As the database's.
pub fn withdraw(c: &mut Conn, unique_key: &str) -> Result<()> {
    each!(c, |db| diesel::delete(notifications::table.filter(notifications::unique_key.eq(unique_key)))
        .execute(db))?;
    Ok(())
}

/// Removes all that one account was told of another, after a block.
///
/// # Errors
/// As the database's.
pub fn clear_from(c: &mut Conn, account: AccountId, from: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(
        notifications::table
            .filter(notifications::account_id.eq(account).and(notifications::from_account_id.eq(from))),
    )
    .execute(db))?;
    Ok(())
}

/// How many stand above an id, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn count_above(
    c: &mut Conn,
    account: AccountId,
    filter: &Filter,
    above: NotificationId,
    limit: i64,
) -> Result<i64> {
    let mut query = notifications::table
        .filter(notifications::account_id.eq(account).and(notifications::id.gt(above)))
        .select(notifications::id)
        .limit(limit)
        .into_boxed();
    filtered!(query, filter);
    let ids: Vec<NotificationId> = query.load(c.db())?;
    Ok(i64::try_from(ids.len()).unwrap_or(limit))
}
