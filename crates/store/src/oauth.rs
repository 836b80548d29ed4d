//! Client programs, authorisation codes and bearer tokens. Secrets are stored as SHA-256 only. Use cases: `domain::oauth`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, AppId, TokenId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{accounts, logins, oauth_apps, oauth_codes, oauth_tokens};
use crate::{Conn, Result};

/// A row of `oauth_apps`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = oauth_apps, treat_none_as_default_value = false)]
pub struct App {
    pub id: AppId,
    pub client_id: String,
    pub secret_hash: String,
    pub name: String,
    pub website: Option<String>,
    /// One per line.
    pub redirect_uris: String,
    /// Separated by blanks.
    pub scopes: String,
    pub created_at: Moment,
}

/// A row of `oauth_codes`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = oauth_codes, treat_none_as_default_value = false)]
pub struct Code {
    pub code_hash: String,
    pub app_id: AppId,
    pub account_id: AccountId,
    pub redirect_uri: String,
    pub scopes: String,
    /// PKCE, S256.
    pub challenge: Option<String>,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
    /// What it was exchanged for.
    pub token_id: Option<TokenId>,
}

/// A row of `oauth_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = oauth_tokens, treat_none_as_default_value = false)]
pub struct Token {
    pub id: TokenId,
    pub token_hash: String,
    pub app_id: AppId,
    /// Nobody's: the program speaks for itself.
    pub account_id: Option<AccountId>,
    pub scopes: String,
    pub created_at: Moment,
    pub revoked_at: Option<Moment>,
}

/// A token that is in force, with all that a request must know of it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct TokenInForce {
    pub id: TokenId,
    pub app_id: AppId,
    pub account_id: Option<AccountId>,
    pub scopes: String,
    pub created_at: Moment,
    /// Of the login, when there is one.
    pub role: Option<String>,
    pub confirmed_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub last_active_at: Option<Moment>,
    pub suspended_at: Option<Moment>,
    pub gone_at: Option<Moment>,
    pub disabled_at: Option<Moment>,
}

/// A new program.
///
/// # Errors
/// As the database's.
pub fn insert_app(c: &mut Conn, app: &App) -> Result<()> {
    each!(c, |db| diesel::insert_into(oauth_apps::table).values(app.clone()).execute(db))?;
    Ok(())
}

/// Name and website of programs: (id, name, website).
///
/// # Errors
/// As the database's.
pub fn names_of_apps(c: &mut Conn, ids: &[AppId]) -> Result<Vec<(AppId, String, Option<String>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| oauth_apps::table
        .filter(oauth_apps::id.among(ids))
        .select((oauth_apps::id, oauth_apps::name, oauth_apps::website))
        .load(db))?)
}

/// A program by the name it gives itself with.
///
/// # Errors
/// As the database's.
pub fn app_by_client_id(c: &mut Conn, client_id: &str) -> Result<Option<App>> {
    Ok(each!(c, |db| oauth_apps::table
        .filter(oauth_apps::client_id.eq(client_id))
        .select(App::as_select())
        .first(db))
    .optional()?)
}

/// A program.
///
/// # Errors
/// As the database's.
pub fn app_by_id(c: &mut Conn, id: AppId) -> Result<Option<App>> {
    Ok(each!(c, |db| oauth_apps::table.find(id).select(App::as_select()).first(db)).optional()?)
}

/// Many programs, in no order.
///
/// # Errors
/// As the database's.
pub fn apps_by_ids(c: &mut Conn, ids: &[AppId]) -> Result<Vec<App>> {
    Ok(each!(c, |db| oauth_apps::table.filter(oauth_apps::id.among(ids)).select(App::as_select()).load(db))?)
}

/// A new code.
///
/// # Errors
/// As the database's.
pub fn insert_code(c: &mut Conn, code: &Code) -> Result<()> {
    each!(c, |db| diesel::insert_into(oauth_codes::table).values(code.clone()).execute(db))?;
    Ok(())
}

/// A code, used or not.
///
/// # Errors
/// As the database's.
pub fn code_by_hash(c: &mut Conn, code_hash: &str) -> Result<Option<Code>> {
    Ok(each!(c, |db| oauth_codes::table.find(code_hash.to_owned()).select(Code::as_select()).first(db))
        .optional()?)
}

