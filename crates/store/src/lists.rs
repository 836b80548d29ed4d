//! Lists of accounts and their written timelines. Use cases: `domain::lists`.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use parvis_model::ids::{AccountId, ListId, StatusId};
use parvis_model::time::Moment;

use crate::aversions::hears_nothing_of;
use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{home_entries, list_accounts, list_entries, lists};
use crate::timelines::{Entry, Range, keyset};
use crate::{Conn, Result};

/// A row of `lists`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = lists)]
pub struct List {
    pub id: ListId,
    /// Whose list it is.
    pub account_id: AccountId,
    pub title: String,
    /// [`parvis_model::list::RepliesPolicy::code`].
    pub replies_policy: i16,
    /// Posts of its members do not show in the owner's home timeline.
    pub is_exclusive: bool,
    pub created_at: Moment,
}

/// A new row.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, list: &List) -> Result<()> {
    each!(c, |db| diesel::insert_into(lists::table).values(list.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, list: &List) -> Result<()> {
    each!(c, |db| diesel::update(lists::table.find(list.id)).set(list.clone()).execute(db))?;
    Ok(())
}

/// Removes a list; its members and entries go by the database's cascade.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: ListId) -> Result<()> {
    each!(c, |db| diesel::delete(lists::table.find(id)).execute(db))?;
    Ok(())
}

/// One list.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: ListId) -> Result<Option<List>> {
    Ok(each!(c, |db| lists::table.find(id).select(List::as_select()).first(db)).optional()?)
}

/// Somebody's lists, in the order of their making.
///
/// # Errors
/// As the database's.
pub fn of_owner(c: &mut Conn, owner: AccountId, limit: i64) -> Result<Vec<List>> {
    Ok(each!(c, |db| lists::table
        .filter(lists::account_id.eq(owner))
        .order(lists::id.asc())
        .limit(limit)
        .select(List::as_select())
        .load(db))?)
}

/// Somebody's lists in which an account is.
///
/// # Errors
/// As the database's.
pub fn of_owner_with(c: &mut Conn, owner: AccountId, member: AccountId) -> Result<Vec<List>> {
    Ok(each!(c, |db| list_accounts::table
        .inner_join(lists::table)
        .filter(lists::account_id.eq(owner).and(list_accounts::account_id.eq(member)))
        .order(lists::id.asc())
        .select(List::as_select())
        .load(db))?)
}

/// How many lists somebody has.
///
/// # Errors
/// As the database's.
pub fn count_of_owner(c: &mut Conn, owner: AccountId) -> Result<i64> {
    Ok(each!(c, |db| lists::table.filter(lists::account_id.eq(owner)).count().get_result(db))?)
}

/// How many accounts are in a list.
///
/// # Errors
/// As the database's.
pub fn count_members(c: &mut Conn, list: ListId) -> Result<i64> {
    Ok(each!(c, |db| list_accounts::table.filter(list_accounts::list_id.eq(list)).count().get_result(db))?)
}

/// Adds accounts: (row id, account).
///
/// # Errors
/// `Conflict` when one is there already.
pub fn add_members(c: &mut Conn, list: ListId, members: &[(i64, AccountId)]) -> Result<()> {
    let rows: Vec<_> = members
        .iter()
        .map(|(id, account)| {
            (
                list_accounts::list_id.eq(list),
                list_accounts::account_id.eq(*account),
                list_accounts::id.eq(*id),
            )
        })
        .collect();
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(list_accounts::table).values(&rows).execute(db))?;
    Ok(())
}

/// Removes accounts; says how many were there.
///
/// # Errors
/// As the database's.
pub fn remove_members(c: &mut Conn, list: ListId, members: &[AccountId]) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        list_accounts::table
            .filter(list_accounts::list_id.eq(list).and(list_accounts::account_id.among(members))),
    )
    .execute(db))?)
}

/// Which of these accounts are in a list.
///
/// # Errors
/// As the database's.
pub fn members_among(c: &mut Conn, list: ListId, some: &[AccountId]) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| list_accounts::table
        .filter(list_accounts::list_id.eq(list).and(list_accounts::account_id.among(some)))
        .select(list_accounts::account_id)
        .load(db))?)
}

