//! Exchanges of direct posts, as each local person in them has them. Use cases: `domain::conversations`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, ConversationId, StatusId, ThreadId};

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{conversation_statuses, conversations, statuses};
use crate::timelines::{Entry, Range, keyset};
use crate::{Conn, Result};

/// A row of `conversations`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = conversations)]
pub struct Conversation {
    pub id: ConversationId,
    /// Whose copy it is.
    pub account_id: AccountId,
    pub thread_id: ThreadId,
    /// The others, as ids in rising order with commas between; '' is nobody but oneself.
    pub participants: String,
    /// Orders the list; the post may be gone.
    pub last_status_id: StatusId,
    pub is_unread: bool,
}

/// A new row.
///
/// # Errors
/// `Conflict` when the owner has this thread with these people already.
pub fn insert(c: &mut Conn, row: &Conversation) -> Result<()> {
    each!(c, |db| diesel::insert_into(conversations::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, row: &Conversation) -> Result<()> {
    each!(c, |db| diesel::update(conversations::table.find(row.id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// Removes a row, and which posts belong to it.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: ConversationId) -> Result<()> {
    each!(c, |db| diesel::delete(conversations::table.find(id)).execute(db))?;
    Ok(())
}

/// One by id.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: ConversationId) -> Result<Option<Conversation>> {
    Ok(each!(c, |db| conversations::table.find(id).select(Conversation::as_select()).first(db)).optional()?)
}

/// An owner's conversation in a thread with these people.
///
/// # Errors
/// As the database's.
pub fn with_people(
    c: &mut Conn,
    owner: AccountId,
    thread: ThreadId,
    participants: &str,
) -> Result<Option<Conversation>> {
    Ok(each!(c, |db| conversations::table
        .filter(conversations::account_id.eq(owner).and(conversations::thread_id.eq(thread)))
        .filter(conversations::participants.eq(participants))
        .select(Conversation::as_select())
        .first(db))
    .optional()?)
}

/// An owner's conversations, by their last posts.
///
/// # Errors
/// As the database's.
pub fn page(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<Conversation>> {
    let mut query = conversations::table
        .filter(conversations::account_id.eq(owner))
        .select(Conversation::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, conversations::last_status_id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// Adds a post to an owner's conversation; one that is in there stays.
///
/// # Errors
/// As the database's.
pub fn add_status(c: &mut Conn, owner: AccountId, status: StatusId, to: ConversationId) -> Result<()> {
    each!(c, |db| diesel::insert_into(conversation_statuses::table)
        .values((
            conversation_statuses::account_id.eq(owner),
            conversation_statuses::status_id.eq(status),
            conversation_statuses::conversation_id.eq(to),
        ))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Takes a post out of an owner's conversation.
///
/// # Errors
/// As the database's.
pub fn remove_status(c: &mut Conn, owner: AccountId, status: StatusId) -> Result<()> {
    each!(c, |db| diesel::delete(conversation_statuses::table.find((owner, status))).execute(db))?;
    Ok(())
}

/// The conversations in which one of these posts stands, each once.
///
/// # Errors
/// As the database's.
pub fn with_statuses(c: &mut Conn, some: &[StatusId]) -> Result<Vec<Conversation>> {
    Ok(each!(c, |db| conversation_statuses::table
        .inner_join(conversations::table)
        .filter(conversation_statuses::status_id.among(some))
        .select(Conversation::as_select())
        .distinct()
        .load(db))?)
}

/// The last post of a conversation besides those that are going.
///
/// # Errors
/// As the database's.
pub fn last_besides(c: &mut Conn, id: ConversationId, going: &[StatusId]) -> Result<Option<StatusId>> {
    Ok(each!(c, |db| conversation_statuses::table
        .filter(conversation_statuses::conversation_id.eq(id))
        .filter(diesel::dsl::not(conversation_statuses::status_id.among(going)))
        .order(conversation_statuses::status_id.desc())
        .select(conversation_statuses::status_id)
        .first(db))
    .optional()?)
}

/// The direct posts that somebody wrote or got.
///
/// # Errors
/// As the database's.
pub fn direct(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<Entry>> {
    let mut query = conversation_statuses::table
        .inner_join(statuses::table)
        .filter(conversation_statuses::account_id.eq(owner))
        .select((statuses::id, statuses::account_id))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, conversation_statuses::status_id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}