/// Uses a code up; `true` for the one caller who comes first.
///
/// # Errors
/// As the database's.
pub fn use_code(c: &mut Conn, code_hash: &str, now: Moment) -> Result<bool> {
    Ok(each!(c, |db| diesel::update(
        oauth_codes::table.filter(oauth_codes::code_hash.eq(code_hash).and(oauth_codes::used_at.is_null())),
    )
    .set(oauth_codes::used_at.eq(now))
    .execute(db))?
        == 1)
}

/// Notes which token a code was exchanged for.
///
/// # Errors
/// As the database's.
pub fn set_code_token(c: &mut Conn, code_hash: &str, token: TokenId) -> Result<()> {
    each!(c, |db| diesel::update(oauth_codes::table.find(code_hash.to_owned()))
        .set(oauth_codes::token_id.eq(token))
        .execute(db))?;
    Ok(())
}

/// Makes all codes of an account useless.
///
/// # Errors
/// As the database's.
pub fn use_codes_of_account(c: &mut Conn, account: AccountId, now: Moment) -> Result<()> {
    each!(c, |db| diesel::update(
        oauth_codes::table.filter(oauth_codes::account_id.eq(account).and(oauth_codes::used_at.is_null())),
    )
    .set(oauth_codes::used_at.eq(now))
    .execute(db))?;
    Ok(())
}

/// Forgets codes that expired before `before`; how many.
///
/// # Errors
/// As the database's.
pub fn delete_old_codes(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(oauth_codes::table.filter(oauth_codes::expires_at.lt(before)))
        .execute(db))?)
}

/// A new token.
///
/// # Errors
/// As the database's.
pub fn insert_token(c: &mut Conn, token: &Token) -> Result<()> {
    each!(c, |db| diesel::insert_into(oauth_tokens::table).values(token.clone()).execute(db))?;
    Ok(())
}

/// A token that was not revoked, with the state of its login, in one statement.
///
/// # Errors
/// As the database's.
pub fn token_in_force(c: &mut Conn, token_hash: &str) -> Result<Option<TokenInForce>> {
    let query = oauth_tokens::table
        .left_join(logins::table.on(logins::account_id.nullable().eq(oauth_tokens::account_id)))
        .left_join(accounts::table.on(accounts::id.nullable().eq(oauth_tokens::account_id)))
        .filter(oauth_tokens::token_hash.eq(token_hash).and(oauth_tokens::revoked_at.is_null()))
        .select((
            oauth_tokens::id,
            oauth_tokens::app_id,
            oauth_tokens::account_id,
            oauth_tokens::scopes,
            oauth_tokens::created_at,
            logins::role.nullable(),
            logins::confirmed_at.nullable(),
            logins::approved_at.nullable(),
            logins::last_active_at.nullable(),
            accounts::suspended_at.nullable(),
            accounts::gone_at.nullable(),
            logins::disabled_at.nullable(),
        ));
    Ok(each!(c, |db| query.first(db)).optional()?)
}

/// A token by its hash, revoked or not.
///
/// # Errors
/// As the database's.
pub fn token_by_hash(c: &mut Conn, token_hash: &str) -> Result<Option<Token>> {
    Ok(each!(c, |db| oauth_tokens::table
        .filter(oauth_tokens::token_hash.eq(token_hash))
        .select(Token::as_select())
        .first(db))
    .optional()?)
}

/// Whether a token is still in force, for streams that stay open.
///
/// # Errors
/// As the database's.
pub fn is_in_force(c: &mut Conn, id: TokenId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        oauth_tokens::table.filter(oauth_tokens::id.eq(id).and(oauth_tokens::revoked_at.is_null())),
    ))
    .get_result(db))?)
}

/// Revokes one token; whose it was, if it was in force.
///
/// # Errors
/// As the database's.
pub fn revoke(c: &mut Conn, id: TokenId, now: Moment) -> Result<Option<Option<AccountId>>> {
    Ok(each!(c, |db| diesel::update(
        oauth_tokens::table.filter(oauth_tokens::id.eq(id).and(oauth_tokens::revoked_at.is_null())),
    )
    .set(oauth_tokens::revoked_at.eq(now))
    .returning(oauth_tokens::account_id)
    .get_result(db))
    .optional()?)
}

/// Revokes all tokens of an account; how many.
///
/// # Errors
/// As the database's.
pub fn revoke_of_account(c: &mut Conn, account: AccountId, now: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(
        oauth_tokens::table
            .filter(oauth_tokens::account_id.eq(account).and(oauth_tokens::revoked_at.is_null())),
    )
    .set(oauth_tokens::revoked_at.eq(now))
    .execute(db))?)
}