/// The accounts of a list: (row id, account).
///
/// # Errors
/// As the database's.
pub fn members(c: &mut Conn, list: ListId, range: Range) -> Result<Vec<(i64, AccountId)>> {
    let mut query = list_accounts::table
        .filter(list_accounts::list_id.eq(list))
        .select((list_accounts::id, list_accounts::account_id))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, list_accounts::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Removes an account from all lists of an owner.
///
/// # Errors
/// As the database's.
pub fn forget_member(c: &mut Conn, owner: AccountId, member: AccountId) -> Result<usize> {
    let theirs = lists::table.filter(lists::account_id.eq(owner)).select(lists::id);
    Ok(each!(c, |db| diesel::delete(
        list_accounts::table
            .filter(list_accounts::account_id.eq(member).and(list_accounts::list_id.eq_any(theirs))),
    )
    .execute(db))?)
}

/// Whether an account is in anybody's list.
///
/// # Errors
/// As the database's.
pub fn is_in_any(c: &mut Conn, member: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        list_accounts::table.filter(list_accounts::account_id.eq(member))
    ))
    .get_result(db))?)
}

/// Lists with an account, above `after`, in order.
///
/// # Errors
/// As the database's.
pub fn with_member(c: &mut Conn, member: AccountId, after: ListId, limit: i64) -> Result<Vec<ListId>> {
    Ok(each!(c, |db| list_accounts::table
        .filter(list_accounts::account_id.eq(member).and(list_accounts::list_id.gt(after)))
        .order(list_accounts::list_id.asc())
        .limit(limit)
        .select(list_accounts::list_id)
        .load(db))?)
}

/// Which of these people have an account in an exclusive list.
///
/// # Errors
/// As the database's.
pub fn exclusive_among(c: &mut Conn, owners: &[AccountId], member: AccountId) -> Result<Vec<AccountId>> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| list_accounts::table
        .inner_join(lists::table)
        .filter(list_accounts::account_id.eq(member).and(lists::is_exclusive.eq(true)))
        .filter(lists::account_id.among(owners))
        .select(lists::account_id)
        .load(db))?)
}

/// Takes the posts of a list's members out of its owner's home timeline; own posts stay.
///
/// # Errors
/// As the database's.
pub fn clear_from_home(c: &mut Conn, list: &List) -> Result<()> {
    let members =
        list_accounts::table.filter(list_accounts::list_id.eq(list.id)).select(list_accounts::account_id);
    each!(c, |db| diesel::delete(
        home_entries::table
            .filter(home_entries::account_id.eq(list.account_id))
            .filter(home_entries::author_id.ne(list.account_id).and(home_entries::author_id.eq_any(members))),
    )
    .execute(db))?;
    Ok(())
}

