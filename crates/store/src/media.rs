//! Pictures, video and sound of posts, local (with file keys) and remote (with a URL). Use cases: `domain::media`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, MediaId, StatusId};
use parvis_model::media::files_around;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{media, scheduled_media};
use crate::{Conn, Result};

/// A row of `media`.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = media, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Media {
    pub id: MediaId,
    pub account_id: AccountId,
    /// The post that shows it; `None` while it waits for one.
    pub status_id: Option<StatusId>,
    pub position: i16,
    /// `image` (a still or an animation), `video`, `gifv` (a video without sound), `audio`; `unknown` for remote kinds that we only link.
    pub kind: String,
    pub mime: String,
    pub description: String,
    pub focus_x: f64,
    pub focus_y: f64,
    pub blurhash: Option<String>,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
    /// Pixels of the preview.
    pub small_width: i32,
    /// Pixels of the preview.
    pub small_height: i32,
    pub file_key: Option<String>,
    pub small_key: Option<String>,
    pub remote_url: Option<String>,
    pub created_at: Moment,
    /// [`READY`], [`IN_WORK`] or [`FAILED`].
    pub state: i16,
    /// Why it failed: the key of a refusal.
    pub failure: Option<String>,
    /// The file as it was sent, until it is processed.
    pub source_key: Option<String>,
    /// Where the picture of a remote recording is.
    pub remote_preview_url: Option<String>,
    /// 0 for pictures, and when nobody knows.
    pub duration_ms: i64,
    /// Frames per second as a fraction, such as `30000/1001`; may be empty.
    pub frame_rate: String,
    /// Bits per second; 0 when nobody knows.
    pub bitrate: i64,
    /// Such as `aac`; empty without sound.
    pub audio_codec: String,
    /// Samples per second.
    pub audio_frequency: i32,
    pub audio_channels: i32,
    /// When the copy of a remote file was made; `None` without one.
    pub fetched_at: Option<Moment>,
    /// How often somebody began to process it.
    pub tries: i16,
}

/// It can be shown.
pub const READY: i16 = 0;
/// It is being processed.
pub const IN_WORK: i16 = 1;
/// It could not be processed.
pub const FAILED: i16 = 2;

impl Media {
    /// A row with nothing in it yet.
    #[must_use]
    pub fn new(id: MediaId, account_id: AccountId, kind: &str, created_at: Moment) -> Self {
        Self {
            id,
            account_id,
            status_id: None,
            position: 0,
            kind: kind.to_owned(),
            mime: String::new(),
            description: String::new(),
            focus_x: 0.0,
            focus_y: 0.0,
            blurhash: None,
            width: 0,
            height: 0,
            small_width: 0,
            small_height: 0,
            file_key: None,
            small_key: None,
            remote_url: None,
            created_at,
            state: READY,
            failure: None,
            source_key: None,
            remote_preview_url: None,
            duration_ms: 0,
            frame_rate: String::new(),
            bitrate: 0,
            audio_codec: String::new(),
            audio_frequency: 0,
            audio_channels: 0,
            fetched_at: None,
            tries: 0,
        }
    }

    /// All stored files of it, also those that a process may be about to write.
    #[must_use]
    pub fn files(self) -> Vec<String> {
        let in_work = self.source_key.as_deref().map(files_around).unwrap_or_default();
        self.file_key.into_iter().chain(self.small_key).chain(in_work).collect()
    }

    /// Video or sound.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        matches!(self.kind.as_str(), "video" | "gifv" | "audio")
    }
}

