//! Former addresses that people name as theirs, accounts that moved, and who here has to do with them. Use cases: `domain::moves`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::accounts::Account;
use crate::blocks::Mute;
use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::follows::Follow;
use crate::schema::{account_aliases, account_moves, account_notes, accounts, blocks, follows, mutes};
use crate::{Conn, Result};

/// Names a former address; `false` when it is named already.
///
/// # Errors
/// As the database's.
pub fn add_alias(c: &mut Conn, account: AccountId, uri: &str) -> Result<bool> {
    let now = c.now();
    Ok(each!(c, |db| diesel::insert_into(account_aliases::table)
        .values((
            account_aliases::account_id.eq(account),
            account_aliases::uri.eq(uri),
            account_aliases::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Names it no longer; `false` when it was not named.
///
/// # Errors
/// As the database's.
pub fn remove_alias(c: &mut Conn, account: AccountId, uri: &str) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(account_aliases::table.find((account, uri))).execute(db))? == 1)
}

/// The former addresses that an account names, in the order in which it named them.
///
/// # Errors
/// As the database's.
pub fn aliases(c: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    Ok(each!(c, |db| account_aliases::table
        .filter(account_aliases::account_id.eq(account))
        .order((account_aliases::created_at.asc(), account_aliases::uri.asc()))
        .limit(100)
        .select(account_aliases::uri)
        .load(db))?)
}

/// A row of `account_moves`: the last move of an account.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = account_moves)]
pub struct Move {
    pub account_id: AccountId,
    pub target_id: AccountId,
    pub moved_at: Moment,
    /// Whether the account still points to the new one.
    pub is_shown: bool,
}

/// Writes the last move of an account.
///
/// # Errors
/// As the database's.
pub fn record(c: &mut Conn, row: &Move) -> Result<()> {
    each!(c, |db| diesel::insert_into(account_moves::table)
        .values(row.clone())
        .on_conflict(account_moves::account_id)
        .do_update()
        .set(row.clone())
        .execute(db))?;
    Ok(())
}

/// The last move of an account.
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId) -> Result<Option<Move>> {
    Ok(each!(c, |db| account_moves::table.find(account).select(Move::as_select()).first(db)).optional()?)
}

/// Shows where an account lives now, or no longer.
///
/// # Errors
/// As the database's.
pub fn show(c: &mut Conn, account: AccountId, is_shown: bool) -> Result<()> {
    each!(c, |db| diesel::update(account_moves::table.find(account))
        .set(account_moves::is_shown.eq(is_shown))
        .execute(db))?;
    Ok(())
}

/// Where these accounts live now, as far as that shows and the new account is there.
///
/// # Errors
/// As the database's.
pub fn targets_of(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<(AccountId, Account)>> {
    Ok(each!(c, |db| account_moves::table
        .inner_join(accounts::table.on(accounts::id.eq(account_moves::target_id)))
        .filter(account_moves::account_id.among(ids).and(account_moves::is_shown.eq(true)))
        .filter(accounts::suspended_at.is_null().and(accounts::gone_at.is_null()))
        .select((account_moves::account_id, Account::as_select()))
        .load(db))?)
}

/// Follows and requests of people here that concern an account, above follower `after`, in order.
///
/// # Errors
/// As the database's.
pub fn followers_here(c: &mut Conn, of: AccountId, after: AccountId, limit: i64) -> Result<Vec<Follow>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(of).and(follows::follower_id.gt(after)))
        .filter(accounts::host.eq(""))
        .order(follows::follower_id.asc())
        .limit(limit)
        .select(Follow::as_select())
        .load(db))?)
}

/// Who here blocks an account, above `after`, in order.
///
/// # Errors
/// As the database's.
pub fn blockers_here(c: &mut Conn, of: AccountId, after: AccountId, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| blocks::table
        .inner_join(accounts::table.on(accounts::id.eq(blocks::account_id)))
        .filter(blocks::target_id.eq(of).and(blocks::account_id.gt(after)))
        .filter(accounts::host.eq(""))
        .order(blocks::account_id.asc())
        .limit(limit)
        .select(blocks::account_id)
        .load(db))?)
}

/// Mutes of an account, above `after`, in the order of who mutes.
///
/// # Errors
/// As the database's.
pub fn mutes_of(c: &mut Conn, of: AccountId, after: AccountId, limit: i64) -> Result<Vec<Mute>> {
    Ok(each!(c, |db| mutes::table
        .filter(mutes::target_id.eq(of).and(mutes::account_id.gt(after)))
        .order(mutes::account_id.asc())
        .limit(limit)
        .select(Mute::as_select())
        .load(db))?)
}

/// Private notes on an account, above `after`, in the order of who wrote them.
///
/// # Errors
/// As the database's.
pub fn notes_on(
    c: &mut Conn,
    of: AccountId,
    after: AccountId,
    limit: i64,
) -> Result<Vec<(AccountId, String)>> {
    Ok(each!(c, |db| account_notes::table
        .filter(account_notes::target_id.eq(of).and(account_notes::account_id.gt(after)))
        .order(account_notes::account_id.asc())
        .limit(limit)
        .select((account_notes::account_id, account_notes::note))
        .load(db))?)
}