/// The written timeline of a list.
///
/// # Errors
/// As the database's.
pub fn entries(c: &mut Conn, list: ListId, range: Range) -> Result<Vec<Entry>> {
    let mut query = list_entries::table
        .filter(list_entries::list_id.eq(list))
        .select((list_entries::status_id, list_entries::author_id))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, list_entries::status_id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// In which of these lists a post stands, with their owners: for the streams.
///
/// # Errors
/// As the database's.
pub fn with_entry(c: &mut Conn, status: StatusId, some: &[ListId]) -> Result<Vec<(ListId, AccountId)>> {
    Ok(each!(c, |db| list_entries::table
        .inner_join(lists::table)
        .filter(list_entries::status_id.eq(status).and(list_entries::list_id.among(some)))
        .select((lists::id, lists::account_id))
        .load(db))?)
}

/// Takes authors out of a list's timeline.
///
/// # Errors
/// As the database's.
pub fn remove_entries(c: &mut Conn, list: ListId, authors: &[AccountId]) -> Result<()> {
    each!(c, |db| diesel::delete(
        list_entries::table
            .filter(list_entries::list_id.eq(list).and(list_entries::author_id.among(authors))),
    )
    .execute(db))?;
    Ok(())
}

/// Takes an author out of the timelines of all lists of an owner.
///
/// # Errors
/// As the database's.
pub fn remove_author(c: &mut Conn, owner: AccountId, author: AccountId) -> Result<()> {
    let theirs = lists::table.filter(lists::account_id.eq(owner)).select(lists::id);
    each!(c, |db| diesel::delete(
        list_entries::table
            .filter(list_entries::author_id.eq(author).and(list_entries::list_id.eq_any(theirs))),
    )
    .execute(db))?;
    Ok(())
}

/// Empties a list's timeline.
///
/// # Errors
/// As the database's.
pub fn clear(c: &mut Conn, list: ListId) -> Result<()> {
    each!(c, |db| diesel::delete(list_entries::table.filter(list_entries::list_id.eq(list))).execute(db))?;
    Ok(())
}

/// What a list `l` shows of posts `s` of its members `m`, in one place for posts as they come and for filling up: what its owner may see (a
/// follow `f` in force, or oneself) and wants of that author (boosts, languages with or without their region), the answers of its policy, and nothing that is said to
/// somebody of whom the owner wants to hear nothing. Where `{now}` stands, [`fitting`] puts the instant.
const FITTING: &str = concat!(
    "INSERT INTO list_entries (list_id, status_id, author_id) \
     SELECT l.id, s.id, s.account_id \
     FROM list_accounts m JOIN lists l ON l.id = m.list_id JOIN statuses s ON s.account_id = m.account_id \
     LEFT JOIN follows f ON f.follower_id = l.account_id AND f.followee_id = m.account_id AND f.state = 1 \
     WHERE s.visibility < 3 AND (m.account_id = l.account_id OR (f.id IS NOT NULL \
       AND (s.boost_of_id IS NULL OR f.shows_boosts) \
       AND (f.languages = '' OR s.language IS NULL OR (' ' || f.languages || ' ') LIKE ('% ' || s.language || ' %') \
         OR (s.language LIKE '__-%' AND (' ' || f.languages || ' ') LIKE ('% ' || substr(s.language, 1, 2) || ' %')) \
         OR (s.language LIKE '___-%' AND (' ' || f.languages || ' ') LIKE ('% ' || substr(s.language, 1, 3) || ' %'))))) \
     AND (s.in_reply_to_account_id IS NULL OR s.in_reply_to_account_id = s.account_id \
       OR s.in_reply_to_account_id = l.account_id \
       OR (l.replies_policy = 1 AND EXISTS (SELECT 1 FROM follows t WHERE t.follower_id = l.account_id \
         AND t.followee_id = s.in_reply_to_account_id AND t.state = 1)) \
       OR (l.replies_policy = 0 AND EXISTS (SELECT 1 FROM list_accounts t WHERE t.list_id = l.id \
         AND t.account_id = s.in_reply_to_account_id))) \
     AND (m.account_id = l.account_id OR NOT EXISTS (SELECT 1 FROM mentions n WHERE n.status_id IN (s.id, s.boost_of_id) AND ",
    hears_nothing_of!("l.account_id", "n.account_id"),
    "))"
);

/// [`FITTING`] at an instant.
fn fitting(c: &Conn) -> String {
    FITTING.replace("{now}", &c.now().0.to_string())
}

/// Posts of a member that a list is filled up with.
const FILLED: &str = "AND s.id IN (SELECT r.id FROM statuses r WHERE r.account_id = m.account_id AND r.visibility < 3 \
     ORDER BY r.id DESC LIMIT 40) ON CONFLICT DO NOTHING";

/// Writes a post into those lists from `first` to `last` that have its author and show it.
///
/// # Errors
/// As the database's.
pub fn add_entry(
    c: &mut Conn,
    status: StatusId,
    author: AccountId,
    first: ListId,
    last: ListId,
) -> Result<usize> {
    let fitting = fitting(c);
    Ok(diesel::sql_query(format!(
        "{fitting} AND s.id = $1 AND m.account_id = $2 AND m.list_id >= $3 AND m.list_id <= $4 ON CONFLICT DO NOTHING"
    ))
    .bind::<BigInt, _>(status)
    .bind::<BigInt, _>(author)
    .bind::<BigInt, _>(first)
    .bind::<BigInt, _>(last)
    .execute(c.db())?)
}

/// Fills a list with the latest posts of one member.
///
/// # Errors
/// As the database's.
pub fn fill(c: &mut Conn, list: ListId, member: AccountId) -> Result<()> {
    let fitting = fitting(c);
    diesel::sql_query(format!("{fitting} AND m.list_id = $1 AND m.account_id = $2 {FILLED}"))
        .bind::<BigInt, _>(list)
        .bind::<BigInt, _>(member)
        .execute(c.db())?;
    Ok(())
}

/// Fills all lists of an owner that have an account with its latest posts.
///
/// # Errors
/// As the database's.
pub fn fill_all(c: &mut Conn, owner: AccountId, member: AccountId) -> Result<()> {
    let fitting = fitting(c);
    diesel::sql_query(format!("{fitting} AND l.account_id = $1 AND m.account_id = $2 {FILLED}"))
        .bind::<BigInt, _>(owner)
        .bind::<BigInt, _>(member)
        .execute(c.db())?;
    Ok(())
}