/// A new row.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Media) -> Result<()> {
    each!(c, |db| diesel::insert_into(media::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, row: &Media) -> Result<()> {
    each!(c, |db| diesel::update(media::table.find(row.id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// One picture, whoever owns it: for the proxy of pictures of public posts.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: MediaId) -> Result<Option<Media>> {
    Ok(each!(c, |db| media::table.find(id).select(Media::as_select()).first(db)).optional()?)
}

/// One picture of its owner (threats I1: the owner is part of the question).
///
/// # Errors
/// As the database's.
pub fn of_owner(c: &mut Conn, owner: AccountId, id: MediaId) -> Result<Option<Media>> {
    Ok(each!(c, |db| media::table
        .filter(media::id.eq(id).and(media::account_id.eq(owner)))
        .select(Media::as_select())
        .first(db))
    .optional()?)
}

/// Several pictures of their owner, in no order.
///
/// # Errors
/// As the database's.
pub fn many_of_owner(c: &mut Conn, owner: AccountId, ids: &[MediaId]) -> Result<Vec<Media>> {
    Ok(each!(c, |db| media::table
        .filter(media::id.among(ids).and(media::account_id.eq(owner)))
        .select(Media::as_select())
        .load(db))?)
}

/// Pictures of many posts, in the order in which they show.
///
/// # Errors
/// As the database's.
pub fn of_statuses(c: &mut Conn, statuses: &[StatusId]) -> Result<Vec<Media>> {
    Ok(each!(c, |db| media::table
        .filter(media::status_id.among(statuses))
        .order((media::status_id.asc(), media::position.asc(), media::id.asc()))
        .select(Media::as_select())
        .load(db))?)
}

/// Hangs a picture on a post at a place.
///
/// # Errors
/// As the database's.
pub fn attach(c: &mut Conn, id: MediaId, status: StatusId, position: i16) -> Result<()> {
    each!(c, |db| diesel::update(media::table.find(id))
        .set((media::status_id.eq(status), media::position.eq(position)))
        .execute(db))?;
    Ok(())
}

/// Takes all pictures off a post.
///
/// # Errors
/// As the database's.
pub fn detach_all(c: &mut Conn, status: StatusId) -> Result<()> {
    each!(c, |db| diesel::update(media::table.filter(media::status_id.eq(status)))
        .set(media::status_id.eq(None::<StatusId>))
        .execute(db))?;
    Ok(())
}

/// Removes rows.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, ids: &[MediaId]) -> Result<()> {
    each!(c, |db| diesel::delete(media::table.filter(media::id.among(ids))).execute(db))?;
    Ok(())
}

/// Pictures that belong to no post, not even to one that waits, since before `before`.
///
/// # Errors
/// As the database's.
pub fn orphans(c: &mut Conn, before: Moment, limit: i64) -> Result<Vec<Media>> {
    Ok(each!(c, |db| media::table
        .filter(media::status_id.is_null().and(media::created_at.lt(before)))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            scheduled_media::table.filter(scheduled_media::media_id.eq(media::id)),
        )))
        .order(media::created_at.asc())
        .limit(limit)
        .select(Media::as_select())
        .load(db))?)
}

/// How many recordings of somebody belong to no post.
///
/// # Errors
/// As the database's.
pub fn count_waiting_recordings(c: &mut Conn, owner: AccountId) -> Result<i64> {
    Ok(each!(c, |db| media::table
        .filter(media::account_id.eq(owner).and(media::status_id.is_null()))
        .filter(media::kind.eq_any(["video", "gifv", "audio"]))
        .count()
        .get_result(db))?)
}

/// Copies of remote files that were made before `before`.
///
/// # Errors
/// As the database's.
pub fn fetched_before(c: &mut Conn, before: Moment, limit: i64) -> Result<Vec<Media>> {
    Ok(each!(c, |db| media::table
        .filter(media::fetched_at.is_not_null().and(media::fetched_at.lt(before)))
        .order(media::fetched_at.asc())
        .limit(limit)
        .select(Media::as_select())
        .load(db))?)
}

/// File keys of an account's pictures, for deleting an account.
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<Media>> {
    Ok(each!(c, |db| media::table
        .filter(media::account_id.eq(account))
        .limit(limit)
        .select(Media::as_select())
        .load(db))?)
}
