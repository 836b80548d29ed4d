//! Blocks, mutes and private notes between accounts. Use cases: `domain::blocks`.

use std::collections::HashSet;

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::{BothExt, each};
use crate::schema::{account_notes, blocks, mutes};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `blocks`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = blocks)]
pub struct Block {
    pub account_id: AccountId,
    pub target_id: AccountId,
    pub id: i64,
    /// The Block activity's id.
    pub uri: String,
}

/// Adds a block; `false` when it was there.
///
/// # Errors
/// As the database's.
pub fn block(c: &mut Conn, row: &Block) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(blocks::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// An account's block by the Block activity's id. An account blocks few, so the pair's index is enough.
///
/// # Errors
/// As the database's.
pub fn by_uri(c: &mut Conn, account: AccountId, uri: &str) -> Result<Option<Block>> {
    Ok(each!(c, |db| blocks::table
        .filter(blocks::account_id.eq(account).and(blocks::uri.eq(uri)))
        .select(Block::as_select())
        .first(db))
    .optional()?)
}

/// Removes a block and returns it.
///
/// # Errors
/// As the database's.
pub fn unblock(c: &mut Conn, account: AccountId, target: AccountId) -> Result<Option<Block>> {
    let found: Option<Block> =
        each!(c, |db| blocks::table.find((account, target)).select(Block::as_select()).first(db))
            .optional()?;
    if found.is_some() {
        each!(c, |db| diesel::delete(blocks::table.find((account, target))).execute(db))?;
    }
    Ok(found)
}

/// Blocks between a viewer and many others, both ways.
///
/// # Errors
/// As the database's.
pub fn with(c: &mut Conn, viewer: AccountId, others: &[AccountId]) -> Result<Vec<Block>> {
    Ok(each!(c, |db| blocks::table
        .filter(
            blocks::account_id
                .eq(viewer)
                .and(blocks::target_id.among(others))
                .or(blocks::target_id.eq(viewer).and(blocks::account_id.among(others))),
        )
        .select(Block::as_select())
        .load(db))?)
}

/// Who of `blockers` blocks whom of `others`: (blocker, blocked).
///
/// # Errors
/// As the database's.
pub fn blocked_among(
    c: &mut Conn,
    blockers: &[AccountId],
    others: &[AccountId],
) -> Result<HashSet<(AccountId, AccountId)>> {
    Ok(blocks::table
        .filter(blocks::account_id.among(blockers).and(blocks::target_id.among(others)))
        .select((blocks::account_id, blocks::target_id))
        .load::<(AccountId, AccountId)>(c.db())?
        .into_iter()
        .collect())
}

/// Whether one of the two blocks the other.
///
/// # Errors
/// As the database's.
pub fn is_between(c: &mut Conn, a: AccountId, b: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        blocks::table.filter(
            blocks::account_id
                .eq(a)
                .and(blocks::target_id.eq(b))
                .or(blocks::account_id.eq(b).and(blocks::target_id.eq(a))),
        ),
    ))
    .get_result(db))?)
}

/// Whom an account blocks: (block id, target).
///
/// # Errors
/// As the database's.
pub fn blocked_by(c: &mut Conn, account: AccountId, range: Range) -> Result<Vec<(i64, AccountId)>> {
    let mut query = blocks::table
        .filter(blocks::account_id.eq(account))
        .select((blocks::id, blocks::target_id))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, blocks::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// A row of `mutes`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mutes, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Mute {
    pub account_id: AccountId,
    pub target_id: AccountId,
    pub id: i64,
    pub hides_notifications: bool,
    pub expires_at: Option<Moment>,
}

/// Adds a mute, or changes the one that is there.
///
/// # Errors
/// As the database's.
pub fn mute(c: &mut Conn, row: &Mute) -> Result<()> {
    each!(c, |db| diesel::insert_into(mutes::table)
        .values(row.clone())
        .on_conflict((mutes::account_id, mutes::target_id))
        .do_update()
        .set((mutes::hides_notifications.eq(row.hides_notifications), mutes::expires_at.eq(row.expires_at)))
        .execute(db))?;
    Ok(())
}

/// Removes a mute; `false` when there was none.
///
/// # Errors
/// As the database's.
pub fn unmute(c: &mut Conn, account: AccountId, target: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(mutes::table.find((account, target))).execute(db))? == 1)
}

/// A viewer's mutes in force of many others.
///
/// # Errors
/// As the database's.
pub fn mutes_of(c: &mut Conn, viewer: AccountId, others: &[AccountId], now: Moment) -> Result<Vec<Mute>> {
    Ok(each!(c, |db| mutes::table
        .filter(mutes::account_id.eq(viewer).and(mutes::target_id.among(others)))
        .filter(mutes::expires_at.is_null().or(mutes::expires_at.gt(now).assume_not_null()))
        .select(Mute::as_select())
        .load(db))?)
}

/// Whom an account mutes, the last muted first.
///
/// # Errors
/// As the database's.
pub fn muted_by(c: &mut Conn, account: AccountId, now: Moment, range: Range) -> Result<Vec<Mute>> {
    let mut query = mutes::table
        .filter(mutes::account_id.eq(account))
        .filter(mutes::expires_at.is_null().or(mutes::expires_at.gt(now).assume_not_null()))
        .select(Mute::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, mutes::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Writes (or with '' removes) a viewer's private note on somebody.
///
/// # Errors
/// As the database's.
pub fn set_note(c: &mut Conn, account: AccountId, target: AccountId, note: &str) -> Result<()> {
    if note.is_empty() {
        each!(c, |db| diesel::delete(account_notes::table.find((account, target))).execute(db))?;
        return Ok(());
    }
    diesel::insert_into(account_notes::table)
        .values((
            account_notes::account_id.eq(account),
            account_notes::target_id.eq(target),
            account_notes::note.eq(note),
        ))
        .on_conflict((account_notes::account_id, account_notes::target_id))
        .do_update()
        .set(account_notes::note.eq(note))
        .both()
        .execute(c.db())?;
    Ok(())
}

/// A viewer's notes on many others.
///
/// # Errors
/// As the database's.
pub fn notes_on(c: &mut Conn, viewer: AccountId, others: &[AccountId]) -> Result<Vec<(AccountId, String)>> {
    Ok(each!(c, |db| account_notes::table
        .filter(account_notes::account_id.eq(viewer).and(account_notes::target_id.among(others)))
        .select((account_notes::target_id, account_notes::note))
        .load(db))?)
}
