//! Filters with their keywords and single posts. Use cases: `domain::filters`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, FilterId, FilterKeywordId, FilterStatusId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{filter_keywords, filter_statuses, filters};
use crate::{Conn, Result};

/// A row of `filters`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = filters, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Filter {
    pub id: FilterId,
    /// Whose filter it is.
    pub account_id: AccountId,
    pub title: String,
    /// [`parvis_model::filter::Contexts::code`].
    pub contexts: i16,
    /// [`parvis_model::filter::FilterAction::code`].
    pub action: i16,
    /// `None` is never.
    pub expires_at: Option<Moment>,
    pub created_at: Moment,
}

/// A row of `filter_keywords`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = filter_keywords)]
pub struct FilterKeyword {
    pub id: FilterKeywordId,
    pub filter_id: FilterId,
    pub keyword: String,
    pub is_whole_word: bool,
}

/// A row of `filter_statuses`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = filter_statuses)]
pub struct FilterStatus {
    pub id: FilterStatusId,
    pub filter_id: FilterId,
    pub status_id: StatusId,
}

/// A new filter.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, filter: &Filter) -> Result<()> {
    each!(c, |db| diesel::insert_into(filters::table).values(filter.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns of a filter.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, filter: &Filter) -> Result<()> {
    each!(c, |db| diesel::update(filters::table.find(filter.id)).set(filter.clone()).execute(db))?;
    Ok(())
}

/// Removes a filter; what hangs on it goes by the database's cascade.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: FilterId) -> Result<()> {
    each!(c, |db| diesel::delete(filters::table.find(id)).execute(db))?;
    Ok(())
}

/// One filter.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: FilterId) -> Result<Option<Filter>> {
    Ok(each!(c, |db| filters::table.find(id).select(Filter::as_select()).first(db)).optional()?)
}

/// Somebody's filters, in the order of their making.
///
/// # Errors
/// As the database's.
pub fn of_owner(c: &mut Conn, owner: AccountId, limit: i64) -> Result<Vec<Filter>> {
    Ok(each!(c, |db| filters::table
        .filter(filters::account_id.eq(owner))
        .order(filters::id.asc())
        .limit(limit)
        .select(Filter::as_select())
        .load(db))?)
}

/// The filters of some people that are in force, in the order of their making.
///
/// # Errors
/// As the database's.
pub fn active_of_owners(c: &mut Conn, owners: &[AccountId], now: Moment) -> Result<Vec<Filter>> {
    let active = filters::table
        .filter(filters::account_id.among(owners))
        .filter(filters::expires_at.is_null().or(filters::expires_at.gt(now).assume_not_null()))
        .order(filters::id.asc());
    Ok(each!(c, |db| active.select(Filter::as_select()).load(db))?)
}

/// How many filters somebody has.
///
/// # Errors
/// As the database's.
pub fn count_of_owner(c: &mut Conn, owner: AccountId) -> Result<i64> {
    Ok(each!(c, |db| filters::table.filter(filters::account_id.eq(owner)).count().get_result(db))?)
}

/// A new keyword.
///
/// # Errors
/// As the database's.
pub fn insert_keyword(c: &mut Conn, row: &FilterKeyword) -> Result<()> {
    each!(c, |db| diesel::insert_into(filter_keywords::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns of a keyword.
///
/// # Errors
/// As the database's.
pub fn save_keyword(c: &mut Conn, row: &FilterKeyword) -> Result<()> {
    each!(c, |db| diesel::update(filter_keywords::table.find(row.id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// Removes a keyword.
///
/// # Errors
/// As the database's.
pub fn delete_keyword(c: &mut Conn, id: FilterKeywordId) -> Result<()> {
    each!(c, |db| diesel::delete(filter_keywords::table.find(id)).execute(db))?;
    Ok(())
}

/// A keyword with its filter.
///
/// # Errors
/// As the database's.
pub fn keyword(c: &mut Conn, id: FilterKeywordId) -> Result<Option<(FilterKeyword, Filter)>> {
    Ok(each!(c, |db| filter_keywords::table
        .inner_join(filters::table)
        .filter(filter_keywords::id.eq(id))
        .select((FilterKeyword::as_select(), Filter::as_select()))
        .first(db))
    .optional()?)
}

/// The keywords of filters, in the order of their making.
///
/// # Errors
/// As the database's.
pub fn keywords_of(c: &mut Conn, some: &[FilterId]) -> Result<Vec<FilterKeyword>> {
    let keywords = filter_keywords::table
        .filter(filter_keywords::filter_id.among(some))
        .order(filter_keywords::id.asc());
    Ok(each!(c, |db| keywords.select(FilterKeyword::as_select()).load(db))?)
}

/// How many keywords somebody has, over all filters.
///
/// # Errors
/// As the database's.
pub fn count_keywords(c: &mut Conn, owner: AccountId) -> Result<i64> {
    Ok(each!(c, |db| filter_keywords::table
        .inner_join(filters::table)
        .filter(filters::account_id.eq(owner))
        .count()
        .get_result(db))?)
}

/// Adds a single post.
///
/// # Errors
/// `Conflict` when it is there already.
pub fn insert_status(c: &mut Conn, row: &FilterStatus) -> Result<()> {
    each!(c, |db| diesel::insert_into(filter_statuses::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Takes a single post out.
///
/// # Errors
/// As the database's.
pub fn delete_status(c: &mut Conn, id: FilterStatusId) -> Result<()> {
    each!(c, |db| diesel::delete(filter_statuses::table.find(id)).execute(db))?;
    Ok(())
}

/// A single post with its filter.
///
/// # Errors
/// As the database's.
pub fn status(c: &mut Conn, id: FilterStatusId) -> Result<Option<(FilterStatus, Filter)>> {
    Ok(each!(c, |db| filter_statuses::table
        .inner_join(filters::table)
        .filter(filter_statuses::id.eq(id))
        .select((FilterStatus::as_select(), Filter::as_select()))
        .first(db))
    .optional()?)
}

/// The single posts of filters, in the order in which they were added.
///
/// # Errors
/// As the database's.
pub fn statuses_of(c: &mut Conn, some: &[FilterId]) -> Result<Vec<FilterStatus>> {
    Ok(each!(c, |db| filter_statuses::table
        .filter(filter_statuses::filter_id.among(some))
        .order(filter_statuses::id.asc())
        .select(FilterStatus::as_select())
        .load(db))?)
}

/// Which of these posts stand in these filters.
///
/// # Errors
/// As the database's.
pub fn statuses_among(
    c: &mut Conn,
    some: &[FilterId],
    posts: &[StatusId],
) -> Result<Vec<(FilterId, StatusId)>> {
    let query = filter_statuses::table
        .filter(filter_statuses::filter_id.among(some))
        .filter(filter_statuses::status_id.among(posts))
        .select((filter_statuses::filter_id, filter_statuses::status_id));
    Ok(each!(c, |db| query.load(db))?)
}

/// How many single posts somebody has, over all filters.
///
/// # Errors
/// As the database's.
pub fn count_statuses(c: &mut Conn, owner: AccountId) -> Result<i64> {
    Ok(each!(c, |db| filter_statuses::table
        .inner_join(filters::table)
        .filter(filters::account_id.eq(owner))
        .count()
        .get_result(db))?)
}
