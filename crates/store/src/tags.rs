//! Hashtags that people follow or show on their profile, and how much hashtags are used. Which post has which is in [`crate::status_parts`].
//! Use cases: `domain::tags`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use parvis_model::ids::{AccountId, FeaturedTagId, StatusId, TagId};
use parvis_model::time::{DAY, Moment};

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{featured_tags, logins, status_tags, statuses, tag_follows, tags};
use crate::status_parts::Tag;
use crate::timelines::{Entry, Range, keyset};
use crate::{Conn, Result};

/// Follows a tag; `false` when it was followed.
///
/// # Errors
/// As the database's.
pub fn follow(c: &mut Conn, account: AccountId, tag: TagId, id: i64) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(tag_follows::table)
        .values((tag_follows::account_id.eq(account), tag_follows::tag_id.eq(tag), tag_follows::id.eq(id)))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Follows it no longer; `false` when it was not followed.
///
/// # Errors
/// As the database's.
pub fn unfollow(c: &mut Conn, account: AccountId, tag: TagId) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(tag_follows::table.find((account, tag))).execute(db))? == 1)
}

/// The tags that somebody follows: (row id, tag).
///
/// # Errors
/// As the database's.
pub fn followed(c: &mut Conn, account: AccountId, range: Range) -> Result<Vec<(i64, Tag)>> {
    let mut query = tag_follows::table
        .inner_join(tags::table)
        .filter(tag_follows::account_id.eq(account))
        .select((tag_follows::id, Tag::as_select()))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, tag_follows::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Which of these tags somebody follows.
///
/// # Errors
/// As the database's.
pub fn followed_among(c: &mut Conn, account: AccountId, some: &[TagId]) -> Result<Vec<TagId>> {
    Ok(each!(c, |db| tag_follows::table
        .filter(tag_follows::account_id.eq(account).and(tag_follows::tag_id.among(some)))
        .select(tag_follows::tag_id)
        .load(db))?)
}

/// How many tags somebody follows.
///
/// # Errors
/// As the database's.
pub fn count_followed(c: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(each!(c, |db| tag_follows::table.filter(tag_follows::account_id.eq(account)).count().get_result(db))?)
}

/// Whether anybody follows one of these tags.
///
/// # Errors
/// As the database's.
pub fn has_follower(c: &mut Conn, some: &[TagId]) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        tag_follows::table.filter(tag_follows::tag_id.among(some))
    ))
    .get_result(db))?)
}

/// People who were active since `since` and follow one of these tags, above `after`, in order, each once.
///
/// # Errors
/// As the database's.
pub fn active_followers(
    c: &mut Conn,
    some: &[TagId],
    since: Moment,
    after: AccountId,
    limit: i64,
) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| tag_follows::table
        .inner_join(logins::table.on(logins::account_id.eq(tag_follows::account_id)))
        .filter(tag_follows::tag_id.among(some))
        .filter(logins::last_active_at.ge(since).and(tag_follows::account_id.gt(after)))
        .select(tag_follows::account_id)
        .distinct()
        .order(tag_follows::account_id.asc())
        .limit(limit)
        .load(db))?)
}

/// The latest public posts with tags that somebody follows, above a post, for rebuilding a home timeline.
///
/// # Errors
/// As the database's.
pub fn latest_followed(c: &mut Conn, account: AccountId, above: StatusId, limit: i64) -> Result<Vec<Entry>> {
    let theirs = tag_follows::table.filter(tag_follows::account_id.eq(account)).select(tag_follows::tag_id);
    Ok(each!(c, |db| status_tags::table
        .inner_join(statuses::table)
        .filter(status_tags::tag_id.eq_any(theirs).and(status_tags::status_id.gt(above)))
        .filter(statuses::visibility.eq(0).and(statuses::boost_of_id.is_null()))
        .select((statuses::id, statuses::account_id))
        .distinct()
        .order(statuses::id.desc())
        .limit(limit)
        .load(db))?)
}

/// Takes out of a home timeline what stood there only because of a tag: neither one's own, nor of somebody followed, nor with another
/// followed tag.
///
/// # Errors
/// As the database's.
pub fn remove_from_home(c: &mut Conn, viewer: AccountId, tag: TagId) -> Result<()> {
    diesel::sql_query(
        "DELETE FROM home_entries WHERE account_id = $1 AND author_id <> $1 \
         AND EXISTS (SELECT 1 FROM status_tags s WHERE s.tag_id = $2 AND s.status_id = home_entries.status_id) \
         AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $1 \
           AND f.followee_id = home_entries.author_id AND f.state = 1) \
         AND NOT EXISTS (SELECT 1 FROM status_tags o JOIN tag_follows t ON t.tag_id = o.tag_id \
           WHERE o.status_id = home_entries.status_id AND t.account_id = $1)",
    )
    .bind::<BigInt, _>(viewer)
    .bind::<BigInt, _>(tag)
    .execute(c.db())?;
    Ok(())
}

/// How much a tag was used on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Use {
    #[diesel(sql_type = BigInt)]
    pub tag_id: i64,
    /// Days since 1970.
    #[diesel(sql_type = BigInt)]
    pub day: i64,
    /// Public posts.
    #[diesel(sql_type = BigInt)]
    pub uses: i64,
    /// Their authors.
    #[diesel(sql_type = BigInt)]
    pub accounts: i64,
}

