//! Favourites, bookmarks, pins, and the counts of a page of posts. Counts are counted from unique rows, so they cannot drift
//! (threats R10, docs/adr/0011). Use cases: `domain::reactions`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::{bookmarks, favourites, pins, statuses};
use crate::{Conn, Result};

/// A row of `favourites`. `id` orders the owner's list.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = favourites, treat_none_as_default_value = false)]
pub struct Favourite {
    pub account_id: AccountId,
    pub status_id: StatusId,
    pub id: i64,
    /// The Like's own id.
    pub uri: Option<String>,
    pub created_at: Moment,
    /// The emoji that it came with: itself, or `:shortcode:`.
    pub emoji: Option<String>,
}

/// Adds a favourite; `false` when it was there.
///
/// # Errors
/// As the database's.
pub fn favourite(c: &mut Conn, row: &Favourite) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(favourites::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Removes a favourite and returns it.
///
/// # Errors
/// As the database's.
pub fn unfavourite(c: &mut Conn, account: AccountId, status: StatusId) -> Result<Option<Favourite>> {
    let found: Option<Favourite> =
        each!(c, |db| favourites::table.find((status, account)).select(Favourite::as_select()).first(db))
            .optional()?;
    if found.is_some() {
        each!(c, |db| diesel::delete(favourites::table.find((status, account))).execute(db))?;
    }
    Ok(found)
}

/// An account's favourite of a post.
///
/// # Errors
/// As the database's.
pub fn favourite_of(c: &mut Conn, account: AccountId, status: StatusId) -> Result<Option<Favourite>> {
    Ok(each!(c, |db| favourites::table.find((status, account)).select(Favourite::as_select()).first(db))
        .optional()?)
}

/// A favourite by the id of its Like.
///
/// # Errors
/// As the database's.
pub fn favourite_by_uri(c: &mut Conn, uri: &str) -> Result<Option<Favourite>> {
    Ok(each!(c, |db| favourites::table
        .filter(favourites::uri.eq(uri))
        .select(Favourite::as_select())
        .first(db))
    .optional()?)
}

/// How often a post was favourited with one emoji from one server.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct EmojiRow {
    #[diesel(sql_type = Text)]
    pub emoji: String,
    #[diesel(sql_type = Text)]
    pub host: String,
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// The emojis with which a post was favourited, by server, the most frequent first.
///
/// # Errors
/// As the database's.
pub fn emojis_of(c: &mut Conn, status: StatusId, limit: i64) -> Result<Vec<EmojiRow>> {
    Ok(diesel::sql_query(
        "SELECT f.emoji, a.host, COUNT(*) AS count FROM favourites f JOIN accounts a ON a.id = f.account_id \
         WHERE f.status_id = $1 AND f.emoji IS NOT NULL GROUP BY f.emoji, a.host ORDER BY 3 DESC, 1 LIMIT $2",
    )
    .bind::<BigInt, _>(status)
    .bind::<BigInt, _>(limit)
    .load(c.db())?)
}

/// Adds a bookmark; `false` when it was there.
///
/// # Errors
/// As the database's.
pub fn bookmark(c: &mut Conn, account: AccountId, status: StatusId, id: i64) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(bookmarks::table)
        .values((bookmarks::account_id.eq(account), bookmarks::status_id.eq(status), bookmarks::id.eq(id)))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Removes a bookmark.
///
/// # Errors
/// As the database's.
pub fn is_bookmarked(c: &mut Conn, account: AccountId, status: StatusId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(bookmarks::table.find((account, status))))
        .get_result(db))?)
}

/// Takes a bookmark off.
///
/// # Errors
/// As the database's.
pub fn unbookmark(c: &mut Conn, account: AccountId, status: StatusId) -> Result<()> {
    each!(c, |db| diesel::delete(bookmarks::table.find((account, status))).execute(db))?;
    Ok(())
}

