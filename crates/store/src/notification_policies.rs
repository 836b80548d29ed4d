//! What people want of notifications of strangers, whom they let through, and who waits. Use cases: `domain::notifications::{policy, requests}`.

use std::collections::HashMap;

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId, ThreadId};
use parvis_model::notification_policy::{NotificationPolicy, Verdict};
use parvis_model::time::Moment;
use parvis_model::visibility::Visibility;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{
    mentions, notification_permissions, notification_policies, notification_requests, notifications, statuses,
};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// Somebody's policy; `None` when they never said.
///
/// # Errors
/// As the database's.
pub fn policy(c: &mut Conn, account: AccountId) -> Result<Option<NotificationPolicy>> {
    let row: Option<(i16, i16, i16, i16, i16)> = each!(c, |db| notification_policies::table
        .find(account)
        .select((
            notification_policies::for_not_following,
            notification_policies::for_not_followers,
            notification_policies::for_new_accounts,
            notification_policies::for_private_mentions,
            notification_policies::for_limited_accounts,
        ))
        .first(db))
    .optional()?;
    Ok(row.map(|row| NotificationPolicy {
        for_not_following: Verdict::from_code(row.0),
        for_not_followers: Verdict::from_code(row.1),
        for_new_accounts: Verdict::from_code(row.2),
        for_private_mentions: Verdict::from_code(row.3),
        for_limited_accounts: Verdict::from_code(row.4),
    }))
}

/// Keeps somebody's policy.
///
/// # Errors
/// As the database's.
pub fn set_policy(c: &mut Conn, account: AccountId, policy: &NotificationPolicy) -> Result<()> {
    let values = (
        notification_policies::for_not_following.eq(policy.for_not_following.code()),
        notification_policies::for_not_followers.eq(policy.for_not_followers.code()),
        notification_policies::for_new_accounts.eq(policy.for_new_accounts.code()),
        notification_policies::for_private_mentions.eq(policy.for_private_mentions.code()),
        notification_policies::for_limited_accounts.eq(policy.for_limited_accounts.code()),
    );
    each!(c, |db| diesel::insert_into(notification_policies::table)
        .values((notification_policies::account_id.eq(account), values))
        .on_conflict(notification_policies::account_id)
        .do_update()
        .set(values)
        .execute(db))?;
    Ok(())
}

/// Whether somebody lets an account through.
///
/// # Errors
/// As the database's.
pub fn is_permitted(c: &mut Conn, account: AccountId, from: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        notification_permissions::table.find((account, from))
    ))
    .get_result(db))?)
}

/// Lets accounts through. One statement.
///
/// # Errors
/// As the database's.
pub fn permit(c: &mut Conn, account: AccountId, from: &[AccountId], at: Moment) -> Result<()> {
    let rows: Vec<_> = from
        .iter()
        .map(|from| {
            (
                notification_permissions::account_id.eq(account),
                notification_permissions::from_account_id.eq(*from),
                notification_permissions::created_at.eq(at),
            )
        })
        .collect();
    each!(c.db(), |db| diesel::insert_into(notification_permissions::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Lets an account through no longer.
///
/// # Errors
/// As the database's.
pub fn forbid(c: &mut Conn, account: AccountId, from: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(notification_permissions::table.find((account, from))).execute(db))?;
    Ok(())
}

/// Whether `account` mentioned `other` privately in a thread.
///
/// # Errors
/// As the database's.
pub fn wrote_privately(c: &mut Conn, thread: ThreadId, account: AccountId, other: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        statuses::table
            .inner_join(mentions::table)
            .filter(statuses::thread_id.eq(thread).and(statuses::account_id.eq(account)))
            .filter(statuses::visibility.eq(Visibility::Direct.code()))
            .filter(mentions::account_id.eq(other)),
    ))
    .get_result(db))?)
}

/// A row of `notification_requests`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = notification_requests, treat_none_as_default_value = false)]
pub struct Request {
    pub id: i64,
    pub account_id: AccountId,
    pub from_account_id: AccountId,
    pub last_status_id: Option<StatusId>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

/// Something of who asks is still held back: what they wrote may be gone by now.
macro_rules! holds_something {
    () => {
        diesel::dsl::exists(
            notifications::table
                .filter(notifications::account_id.eq(notification_requests::account_id))
                .filter(notifications::from_account_id.eq(notification_requests::from_account_id))
                .filter(notifications::is_filtered.eq(true)),
        )
    };
}

/// Adds a request, or brings the one that is there up to date.
///
/// # Errors
/// As the database's.
pub fn ask(c: &mut Conn, row: &Request) -> Result<()> {
    each!(c, |db| diesel::insert_into(notification_requests::table)
        .values(row.clone())
        .on_conflict((notification_requests::account_id, notification_requests::from_account_id))
        .do_update()
        .set((
            notification_requests::last_status_id.eq(row.last_status_id),
            notification_requests::updated_at.eq(row.updated_at),
        ))
        .execute(db))?;
    Ok(())
}

/// Who waits, the latest first.
///
/// # Errors
/// As the database's.
pub fn requests(c: &mut Conn, account: AccountId, range: Range) -> Result<Vec<Request>> {
    let mut query = notification_requests::table
        .filter(notification_requests::account_id.eq(account))
        .filter(holds_something!())
        .select(Request::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, notification_requests::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Those of somebody's requests that have these ids.
///
/// # Errors
/// As the database's.
pub fn requests_of_owner(c: &mut Conn, account: AccountId, ids: &[i64]) -> Result<Vec<Request>> {
    Ok(each!(c, |db| notification_requests::table
        .filter(notification_requests::account_id.eq(account).and(notification_requests::id.among(ids)))
        .filter(holds_something!())
        .select(Request::as_select())
        .load(db))?)
}

/// Removes requests of somebody by who asks.
///
/// # Errors
/// As the database's.
pub fn remove_requests(c: &mut Conn, account: AccountId, from: &[AccountId]) -> Result<()> {
    each!(c, |db| diesel::delete(
        notification_requests::table
            .filter(notification_requests::account_id.eq(account))
            .filter(notification_requests::from_account_id.among(from)),
    )
    .execute(db))?;
    Ok(())
}

/// How many notifications are held back, by who asks.
///
/// # Errors
/// As the database's.
pub fn count_filtered(
    c: &mut Conn,
    account: AccountId,
    from: &[AccountId],
) -> Result<HashMap<AccountId, i64>> {
    let rows: Vec<(AccountId, i64)> = each!(c, |db| notifications::table
        .filter(notifications::account_id.eq(account).and(notifications::is_filtered.eq(true)))
        .filter(notifications::from_account_id.among(from))
        .group_by(notifications::from_account_id)
        .select((notifications::from_account_id, diesel::dsl::count_star()))
        .load(db))?;
    Ok(rows.into_iter().collect())
}

/// Lets what was held back show.
///
/// # Errors
/// As the database's.
pub fn release(c: &mut Conn, account: AccountId, from: &[AccountId]) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(
        notifications::table
            .filter(notifications::account_id.eq(account).and(notifications::is_filtered.eq(true)))
            .filter(notifications::from_account_id.among(from)),
    )
    .set(notifications::is_filtered.eq(false))
    .execute(db))?)
}

/// Removes what was held back.
///
/// # Errors
/// As the database's.
pub fn remove_filtered(c: &mut Conn, account: AccountId, from: &[AccountId]) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        notifications::table
            .filter(notifications::account_id.eq(account).and(notifications::is_filtered.eq(true)))
            .filter(notifications::from_account_id.among(from)),
    )
    .execute(db))?)
}
