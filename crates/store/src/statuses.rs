//! Posts and boosts. What hangs on them is in [`crate::status_parts`], pages of them in [`crate::timelines`]. Use cases: `domain::statuses`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, AppId, StatusId, ThreadId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{status_edits, statuses};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `statuses`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = statuses, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Status {
    pub id: StatusId,
    pub uri: String,
    pub url: String,
    pub account_id: AccountId,
    pub is_local: bool,
    /// What the author typed; local posts only.
    pub source: String,
    /// Sanitised.
    pub html: String,
    /// Content warning, plain text.
    pub warning: String,
    pub is_sensitive: bool,
    pub language: Option<String>,
    /// [`parvis_model::visibility::Visibility::code`].
    pub visibility: i16,
    pub in_reply_to_id: Option<StatusId>,
    /// The parent's ActivityPub id, kept also while the parent is unknown here.
    pub in_reply_to_uri: Option<String>,
    pub in_reply_to_account_id: Option<AccountId>,
    pub thread_id: ThreadId,
    pub boost_of_id: Option<StatusId>,
    pub app_id: Option<AppId>,
    pub created_at: Moment,
    pub edited_at: Option<Moment>,
    /// Rises with every change that shows.
    pub version: i64,
    /// The address of its conversation on another server, or of ours that somebody else began here (FEP-7888).
    pub context_uri: Option<String>,
}

/// A new row.
///
/// # Errors
/// `Conflict` when the id or URI is taken, or the account boosts the post already.
pub fn insert(c: &mut Conn, status: &Status) -> Result<()> {
    each!(c, |db| diesel::insert_into(statuses::table).values(status.clone()).execute(db))?;
    Ok(())
}

/// Whether an id is taken, for posts that arrive late.
///
/// # Errors
/// As the database's.
pub fn is_taken(c: &mut Conn, id: StatusId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(statuses::table.find(id))).get_result(db))?)
}

/// Writes all columns of an existing row.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, status: &Status) -> Result<()> {
    each!(c, |db| diesel::update(statuses::table.find(status.id)).set(status.clone()).execute(db))?;
    Ok(())
}

/// One post.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: StatusId) -> Result<Option<Status>> {
    Ok(each!(c, |db| statuses::table.find(id).select(Status::as_select()).first(db)).optional()?)
}

/// Many posts, in no order; unknown ids are left out.
///
/// # Errors
/// As the database's.
pub fn by_ids(c: &mut Conn, ids: &[StatusId]) -> Result<Vec<Status>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| statuses::table.filter(statuses::id.among(ids)).select(Status::as_select()).load(db))?)
}

/// Many by ActivityPub id, in no order.
///
/// # Errors
/// As the database's.
pub fn by_uris(c: &mut Conn, uris: &[String]) -> Result<Vec<Status>> {
    if uris.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| statuses::table
        .filter(statuses::uri.among_texts(uris))
        .select(Status::as_select())
        .load(db))?)
}

/// By ActivityPub id.
///
/// # Errors
/// As the database's.
pub fn by_uri(c: &mut Conn, uri: &str) -> Result<Option<Status>> {
    Ok(each!(c, |db| statuses::table.filter(statuses::uri.eq(uri)).select(Status::as_select()).first(db))
        .optional()?)
}

/// An account's boost of a post.
///
/// # Errors
/// As the database's.
pub fn boost_by(c: &mut Conn, account: AccountId, original: StatusId) -> Result<Option<Status>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::boost_of_id.eq(original).and(statuses::account_id.eq(account)))
        .select(Status::as_select())
        .first(db))
    .optional()?)
}

/// Boosts of a post, the first `limit`: they go when it goes.
///
/// # Errors
/// As the database's.
pub fn boosts_of(c: &mut Conn, original: StatusId, limit: i64) -> Result<Vec<Status>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::boost_of_id.eq(original))
        .order(statuses::id.asc())
        .limit(limit)
        .select(Status::as_select())
        .load(db))?)
}

/// People here who boosted a post, above `after`, in order.
///
/// # Errors
/// As the database's.
pub fn local_boosters(
    c: &mut Conn,
    original: StatusId,
    after: AccountId,
    limit: i64,
) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::boost_of_id.eq(original).and(statuses::account_id.gt(after)))
        .filter(statuses::is_local.eq(true))
        .order(statuses::account_id.asc())
        .limit(limit)
        .select(statuses::account_id)
        .load(db))?)
}

