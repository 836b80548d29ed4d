//! Accounts that somebody puts together under a name. Use cases: `domain::collections`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{collection_items, collections};
use crate::{Conn, Result};

/// A row of `collections`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = collections, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Collection {
    pub id: i64,
    pub account_id: AccountId,
    pub name: String,
    pub description: String,
    /// Without `#`.
    pub tag_name: Option<String>,
    pub language: Option<String>,
    pub is_sensitive: bool,
    /// Whether it may be recommended.
    pub is_discoverable: bool,
    pub created_at: Moment,
    pub updated_at: Moment,
}

/// The account is in it.
pub const ACCEPTED: i16 = 1;
/// The account does not want to be in it.
pub const REVOKED: i16 = 3;

/// A row of `collection_items`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = collection_items)]
pub struct Item {
    pub id: i64,
    pub collection_id: i64,
    pub account_id: AccountId,
    /// [`ACCEPTED`] or [`REVOKED`].
    pub state: i16,
    pub created_at: Moment,
}

/// A new collection.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Collection) -> Result<()> {
    each!(c, |db| diesel::insert_into(collections::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, row: &Collection) -> Result<()> {
    each!(c, |db| diesel::update(collections::table.find(row.id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// Removes a collection and its items.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: i64) -> Result<()> {
    each!(c, |db| diesel::delete(collections::table.find(id)).execute(db))?;
    Ok(())
}

/// One collection.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Collection>> {
    Ok(each!(c, |db| collections::table.find(id).select(Collection::as_select()).first(db)).optional()?)
}

/// The collections of an account, the latest first. An account has few, so Mastodon's offset costs nothing.
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId, offset: i64, limit: i64) -> Result<Vec<Collection>> {
    Ok(each!(c, |db| collections::table
        .filter(collections::account_id.eq(account))
        .order(collections::id.desc())
        .offset(offset)
        .limit(limit)
        .select(Collection::as_select())
        .load(db))?)
}

/// How many an account has.
///
/// # Errors
/// As the database's.
pub fn count(c: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(each!(c, |db| collections::table.filter(collections::account_id.eq(account)).count().get_result(db))?)
}

/// The collections that an account is in, the latest first.
///
/// # Errors
/// As the database's.
pub fn with_account(c: &mut Conn, account: AccountId, offset: i64, limit: i64) -> Result<Vec<Collection>> {
    Ok(each!(c, |db| collections::table
        .inner_join(collection_items::table.on(collection_items::collection_id.eq(collections::id)))
        .filter(collection_items::account_id.eq(account).and(collection_items::state.eq(ACCEPTED)))
        .order(collections::id.desc())
        .offset(offset)
        .limit(limit)
        .select(Collection::as_select())
        .load(db))?)
}

/// Puts an account in.
///
/// # Errors
/// `Conflict` when it is (or was) in it.
pub fn insert_item(c: &mut Conn, row: &Item) -> Result<()> {
    each!(c, |db| diesel::insert_into(collection_items::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// One item.
///
/// # Errors
/// As the database's.
pub fn item(c: &mut Conn, id: i64) -> Result<Option<Item>> {
    Ok(each!(c, |db| collection_items::table.find(id).select(Item::as_select()).first(db)).optional()?)
}

/// The items of these collections, in the order in which they were put in.
///
/// # Errors
/// As the database's.
pub fn items_of(c: &mut Conn, ids: &[i64]) -> Result<Vec<Item>> {
    Ok(each!(c, |db| collection_items::table
        .filter(collection_items::collection_id.among(ids))
        .order(collection_items::id.asc())
        .select(Item::as_select())
        .load(db))?)
}

/// Takes an item out.
///
/// # Errors
/// As the database's.
pub fn delete_item(c: &mut Conn, id: i64) -> Result<()> {
    each!(c, |db| diesel::delete(collection_items::table.find(id)).execute(db))?;
    Ok(())
}

/// The account of an item does not want to be there; it cannot be put in again.
///
/// # Errors
/// As the database's.
pub fn revoke_item(c: &mut Conn, id: i64) -> Result<()> {
    each!(c, |db| diesel::update(collection_items::table.find(id))
        .set(collection_items::state.eq(REVOKED))
        .execute(db))?;
    Ok(())
}
