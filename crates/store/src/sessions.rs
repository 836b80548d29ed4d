//! Sessions of the pages. Only the SHA-256 of the cookie is stored. Use cases: `domain::sign_in::sessions`.
//! Deliberately not for the client API, which knows bearer tokens only (`oauth`).

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::logins::Login;
use crate::schema::{accounts, logins, web_sessions};
use crate::{Conn, Result};

/// A row of `web_sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = web_sessions)]
pub struct WebSession {
    pub token_hash: String,
    pub account_id: AccountId,
    pub created_at: Moment,
    pub expires_at: Moment,
}

/// A new session.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, session: &WebSession) -> Result<()> {
    each!(c, |db| diesel::insert_into(web_sessions::table).values(session.clone()).execute(db))?;
    Ok(())
}

/// The login of a session that has not ended at `now`, unless its account is suspended or gone.
///
/// # Errors
/// As the database's.
pub fn login_of(c: &mut Conn, token_hash: &str, now: Moment) -> Result<Option<Login>> {
    Ok(each!(c, |db| web_sessions::table
        .inner_join(logins::table.on(logins::account_id.eq(web_sessions::account_id)))
        .inner_join(accounts::table.on(accounts::id.eq(web_sessions::account_id)))
        .filter(web_sessions::token_hash.eq(token_hash).and(web_sessions::expires_at.gt(now)))
        .filter(accounts::suspended_at.is_null().and(accounts::gone_at.is_null()))
        .select(Login::as_select())
        .first(db))
    .optional()?)
}

/// Ends one session.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, token_hash: &str) -> Result<()> {
    each!(c, |db| diesel::delete(web_sessions::table.find(token_hash.to_owned())).execute(db))?;
    Ok(())
}

/// Ends all sessions of an account; how many.
///
/// # Errors
/// As the database's.
pub fn delete_of_account(c: &mut Conn, account: AccountId) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(web_sessions::table.filter(web_sessions::account_id.eq(account)))
        .execute(db))?)
}

/// Forgets sessions that ended before `before`; how many.
///
/// # Errors
/// As the database's.
pub fn delete_expired(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(web_sessions::table.filter(web_sessions::expires_at.lt(before)))
        .execute(db))?)
}