/// Removes a row; what hangs on it goes by the database's cascade.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: StatusId) -> Result<()> {
    each!(c, |db| diesel::delete(statuses::table.find(id)).execute(db))?;
    Ok(())
}

/// A thread, oldest first, at most `limit` posts; the caller builds the tree.
///
/// # Errors
/// As the database's.
pub fn of_thread(c: &mut Conn, thread: ThreadId, limit: i64) -> Result<Vec<Status>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::thread_id.eq(thread).and(statuses::boost_of_id.is_null()))
        .order(statuses::id.asc())
        .limit(limit)
        .select(Status::as_select())
        .load(db))?)
}

/// Answers to a post, whoever may see them.
///
/// # Errors
/// As the database's.
pub fn replies_to(c: &mut Conn, parent: StatusId, range: Range) -> Result<Vec<Status>> {
    let mut query = statuses::table
        .filter(statuses::in_reply_to_id.eq(parent))
        .select(Status::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, statuses::id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// A page of a conversation, whoever may see its posts. Boosts are none.
///
/// # Errors
/// As the database's.
pub fn in_thread(c: &mut Conn, thread: ThreadId, range: Range) -> Result<Vec<Status>> {
    let mut query = statuses::table
        .filter(statuses::thread_id.eq(thread).and(statuses::boost_of_id.is_null()))
        .select(Status::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, statuses::id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// Posts that wait for a parent with this ActivityPub id.
///
/// # Errors
/// As the database's.
pub fn orphans_of(c: &mut Conn, parent_uri: &str, limit: i64) -> Result<Vec<Status>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::in_reply_to_uri.eq(parent_uri).and(statuses::in_reply_to_id.is_null()))
        .order(statuses::id.asc())
        .limit(limit)
        .select(Status::as_select())
        .load(db))?)
}

/// Gives orphans their parent.
///
/// # Errors
/// As the database's.
pub fn adopt(c: &mut Conn, orphans: &[StatusId], parent: StatusId, author: AccountId) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(statuses::table.filter(statuses::id.among(orphans)))
        .set((statuses::in_reply_to_id.eq(parent), statuses::in_reply_to_account_id.eq(author)))
        .execute(db))?)
}

/// Joins one thread into another.
///
/// # Errors
/// As the database's.
pub fn join_threads(c: &mut Conn, from: ThreadId, into: ThreadId) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(statuses::table.filter(statuses::thread_id.eq(from)))
        .set(statuses::thread_id.eq(into))
        .execute(db))?)
}

/// Replies that lost their parent keep its address only.
///
/// # Errors
/// As the database's.
pub fn disown_replies(c: &mut Conn, parent: StatusId) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(statuses::table.filter(statuses::in_reply_to_id.eq(parent)))
        .set(statuses::in_reply_to_id.eq(None::<StatusId>))
        .execute(db))?)
}

/// Ids of an account's posts, newest first, for deleting an account in batches.
///
/// # Errors
/// As the database's.
pub fn ids_of_account(c: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<StatusId>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::account_id.eq(account))
        .order(statuses::id.desc())
        .select(statuses::id)
        .limit(limit)
        .load(db))?)
}

/// How many posts (not boosts) were written here.
///
/// # Errors
/// As the database's.
pub fn count_local(c: &mut Conn) -> Result<i64> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::is_local.eq(true).and(statuses::boost_of_id.is_null()))
        .count()
        .get_result(db))?)
}

/// An earlier version of a post.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = status_edits, treat_none_as_default_value = false)]
pub struct StatusEdit {
    pub id: i64,
    pub status_id: StatusId,
    pub html: String,
    pub warning: String,
    pub is_sensitive: bool,
    pub created_at: Moment,
    /// Of a poll: a JSON list of texts.
    pub poll_options: Option<String>,
}

/// Keeps an earlier version.
///
/// # Errors
/// As the database's.
pub fn insert_edit(c: &mut Conn, edit: &StatusEdit) -> Result<()> {
    each!(c, |db| diesel::insert_into(status_edits::table).values(edit.clone()).execute(db))?;
    Ok(())
}

/// Earlier versions, oldest first, at most 100.
///
/// # Errors
/// As the database's.
pub fn edits_of(c: &mut Conn, status: StatusId) -> Result<Vec<StatusEdit>> {
    Ok(each!(c, |db| status_edits::table
        .filter(status_edits::status_id.eq(status))
        .order(status_edits::id.asc())
        .limit(100)
        .select(StatusEdit::as_select())
        .load(db))?)
}