/// How much tags were used in public posts above `since`, by day; days without use are left out. One statement.
///
/// # Errors
/// As the database's.
pub fn uses(c: &mut Conn, some: &[TagId], since: StatusId) -> Result<Vec<Use>> {
    if some.is_empty() {
        return Ok(Vec::new());
    }
    // Ids are numbers, so their text is safe in the query.
    let list = some.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    Ok(each!(c, |db| diesel::sql_query(format!(
        "SELECT t.tag_id AS tag_id, s.created_at / {DAY} AS day, COUNT(*) AS uses, \
           COUNT(DISTINCT s.account_id) AS accounts \
         FROM status_tags t JOIN statuses s ON s.id = t.status_id \
         WHERE t.tag_id IN ({list}) AND t.status_id > {since} AND s.visibility = 0 \
         GROUP BY t.tag_id, s.created_at / {DAY}"
    ))
    .load(db))?)
}

/// A row of `featured_tags`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = featured_tags)]
pub struct Featured {
    pub id: FeaturedTagId,
    pub account_id: AccountId,
    pub tag_id: TagId,
}

/// Shows a tag on a profile; `false` when it was shown.
///
/// # Errors
/// As the database's.
pub fn feature(c: &mut Conn, row: Featured) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(featured_tags::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Shows it no longer; `false` when it was not shown.
///
/// # Errors
/// As the database's.
pub fn unfeature(c: &mut Conn, account: AccountId, tag: TagId) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(
        featured_tags::table.filter(featured_tags::account_id.eq(account).and(featured_tags::tag_id.eq(tag))),
    )
    .execute(db))?
        == 1)
}

/// A row by id.
///
/// # Errors
/// As the database's.
pub fn featured_by_id(c: &mut Conn, id: FeaturedTagId) -> Result<Option<Featured>> {
    Ok(each!(c, |db| featured_tags::table.find(id).select(Featured::as_select()).first(db)).optional()?)
}

/// The tags that an account shows, in the order in which it chose them.
///
/// # Errors
/// As the database's.
pub fn featured_of(c: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<(FeaturedTagId, Tag)>> {
    Ok(each!(c, |db| featured_tags::table
        .inner_join(tags::table)
        .filter(featured_tags::account_id.eq(account))
        .order(featured_tags::id.asc())
        .limit(limit)
        .select((featured_tags::id, Tag::as_select()))
        .load(db))?)
}

/// Which of these tags an account shows.
///
/// # Errors
/// As the database's.
pub fn featured_among(c: &mut Conn, account: AccountId, some: &[TagId]) -> Result<Vec<TagId>> {
    Ok(each!(c, |db| featured_tags::table
        .filter(featured_tags::account_id.eq(account).and(featured_tags::tag_id.among(some)))
        .select(featured_tags::tag_id)
        .load(db))?)
}

/// How often an account used a tag in posts for everybody, and when last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct UseBy {
    #[diesel(sql_type = BigInt)]
    pub tag_id: i64,
    #[diesel(sql_type = BigInt)]
    pub statuses: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub last_at: Option<i64>,
}

/// How often an account used these tags in posts for everybody. One statement; unused ones are left out.
///
/// # Errors
/// As the database's.
pub fn uses_by(c: &mut Conn, account: AccountId, some: &[TagId]) -> Result<Vec<UseBy>> {
    if some.is_empty() {
        return Ok(Vec::new());
    }
    let list = some.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    Ok(each!(c, |db| diesel::sql_query(format!(
        "SELECT t.tag_id AS tag_id, COUNT(*) AS statuses, MAX(s.created_at) AS last_at \
         FROM statuses s JOIN status_tags t ON t.status_id = s.id \
         WHERE s.account_id = {account} AND t.tag_id IN ({list}) AND s.visibility < 2 \
         GROUP BY t.tag_id"
    ))
    .load(db))?)
}

/// The tags that an account used most in its posts for everybody above `since`, without those that it shows already.
///
/// # Errors
/// As the database's.
pub fn most_used_by(c: &mut Conn, account: AccountId, since: StatusId, limit: i64) -> Result<Vec<TagId>> {
    let rows: Vec<UseBy> = each!(c, |db| diesel::sql_query(format!(
        "SELECT t.tag_id AS tag_id, COUNT(*) AS statuses, MAX(s.created_at) AS last_at \
         FROM statuses s JOIN status_tags t ON t.status_id = s.id \
         WHERE s.account_id = {account} AND s.id > {since} AND s.visibility < 2 \
         AND t.tag_id NOT IN (SELECT f.tag_id FROM featured_tags f WHERE f.account_id = {account}) \
         GROUP BY t.tag_id ORDER BY COUNT(*) DESC, t.tag_id DESC LIMIT {limit}"
    ))
    .load(db))?;
    Ok(rows.into_iter().map(|row| TagId(row.tag_id)).collect())
}

/// Tags by id, in no order.
///
/// # Errors
/// As the database's.
pub fn by_ids(c: &mut Conn, some: &[TagId]) -> Result<Vec<Tag>> {
    Ok(each!(c, |db| tags::table.filter(tags::id.among(some)).select(Tag::as_select()).load(db))?)
}
