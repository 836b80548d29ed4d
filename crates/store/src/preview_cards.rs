//! What links lead to, and which posts have which link. Use cases: `domain::preview_cards`.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use parvis_model::ids::{AccountId, CardId, StatusId};
use parvis_model::time::Moment;
use parvis_model::visibility::Visibility;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{preview_cards, status_cards, statuses};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `preview_cards`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = preview_cards, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PreviewCard {
    pub id: CardId,
    /// The link, without its fragment.
    pub url: String,
    /// '' until it was fetched, and when there is nothing to show.
    pub title: String,
    pub description: String,
    pub author_name: String,
    /// '' or http(s).
    pub author_url: String,
    pub provider_name: String,
    /// '' or http(s).
    pub provider_url: String,
    pub language: Option<String>,
    /// The stored picture.
    pub image_key: Option<String>,
    pub image_description: String,
    /// Of the picture, in pixels.
    pub width: i32,
    pub height: i32,
    pub blurhash: Option<String>,
    pub published_at: Option<Moment>,
    /// When it was looked at last.
    pub fetched_at: Option<Moment>,
    pub created_at: Moment,
    /// Whom the page names as its author, who need not agree.
    pub author_account_id: Option<AccountId>,
}

/// Adds a card, unless there is one of this address.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, card: &PreviewCard) -> Result<()> {
    each!(c, |db| diesel::insert_into(preview_cards::table)
        .values(card.clone())
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Writes all columns of a row.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, card: &PreviewCard) -> Result<()> {
    each!(c, |db| diesel::update(preview_cards::table.find(card.id)).set(card.clone()).execute(db))?;
    Ok(())
}

/// One card.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: CardId) -> Result<Option<PreviewCard>> {
    Ok(each!(c, |db| preview_cards::table.find(id).select(PreviewCard::as_select()).first(db)).optional()?)
}

/// Several cards, in no order.
///
/// # Errors
/// As the database's.
pub fn by_ids(c: &mut Conn, ids: &[CardId]) -> Result<Vec<PreviewCard>> {
    Ok(each!(c, |db| preview_cards::table
        .filter(preview_cards::id.among(ids))
        .select(PreviewCard::as_select())
        .load(db))?)
}

/// The card of an address.
///
/// # Errors
/// As the database's.
pub fn by_url(c: &mut Conn, url: &str) -> Result<Option<PreviewCard>> {
    Ok(each!(c, |db| preview_cards::table
        .filter(preview_cards::url.eq(url))
        .select(PreviewCard::as_select())
        .first(db))
    .optional()?)
}

/// How many were never looked at, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn count_waiting(c: &mut Conn, limit: i64) -> Result<i64> {
    let waiting: Vec<CardId> = each!(c, |db| preview_cards::table
        .filter(preview_cards::fetched_at.is_null())
        .select(preview_cards::id)
        .limit(limit)
        .load(db))?;
    Ok(i64::try_from(waiting.len()).unwrap_or(i64::MAX))
}

/// The card of a post, whatever is on it.
///
/// # Errors
/// As the database's.
pub fn of_status(c: &mut Conn, status: StatusId) -> Result<Option<PreviewCard>> {
    Ok(each!(c, |db| status_cards::table
        .inner_join(preview_cards::table)
        .filter(status_cards::status_id.eq(status))
        .select(PreviewCard::as_select())
        .first(db))
    .optional()?)
}

/// The cards of many posts that have something to show.
///
/// # Errors
/// As the database's.
pub fn shown(c: &mut Conn, statuses: &[StatusId]) -> Result<Vec<(StatusId, PreviewCard)>> {
    let cards = status_cards::table
        .inner_join(preview_cards::table)
        .filter(status_cards::status_id.among(statuses).and(preview_cards::title.ne("")));
    Ok(each!(c, |db| cards.select((status_cards::status_id, PreviewCard::as_select())).load(db))?)
}

/// Gives a post its card. It must have none.
///
/// # Errors
/// As the database's.
pub fn attach(c: &mut Conn, status: StatusId, card: CardId) -> Result<()> {
    each!(c, |db| diesel::insert_into(status_cards::table)
        .values((status_cards::status_id.eq(status), status_cards::card_id.eq(card)))
        .execute(db))?;
    Ok(())
}

/// Takes a post's card off it.
///
/// # Errors
/// As the database's.
pub fn detach(c: &mut Conn, status: StatusId) -> Result<()> {
    each!(c, |db| diesel::delete(status_cards::table.find(status)).execute(db))?;
    Ok(())
}

/// Cards from before `before` that no post has.
///
/// # Errors
/// As the database's.
pub fn unused(c: &mut Conn, before: Moment, limit: i64) -> Result<Vec<PreviewCard>> {
    Ok(each!(c, |db| preview_cards::table
        .filter(preview_cards::created_at.lt(before))
        .filter(not(exists(status_cards::table.filter(status_cards::card_id.eq(preview_cards::id)))))
        .limit(limit)
        .select(PreviewCard::as_select())
        .load(db))?)
}

/// Removes rows.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, ids: &[CardId]) -> Result<()> {
    each!(c, |db| diesel::delete(preview_cards::table.filter(preview_cards::id.among(ids))).execute(db))?;
    Ok(())
}

/// Cards with a picture that were looked at before `before`: (card, file).
///
/// # Errors
/// As the database's.
pub fn old_pictures(c: &mut Conn, before: Moment, limit: i64) -> Result<Vec<(CardId, Option<String>)>> {
    Ok(each!(c, |db| preview_cards::table
        .filter(preview_cards::fetched_at.lt(before).and(preview_cards::image_key.is_not_null()))
        .order(preview_cards::fetched_at.asc())
        .limit(limit)
        .select((preview_cards::id, preview_cards::image_key))
        .load(db))?)
}

/// Takes the pictures off cards.
///
/// # Errors
/// As the database's.
pub fn forget_pictures(c: &mut Conn, ids: &[CardId]) -> Result<()> {
    each!(c, |db| diesel::update(preview_cards::table.filter(preview_cards::id.among(ids)))
        .set((preview_cards::image_key.eq(None::<String>), preview_cards::blurhash.eq(None::<String>)))
        .execute(db))?;
    Ok(())
}

/// Public posts with a card, as a page.
///
/// # Errors
/// As the database's.
pub fn posts_with(c: &mut Conn, card: CardId, range: Range) -> Result<Vec<StatusId>> {
    let mut query = status_cards::table
        .inner_join(statuses::table)
        .filter(status_cards::card_id.eq(card).and(statuses::visibility.eq(Visibility::Public.code())))
        .select(status_cards::status_id)
        .limit(range.limit)
        .into_boxed();
    keyset!(query, status_cards::status_id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}
