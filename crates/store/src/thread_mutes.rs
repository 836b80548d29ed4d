//! Conversations that somebody muted. Use cases: `domain::statuses::mute`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId, ThreadId};

use crate::conn::db::each;
use crate::schema::{statuses, thread_mutes};
use crate::{Conn, Result};

/// Mutes a conversation; twice is once.
///
/// # Errors
/// As the database's.
pub fn mute(c: &mut Conn, account: AccountId, thread: ThreadId) -> Result<()> {
    each!(c, |db| diesel::insert_into(thread_mutes::table)
        .values((thread_mutes::account_id.eq(account), thread_mutes::thread_id.eq(thread)))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Ends it.
///
/// # Errors
/// As the database's.
pub fn unmute(c: &mut Conn, account: AccountId, thread: ThreadId) -> Result<()> {
    each!(c, |db| diesel::delete(thread_mutes::table.find((account, thread))).execute(db))?;
    Ok(())
}

/// Whether somebody muted the conversation of a post.
///
/// # Errors
/// As the database's.
pub fn is_muted(c: &mut Conn, account: AccountId, status: StatusId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        thread_mutes::table
            .inner_join(statuses::table.on(statuses::thread_id.eq(thread_mutes::thread_id)))
            .filter(thread_mutes::account_id.eq(account).and(statuses::id.eq(status))),
    ))
    .get_result(db))?)
}

/// Who muted a conversation mutes the one that it is joined into.
///
/// # Errors
/// As the database's.
pub fn copy(c: &mut Conn, from: ThreadId, into: ThreadId) -> Result<()> {
    // Numbers only, so their text is safe in the query.
    diesel::sql_query(format!(
        "INSERT INTO thread_mutes (account_id, thread_id) SELECT account_id, {into} FROM thread_mutes WHERE thread_id = {from} \
         ON CONFLICT DO NOTHING"
    ))
    .execute(c.db())?;
    Ok(())
}

/// Forgets who muted a conversation that is no more.
///
/// # Errors
/// As the database's.
pub fn forget(c: &mut Conn, thread: ThreadId) -> Result<()> {
    each!(c, |db| diesel::delete(thread_mutes::table.filter(thread_mutes::thread_id.eq(thread)))
        .execute(db))?;
    Ok(())
}
