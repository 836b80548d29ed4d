//! Posts that wait for their time, and the pictures that wait with them. Use cases: `domain::scheduled_statuses`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, MediaId, ScheduledId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::media::Media;
use crate::schema::{media, scheduled_media, scheduled_statuses};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `scheduled_statuses`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = scheduled_statuses)]
pub struct ScheduledStatus {
    pub id: ScheduledId,
    pub account_id: AccountId,
    /// What is to be published, as JSON.
    pub draft: String,
    pub scheduled_at: Moment,
    pub created_at: Moment,
}

/// A new one.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &ScheduledStatus) -> Result<()> {
    each!(c, |db| diesel::insert_into(scheduled_statuses::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// One, whoever it belongs to: for publishing it.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: ScheduledId) -> Result<Option<ScheduledStatus>> {
    Ok(each!(c, |db| scheduled_statuses::table.find(id).select(ScheduledStatus::as_select()).first(db))
        .optional()?)
}

/// One of its owner.
///
/// # Errors
/// As the database's.
pub fn of_owner(c: &mut Conn, owner: AccountId, id: ScheduledId) -> Result<Option<ScheduledStatus>> {
    Ok(each!(c, |db| scheduled_statuses::table
        .filter(scheduled_statuses::id.eq(id).and(scheduled_statuses::account_id.eq(owner)))
        .select(ScheduledStatus::as_select())
        .first(db))
    .optional()?)
}

/// A page of its owner's, newest first.
///
/// # Errors
/// As the database's.
pub fn page(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<ScheduledStatus>> {
    let mut query = scheduled_statuses::table
        .filter(scheduled_statuses::account_id.eq(owner))
        .select(ScheduledStatus::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, scheduled_statuses::id, range, ScheduledId);
    Ok(range.in_order(query.load(c.db())?))
}

/// Moves one to another time.
///
/// # Errors
/// As the database's.
pub fn set_time(c: &mut Conn, id: ScheduledId, at: Moment) -> Result<()> {
    each!(c, |db| diesel::update(scheduled_statuses::table.find(id))
        .set(scheduled_statuses::scheduled_at.eq(at))
        .execute(db))?;
    Ok(())
}

/// Removes one; its pictures are free again.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: ScheduledId) -> Result<()> {
    each!(c, |db| diesel::delete(scheduled_statuses::table.find(id)).execute(db))?;
    Ok(())
}

/// When an owner's are due: what limits are counted from, so no more than the greatest number of them.
///
/// # Errors
/// As the database's.
pub fn times_of(c: &mut Conn, owner: AccountId, limit: i64) -> Result<Vec<(ScheduledId, Moment)>> {
    Ok(each!(c, |db| scheduled_statuses::table
        .filter(scheduled_statuses::account_id.eq(owner))
        .select((scheduled_statuses::id, scheduled_statuses::scheduled_at))
        .limit(limit)
        .load(db))?)
}

/// Lets pictures wait with a post, in order.
///
/// # Errors
/// `Conflict` when one waits with another post.
pub fn keep_media(c: &mut Conn, id: ScheduledId, pictures: &[MediaId]) -> Result<()> {
    if pictures.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = (0_i16..)
        .zip(pictures)
        .map(|(position, media)| {
            (
                scheduled_media::media_id.eq(*media),
                scheduled_media::scheduled_id.eq(id),
                scheduled_media::position.eq(position),
            )
        })
        .collect();
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(scheduled_media::table).values(&rows).execute(db))?;
    Ok(())
}

/// With which posts these pictures wait.
///
/// # Errors
/// As the database's.
pub fn waiting_with(c: &mut Conn, pictures: &[MediaId]) -> Result<Vec<(MediaId, ScheduledId)>> {
    Ok(each!(c, |db| scheduled_media::table
        .filter(scheduled_media::media_id.among(pictures))
        .select((scheduled_media::media_id, scheduled_media::scheduled_id))
        .load(db))?)
}

/// The pictures of many, in order.
///
/// # Errors
/// As the database's.
pub fn media_of(c: &mut Conn, ids: &[ScheduledId]) -> Result<Vec<(ScheduledId, Media)>> {
    Ok(each!(c, |db| scheduled_media::table
        .inner_join(media::table)
        .filter(scheduled_media::scheduled_id.among(ids))
        .order((scheduled_media::scheduled_id.asc(), scheduled_media::position.asc()))
        .select((scheduled_media::scheduled_id, Media::as_select()))
        .load(db))?)
}
