//! Where the devices of people are told of notifications. Use cases: `domain::push`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, PushId, TokenId};
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::{oauth_tokens, push_subscriptions};
use crate::{Conn, Result};

/// A row of `push_subscriptions`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = push_subscriptions)]
pub struct Subscription {
    pub id: PushId,
    pub token_id: TokenId,
    pub account_id: AccountId,
    pub endpoint: String,
    /// The device's public key, base64url without padding.
    pub p256dh: String,
    /// The device's secret, base64url without padding.
    pub auth: String,
    /// RFC 8291 and 8292; else the drafts before them.
    pub is_standard: bool,
    /// [`parvis_model::push::Alerts`].
    pub alerts: String,
    /// [`parvis_model::push::PushPolicy::as_str`].
    pub policy: String,
    /// The bearer token, sealed for the purpose `push <id>`.
    pub token_sealed: Vec<u8>,
    pub created_at: Moment,
}

/// A new subscription.
///
/// # Errors
/// `Conflict` when the token has one.
pub fn insert(c: &mut Conn, row: &Subscription) -> Result<()> {
    each!(c, |db| diesel::insert_into(push_subscriptions::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns of an existing row.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, row: &Subscription) -> Result<()> {
    each!(c, |db| diesel::update(push_subscriptions::table.find(row.id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// The subscription of a token.
///
/// # Errors
/// As the database's.
pub fn of_token(c: &mut Conn, token: TokenId) -> Result<Option<Subscription>> {
    Ok(each!(c, |db| push_subscriptions::table
        .filter(push_subscriptions::token_id.eq(token))
        .select(Subscription::as_select())
        .first(db))
    .optional()?)
}

/// Removes the subscription of a token.
///
/// # Errors
/// As the database's.
pub fn delete_of_token(c: &mut Conn, token: TokenId) -> Result<()> {
    each!(c, |db| diesel::delete(push_subscriptions::table.filter(push_subscriptions::token_id.eq(token)))
        .execute(db))?;
    Ok(())
}

/// Removes a subscription.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: PushId) -> Result<()> {
    each!(c, |db| diesel::delete(push_subscriptions::table.find(id)).execute(db))?;
    Ok(())
}

/// The subscriptions of an account whose tokens are in force, newest first.
///
/// # Errors
/// As the database's.
pub fn in_force_of_account(c: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<Subscription>> {
    Ok(each!(c, |db| push_subscriptions::table
        .inner_join(oauth_tokens::table.on(oauth_tokens::id.eq(push_subscriptions::token_id)))
        .filter(push_subscriptions::account_id.eq(account).and(oauth_tokens::revoked_at.is_null()))
        .order(push_subscriptions::id.desc())
        .limit(limit)
        .select(Subscription::as_select())
        .load(db))?)
}

/// A subscription whose token is in force.
///
/// # Errors
/// As the database's.
pub fn in_force(c: &mut Conn, id: PushId) -> Result<Option<Subscription>> {
    Ok(each!(c, |db| push_subscriptions::table
        .inner_join(oauth_tokens::table.on(oauth_tokens::id.eq(push_subscriptions::token_id)))
        .filter(push_subscriptions::id.eq(id).and(oauth_tokens::revoked_at.is_null()))
        .select(Subscription::as_select())
        .first(db))
    .optional()?)
}

/// Removes the subscriptions of an account whose tokens are not in force any more; how many.
///
/// # Errors
/// As the database's.
pub fn delete_revoked(c: &mut Conn, account: AccountId) -> Result<usize> {
    let revoked = oauth_tokens::table
        .filter(oauth_tokens::account_id.eq(account).and(oauth_tokens::revoked_at.is_not_null()))
        .select(oauth_tokens::id);
    Ok(each!(c, |db| diesel::delete(
        push_subscriptions::table
            .filter(push_subscriptions::account_id.eq(account))
            .filter(push_subscriptions::token_id.eq_any(revoked)),
    )
    .execute(db))?)
}

/// Removes all but the newest subscriptions of an account.
///
/// # Errors
/// As the database's.
pub fn delete_older_than(c: &mut Conn, account: AccountId, id: PushId) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        push_subscriptions::table
            .filter(push_subscriptions::account_id.eq(account).and(push_subscriptions::id.lt(id))),
    )
    .execute(db))?)
}
