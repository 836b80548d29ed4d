//! Links sent by e-mail: confirming an address, choosing a new password. Only the SHA-256 of a link's token is stored.
//! Use cases: `domain::sign_in`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::email_links;
use crate::{Conn, Result};

/// A row of `email_links`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = email_links, treat_none_as_default_value = false)]
pub struct EmailLink {
    pub token_hash: String,
    pub account_id: AccountId,
    /// What it is for; see `domain::sign_in::links`.
    pub purpose: String,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
}

/// A new link.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, link: &EmailLink) -> Result<()> {
    each!(c, |db| diesel::insert_into(email_links::table).values(link.clone()).execute(db))?;
    Ok(())
}

/// Whose link it is, if it can still be used at `now`.
///
/// # Errors
/// As the database's.
pub fn usable(c: &mut Conn, token_hash: &str, purpose: &str, now: Moment) -> Result<Option<AccountId>> {
    Ok(each!(c, |db| email_links::table
        .filter(email_links::token_hash.eq(token_hash).and(email_links::purpose.eq(purpose)))
        .filter(email_links::used_at.is_null().and(email_links::expires_at.gt(now)))
        .select(email_links::account_id)
        .first(db))
    .optional()?)
}

/// Uses a link up: in one statement, so that of two who come at once only one gets the account.
///
/// # Errors
/// As the database's.
pub fn use_up(c: &mut Conn, token_hash: &str, purpose: &str, now: Moment) -> Result<Option<AccountId>> {
    Ok(each!(c, |db| diesel::update(
        email_links::table
            .filter(email_links::token_hash.eq(token_hash).and(email_links::purpose.eq(purpose)))
            .filter(email_links::used_at.is_null().and(email_links::expires_at.gt(now))),
    )
    .set(email_links::used_at.eq(now))
    .returning(email_links::account_id)
    .get_result(db))
    .optional()?)
}

/// Makes all links of an account for one purpose useless, before a new one is sent or after one was used.
///
/// # Errors
/// As the database's.
pub fn use_up_all(c: &mut Conn, account: AccountId, purpose: &str, now: Moment) -> Result<()> {
    each!(c, |db| diesel::update(
        email_links::table
            .filter(email_links::account_id.eq(account).and(email_links::purpose.eq(purpose)))
            .filter(email_links::used_at.is_null()),
    )
    .set(email_links::used_at.eq(now))
    .execute(db))?;
    Ok(())
}

/// When the newest unused link of an account expires: tells when it was sent.
///
/// # Errors
/// As the database's.
pub fn newest_expiry(c: &mut Conn, account: AccountId, purpose: &str) -> Result<Option<Moment>> {
    Ok(each!(c, |db| email_links::table
        .filter(email_links::account_id.eq(account).and(email_links::purpose.eq(purpose)))
        .order(email_links::expires_at.desc())
        .select(email_links::expires_at)
        .first(db))
    .optional()?)
}

/// Forgets links that expired before `before`; how many.
///
/// # Errors
/// As the database's.
pub fn delete_expired(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(email_links::table.filter(email_links::expires_at.lt(before)))
        .execute(db))?)
}
