//! Logins: what a local account signs in with and its settings. Use cases: `domain::accounts`, `domain::sign_in`.
//!
//! Not here: sessions (`sessions`), links sent by e-mail (`email_links`), client programs and their tokens (`oauth`).

use diesel::prelude::*;
use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::logins;
use crate::{Conn, Result};

/// A row of `logins`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = logins, treat_none_as_default_value = false)]
pub struct Login {
    pub account_id: AccountId,
    /// As typed, where letters are sent to.
    pub email: String,
    /// What addresses are compared by.
    pub email_key: String,
    /// PHC form.
    pub password_hash: String,
    /// [`parvis_model::account::Role::as_str`].
    pub role: String,
    /// Language of letters and pages.
    pub locale: String,
    /// What was written to the moderators at sign-up.
    pub sign_up_reason: String,
    pub rules_accepted_at: Option<Moment>,
    /// When the e-mail address was confirmed.
    pub confirmed_at: Option<Moment>,
    /// When a moderator (or the settings) let them in.
    pub approved_at: Option<Moment>,
    /// To the hour.
    pub last_active_at: Moment,
    /// [`parvis_model::visibility::Visibility::code`].
    pub default_visibility: i16,
    pub default_sensitive: bool,
    pub default_language: Option<String>,
    pub created_at: Moment,
    /// [`parvis_model::quote::QuotePolicy::from_default`].
    pub default_quote_policy: i16,
    /// Since when nobody can sign in, by a decision of staff.
    pub disabled_at: Option<Moment>,
}

impl Login {
    /// Whether the owner may use the account: confirmed, approved, not switched off.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.confirmed_at.is_some() && self.approved_at.is_some() && self.disabled_at.is_none()
    }
}

/// A new login.
///
/// # Errors
/// `Conflict` on `logins.email_key` when the address is taken.
pub fn insert(c: &mut Conn, login: &Login) -> Result<()> {
    each!(c, |db| diesel::insert_into(logins::table).values(login.clone()).execute(db))?;
    Ok(())
}

/// The login of an account.
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId) -> Result<Option<Login>> {
    Ok(each!(c, |db| logins::table.find(account).select(Login::as_select()).first(db)).optional()?)
}

/// The login with this e-mail address.
///
/// # Errors
/// As the database's.
pub fn by_email(c: &mut Conn, email_key: &str) -> Result<Option<Login>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::email_key.eq(email_key))
        .select(Login::as_select())
        .first(db))
    .optional()?)
}

/// Logins that wait for a moderator, confirmed ones only, the oldest first.
///
/// # Errors
/// As the database's.
pub fn awaiting_approval(c: &mut Conn, limit: i64) -> Result<Vec<Login>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::approved_at.is_null().and(logins::confirmed_at.is_not_null()))
        .order((logins::created_at.asc(), logins::account_id.asc()))
        .limit(limit)
        .select(Login::as_select())
        .load(db))?)
}

/// Which of these accounts belong to a login that is not open yet.
///
/// # Errors
/// As the database's.
pub fn pending_of(c: &mut Conn, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::account_id.among(accounts))
        .filter(logins::confirmed_at.is_null().or(logins::approved_at.is_null()))
        .select(logins::account_id)
        .load(db))?)
}

/// The roles of those of these accounts that have more than a resident's.
///
/// # Errors
/// As the database's.
pub fn roles_of(c: &mut Conn, accounts: &[AccountId]) -> Result<Vec<(AccountId, String)>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::account_id.among(accounts))
        .filter(logins::role.ne(Role::Resident.as_str()))
        .select((logins::account_id, logins::role))
        .load(db))?)
}

/// How many open logins were used since `since`.
///
/// # Errors
/// As the database's.
pub fn count_active_since(c: &mut Conn, since: Moment) -> Result<i64> {
    Ok(each!(c, |db| logins::table
        .filter(logins::last_active_at.ge(since))
        .filter(logins::confirmed_at.is_not_null().and(logins::approved_at.is_not_null()))
        .count()
        .get_result(db))?)
}

/// Sign-ups nobody confirmed since `before`, for the job that gives their handles free again.
///
/// # Errors
/// As the database's.
pub fn unconfirmed_since(c: &mut Conn, before: Moment, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::confirmed_at.is_null().and(logins::created_at.lt(before)))
        .order(logins::account_id.asc())
        .limit(limit)
        .select(logins::account_id)
        .load(db))?)
}

