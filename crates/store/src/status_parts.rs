//! What hangs on posts: mentions and hashtags. Everything is loaded for a whole page at once.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId, TagId};

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{accounts, mentions, status_tags, statuses, tag_rules, tags};
use crate::{Conn, Result};

/// Somebody mentioned in a post.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Mention {
    pub status_id: StatusId,
    pub account_id: AccountId,
    pub username: String,
    /// '' for local accounts.
    pub host: String,
    pub uri: String,
    pub url: String,
}

/// Takes all mentions out of a post.
///
/// # Errors
/// As the database's.
pub fn remove_mentions(c: &mut Conn, status: StatusId) -> Result<()> {
    each!(c, |db| diesel::delete(mentions::table.filter(mentions::status_id.eq(status))).execute(db))?;
    Ok(())
}

/// Adds mentions to a post.
///
/// # Errors
/// As the database's.
pub fn add_mentions(c: &mut Conn, status: StatusId, mentioned: &[AccountId]) -> Result<()> {
    let rows: Vec<_> =
        mentioned.iter().map(|a| (mentions::status_id.eq(status), mentions::account_id.eq(*a))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(mentions::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Mentions of many posts, in a stable order.
///
/// # Errors
/// As the database's.
pub fn mentions_of(c: &mut Conn, statuses: &[StatusId]) -> Result<Vec<Mention>> {
    Ok(each!(c, |db| mentions::table
        .inner_join(accounts::table)
        .filter(mentions::status_id.among(statuses))
        .order((mentions::status_id.asc(), mentions::account_id.asc()))
        .select((
            mentions::status_id,
            mentions::account_id,
            accounts::username,
            accounts::host,
            accounts::uri,
            accounts::url,
        ))
        .load(db))?)
}

/// Whether an account is mentioned in a post.
///
/// # Errors
/// As the database's.
pub fn is_mentioned(c: &mut Conn, status: StatusId, account: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(mentions::table.find((status, account))))
        .get_result(db))?)
}

/// A hashtag.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = tags)]
pub struct Tag {
    pub id: TagId,
    /// Normalised, lower case.
    pub name: String,
    /// As first written.
    pub display: String,
}

/// Makes sure that a tag is there.
///
/// # Errors
/// As the database's.
pub fn add_tag(c: &mut Conn, tag: &Tag) -> Result<()> {
    each!(c, |db| diesel::insert_into(tags::table).values(tag.clone()).on_conflict_do_nothing().execute(db))?;
    Ok(())
}

/// Tags by normalised name.
///
/// # Errors
/// As the database's.
pub fn tags_by_name(c: &mut Conn, names: &[String]) -> Result<Vec<Tag>> {
    Ok(each!(c, |db| tags::table.filter(tags::name.among_texts(names)).select(Tag::as_select()).load(db))?)
}

/// Tags by id, in no order.
///
/// # Errors
/// As the database's.
pub fn tags_by_id(c: &mut Conn, ids: &[TagId]) -> Result<Vec<Tag>> {
    Ok(each!(c, |db| tags::table.filter(tags::id.among(ids)).select(Tag::as_select()).load(db))?)
}

/// Tags whose name begins with `prefix`, that staff did not take off the list and that stand in a post for everybody: a tag of private posts only is nobody's to find (threats I5).
///
/// # Errors
/// As the database's.
pub fn tags_starting_with(c: &mut Conn, prefix: &str, limit: i64) -> Result<Vec<Tag>> {
    let end = format!("{prefix}\u{10ffff}");
    Ok(each!(c, |db| tags::table
        .filter(tags::name.ge(prefix.to_owned()).and(tags::name.lt(end)))
        .filter(diesel::dsl::exists(
            status_tags::table
                .inner_join(statuses::table.inner_join(accounts::table))
                .filter(status_tags::tag_id.eq(tags::id))
                .filter(statuses::visibility.le(1).and(accounts::suspended_at.is_null())),
        ))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            tag_rules::table.filter(tag_rules::tag_id.eq(tags::id).and(tag_rules::is_listable.eq(false))),
        )))
        .order(tags::name.asc())
        .limit(limit)
        .select(Tag::as_select())
        .load(db))?)
}

/// Takes all tags off a post.
///
/// # Errors
/// As the database's.
pub fn remove_tags(c: &mut Conn, status: StatusId) -> Result<()> {
    each!(c, |db| diesel::delete(status_tags::table.filter(status_tags::status_id.eq(status))).execute(db))?;
    Ok(())
}

/// Adds tags to a post.
///
/// # Errors
/// As the database's.
pub fn add_tags(c: &mut Conn, status: StatusId, tagged: &[TagId]) -> Result<()> {
    let rows: Vec<_> =
        tagged.iter().map(|t| (status_tags::status_id.eq(status), status_tags::tag_id.eq(*t))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    each!(c.db(), |db| diesel::insert_into(status_tags::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Tags of many posts: (post, tag), in a stable order.
///
/// # Errors
/// As the database's.
pub fn tags_of(c: &mut Conn, statuses: &[StatusId]) -> Result<Vec<(StatusId, Tag)>> {
    Ok(each!(c, |db| status_tags::table
        .inner_join(tags::table)
        .filter(status_tags::status_id.among(statuses))
        .order((status_tags::status_id.asc(), status_tags::tag_id.asc()))
        .select((status_tags::status_id, Tag::as_select()))
        .load(db))?)
}