/// Pins a post; `false` when it was pinned.
///
/// # Errors
/// As the database's.
pub fn pin(c: &mut Conn, account: AccountId, status: StatusId, at: Moment) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(pins::table)
        .values((pins::account_id.eq(account), pins::status_id.eq(status), pins::created_at.eq(at)))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Takes a pin off; `false` when there was none.
///
/// # Errors
/// As the database's.
pub fn unpin(c: &mut Conn, account: AccountId, status: StatusId) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(pins::table.find((account, status))).execute(db))? == 1)
}

/// An account's pinned posts, the last pinned first.
///
/// # Errors
/// As the database's.
pub fn pinned(c: &mut Conn, account: AccountId) -> Result<Vec<StatusId>> {
    Ok(each!(c, |db| pins::table
        .filter(pins::account_id.eq(account))
        .order((pins::created_at.desc(), pins::status_id.desc()))
        .limit(40)
        .select(pins::status_id)
        .load(db))?)
}

/// How often a post was answered, boosted, favourited and quoted; read in [`crate::heads::of_statuses`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub replies: i64,
    pub reblogs: i64,
    pub favourites: i64,
    /// With the author's consent.
    pub quotes: i64,
}

/// What a viewer did with a post; read in [`crate::pages::readers`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    pub favourited: bool,
    pub reblogged: bool,
    pub bookmarked: bool,
    pub pinned: bool,
    /// Wants to hear nothing more of its conversation.
    pub muted: bool,
}

/// A page of an owner's list of posts or accounts: (list id, thing), newest first.
pub type ListPage<T> = Vec<(i64, T)>;

/// The posts an account favourited.
///
/// # Errors
/// As the database's.
pub fn favourited_by(
    c: &mut Conn,
    account: AccountId,
    range: crate::timelines::Range,
) -> Result<ListPage<StatusId>> {
    let mut query = favourites::table
        .filter(favourites::account_id.eq(account))
        .select((favourites::id, favourites::status_id))
        .limit(range.limit)
        .into_boxed();
    crate::timelines::keyset!(query, favourites::id, range);
    let rows: ListPage<StatusId> = query.load(c.db())?;
    Ok(range.in_order(rows))
}

/// The posts an account bookmarked.
///
/// # Errors
/// As the database's.
pub fn bookmarked_by(
    c: &mut Conn,
    account: AccountId,
    range: crate::timelines::Range,
) -> Result<ListPage<StatusId>> {
    let mut query = bookmarks::table
        .filter(bookmarks::account_id.eq(account))
        .select((bookmarks::id, bookmarks::status_id))
        .limit(range.limit)
        .into_boxed();
    crate::timelines::keyset!(query, bookmarks::id, range);
    let rows: ListPage<StatusId> = query.load(c.db())?;
    Ok(range.in_order(rows))
}

/// Who favourited a post.
///
/// # Errors
/// As the database's.
pub fn who_favourited(
    c: &mut Conn,
    status: StatusId,
    range: crate::timelines::Range,
) -> Result<ListPage<AccountId>> {
    let mut query = favourites::table
        .filter(favourites::status_id.eq(status))
        .select((favourites::id, favourites::account_id))
        .limit(range.limit)
        .into_boxed();
    crate::timelines::keyset!(query, favourites::id, range);
    let rows: ListPage<AccountId> = query.load(c.db())?;
    Ok(range.in_order(rows))
}

/// Who boosted a post: (boost id, account).
///
/// # Errors
/// As the database's.
pub fn who_boosted(
    c: &mut Conn,
    status: StatusId,
    range: crate::timelines::Range,
) -> Result<ListPage<AccountId>> {
    let mut query = statuses::table
        .filter(statuses::boost_of_id.eq(status))
        .select((statuses::id, statuses::account_id))
        .limit(range.limit)
        .into_boxed();
    crate::timelines::keyset!(query, statuses::id, range, StatusId);
    let rows: Vec<(StatusId, AccountId)> = query.load(c.db())?;
    Ok(range.in_order(rows.into_iter().map(|(id, a)| (id.0, a)).collect()))
}