/// The address is confirmed; `false` when it was already.
///
/// # Errors
/// As the database's.
pub fn confirm(c: &mut Conn, account: AccountId, at: Moment) -> Result<bool> {
    Ok(each!(c, |db| diesel::update(
        logins::table.filter(logins::account_id.eq(account).and(logins::confirmed_at.is_null())),
    )
    .set(logins::confirmed_at.eq(at))
    .execute(db))?
        == 1)
}

/// A moderator lets them in; `false` when they were already.
///
/// # Errors
/// As the database's.
pub fn approve(c: &mut Conn, account: AccountId, at: Moment) -> Result<bool> {
    Ok(each!(c, |db| diesel::update(
        logins::table.filter(logins::account_id.eq(account).and(logins::approved_at.is_null())),
    )
    .set(logins::approved_at.eq(at))
    .execute(db))?
        == 1)
}

/// Switches a login off (or, with `None`, on again).
///
/// # Errors
/// As the database's.
pub fn set_disabled(c: &mut Conn, account: AccountId, at: Option<Moment>) -> Result<()> {
    each!(c, |db| diesel::update(logins::table.find(account)).set(logins::disabled_at.eq(at)).execute(db))?;
    Ok(())
}

/// The accounts of those who look after the town, at most 200.
///
/// # Errors
/// As the database's.
pub fn staff(c: &mut Conn) -> Result<Vec<(AccountId, String)>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::role.eq_any([Role::Moderator.as_str(), Role::Admin.as_str()]))
        .filter(logins::confirmed_at.is_not_null().and(logins::disabled_at.is_null()))
        .order(logins::account_id.asc())
        .limit(200)
        .select((logins::account_id, logins::role))
        .load(db))?)
}

/// The logins of these accounts, in no order.
///
/// # Errors
/// As the database's.
pub fn of_accounts(c: &mut Conn, accounts: &[AccountId]) -> Result<Vec<Login>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::account_id.among(accounts))
        .select(Login::as_select())
        .load(db))?)
}

/// A new password.
///
/// # Errors
/// As the database's.
pub fn set_password(c: &mut Conn, account: AccountId, hash: &str) -> Result<()> {
    each!(c, |db| diesel::update(logins::table.find(account))
        .set(logins::password_hash.eq(hash))
        .execute(db))?;
    Ok(())
}

/// Another role.
///
/// # Errors
/// As the database's.
pub fn set_role(c: &mut Conn, account: AccountId, role: &str) -> Result<()> {
    each!(c, |db| diesel::update(logins::table.find(account)).set(logins::role.eq(role)).execute(db))?;
    Ok(())
}

/// The language of letters and pages.
///
/// # Errors
/// As the database's.
pub fn set_locale(c: &mut Conn, account: AccountId, locale: &str) -> Result<()> {
    each!(c, |db| diesel::update(logins::table.find(account)).set(logins::locale.eq(locale)).execute(db))?;
    Ok(())
}

/// What new posts begin with.
///
/// # Errors
/// As the database's.
pub fn set_defaults(
    c: &mut Conn,
    account: AccountId,
    visibility: i16,
    sensitive: bool,
    language: Option<&str>,
    quote_policy: i16,
) -> Result<()> {
    each!(c, |db| diesel::update(logins::table.find(account))
        .set((
            logins::default_visibility.eq(visibility),
            logins::default_sensitive.eq(sensitive),
            logins::default_language.eq(language.map(str::to_owned)),
            logins::default_quote_policy.eq(quote_policy),
        ))
        .execute(db))?;
    Ok(())
}

/// Notes that somebody is here, unless that was noted since `unless_since`; `true` when it was written.
///
/// # Errors
/// As the database's.
pub fn touch(c: &mut Conn, account: AccountId, at: Moment, unless_since: Moment) -> Result<bool> {
    Ok(each!(c, |db| diesel::update(
        logins::table.filter(logins::account_id.eq(account).and(logins::last_active_at.lt(unless_since))),
    )
    .set(logins::last_active_at.eq(at))
    .execute(db))?
        == 1)
}

/// How many logins were active since `since`, for NodeInfo and the instance.
///
/// # Errors
/// As the database's.
pub fn count_active(c: &mut Conn, since: Moment) -> Result<i64> {
    Ok(each!(c, |db| logins::table
        .filter(logins::last_active_at.ge(since).and(logins::confirmed_at.is_not_null()))
        .count()
        .get_result(db))?)
}

/// Removes a login: its owner is gone.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, account: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(logins::table.find(account)).execute(db))?;
    Ok(())
}
