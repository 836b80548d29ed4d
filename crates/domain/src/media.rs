//! Pictures of posts and profiles: uploaded, described, hung on posts, served, thrown away. Decoding and files are the `media` crate's; nothing
//! of an uploaded file survives but its pixels (threats M1–M5). Video and sound go their own way (`recordings`) and come back here; how files are
//! handed out is in `served`.

pub mod arrivals;
pub mod recordings;
pub mod served;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use bytes::Bytes;
use parvis_media::{Encoded, Key, Processed, Refused, Upload, Wanted};
use parvis_model::ids::{AccountId, CardId, MediaId};
use parvis_model::media::Focus;
use parvis_model::refusal::Refusal;
use parvis_model::time::DAY;
use parvis_store::media::{self as rows, Media};
use parvis_store::{Conn, Tx};

use crate::access;
use crate::error::{Error, FieldProblem, OrNotFound, Result};
use crate::leftovers::{self, ShownBy};
use crate::secrets::new_token;
use crate::statuses::edit::checked_description;
use crate::town::Town;

pub use self::served::{
    About, Served, about, about_proxied, forget_copies, is_served, proxied, stored_file, stored_part,
};

/// Bytes of a remote picture that we fetch, at most.
pub(crate) const REMOTE_MAX: usize = 16 * 1024 * 1024;
/// Pictures without a post are thrown away after this.
const ORPHANED_AFTER: i64 = DAY;

/// What is said about a picture.
#[derive(Clone, Debug, Default)]
pub struct Details {
    pub description: Option<String>,
    pub focus: Option<Focus>,
    /// A small picture of theirs, instead of one that we make.
    pub thumbnail: Option<Bytes>,
}

/// When somebody needs the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// They ask again: a recording is processed by a job.
    AsksAgain,
    /// They wait for it.
    Waits,
}

/// Takes a picture, video or sound from its owner.
///
/// # Errors
/// As [`upload`]; [`Refusal::MediaNeedsFfmpeg`].
pub async fn receive(
    town: &Town,
    owner: AccountId,
    file: Upload,
    details: Details,
    patience: Patience,
) -> Result<MediaId> {
    if let Some(container) = file.container() {
        return recordings::receive(town, owner, container, file, details, patience).await;
    }
    if file.length() > parvis_media::limits::MAX_BYTES {
        return Err(Error::field("file", Refusal::MediaSize));
    }
    upload(town, owner, file.into_bytes().await.map_err(unavailable)?, details).await
}

/// Takes a picture from its owner: decoded in a confined process, stored under a name of ours, then written down.
///
/// # Errors
/// [`Refusal::MediaType`], [`Refusal::MediaSize`]; unavailable when pictures cannot be decoded now.
pub async fn upload(town: &Town, owner: AccountId, bytes: Bytes, details: Details) -> Result<MediaId> {
    let description = checked_description(details.description.as_deref().unwrap_or_default())?;
    let made = processed(town, bytes, Wanted::ATTACHMENT).await?;
    let small = match details.thumbnail {
        Some(bytes) => thumbnail(town, bytes).await?.file,
        None => made.thumbnail.unwrap_or_else(|| made.original.clone()),
    };
    let file_key = new_key(town, "attachments", &made.original);
    let small_key = new_key(town, "attachments", &small);
    let keys = vec![file_key.clone(), small_key.clone()];
    let id = town.db().write(move |tx| begin(tx, owner, &keys)).await?;
    for (key, file) in [(&file_key, &made.original), (&small_key, &small)] {
        town.files().put(&key_of(key)?, file.bytes.clone()).await.map_err(unavailable)?;
    }
    let focus = details.focus.unwrap_or_default();
    let row = Media {
        mime: made.original.file_type.mime().to_owned(),
        description,
        focus_x: focus.x,
        focus_y: focus.y,
        blurhash: Some(made.blurhash.clone()),
        width: pixels(made.original.width),
        height: pixels(made.original.height),
        small_width: pixels(small.width),
        small_height: pixels(small.height),
        file_key: Some(file_key),
        small_key: Some(small_key),
        ..Media::new(id, owner, "image", town.now())
    };
    town.db()
        .write(move |tx| {
            access::active_account(tx, owner)?;
            rows::insert(tx, &row)?;
            Ok(row.id)
        })
        .await
}

/// The id of a picture whose files will be stored, and go if it never gets its row.
fn begin(tx: &mut Tx<'_>, owner: AccountId, keys: &[String]) -> Result<MediaId> {
    access::active_account(tx, owner)?;
    let id = MediaId(tx.new_id());
    leftovers::delete_unless_shown(tx, keys, ShownBy::Media(id))?;
    Ok(id)
}

/// A small picture as it shall be stored.
struct Thumbnail {
    file: Encoded,
    blurhash: String,
}

/// Makes one of what its owner chose.
async fn thumbnail(town: &Town, bytes: Bytes) -> Result<Thumbnail> {
    let made = processed(town, bytes, Wanted::POSTER).await.map_err(|error| match error {
        Error::Invalid(problems) => {
            Error::Invalid(problems.into_iter().map(|p| FieldProblem { field: "thumbnail", ..p }).collect())
        }
        other => other,
    })?;
    // The still form of an animation.
    Ok(Thumbnail { file: made.thumbnail.unwrap_or(made.original), blurhash: made.blurhash })
}

fn pixels(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

async fn processed(town: &Town, bytes: Bytes, wanted: Wanted) -> Result<Processed> {
    let bytes = match parvis_media::sniff::sniff(&bytes) {
        // Only ffmpeg reads it; what it makes of it is a picture like any other.
        Err(Refused::Avif) if town.recordings().reads_avif() => {
            town.recordings().still(&bytes).await.map_err(refused)?
        }
        _ => bytes,
    };
    town.pictures().process(bytes, wanted).await.map_err(refused)
}

/// Says to people why a file was not taken.
fn refused(error: parvis_media::Error) -> Error {
    match error {
        parvis_media::Error::Refused(why) => {
            tracing::debug!(%why, "a file was refused");
            Error::field("file", refusal(&why))
        }
        parvis_media::Error::Unavailable(why) => unavailable(why),
    }
}

const fn refusal(why: &Refused) -> Refusal {
    match why {
        Refused::TooManyBytes { .. } => Refusal::MediaSize,
        Refused::Empty | Refused::UnknownType | Refused::NotYet { .. } => Refusal::MediaType,
        Refused::Heic => Refusal::MediaHeic,
        Refused::Avif => Refusal::MediaAvif,
        Refused::NeedsFfmpeg => Refusal::MediaNeedsFfmpeg,
        Refused::TooManyPixels { .. } | Refused::TooManyFrames { .. } | Refused::TooFast { .. } => {
            Refusal::MediaTooLarge
        }
        Refused::TooLong { .. } => Refusal::MediaTooLong,
        Refused::Damaged => Refusal::MediaDamaged,
        Refused::TooCostly => Refusal::MediaTooCostly,
    }
}

/// A name that nobody can guess: `ab/cdef…`. It is lower case and says nothing of the owner or the upload.
fn new_name(town: &Town) -> String {
    let name: String = hex::encode(new_token(&**town.random()).as_bytes()).chars().take(40).collect();
    let (first, rest) = name.split_at_checked(2).unwrap_or(("00", name.as_str()));
    format!("{first}/{rest}")
}

/// Stores a file that a row will show; if it never does, the file goes.
async fn keep(town: &Town, folder: &str, file: &Encoded, shown_by: ShownBy) -> Result<String> {
    let text = new_key(town, folder, file);
    let keys = [text.clone()];
    town.db().write(move |tx| leftovers::delete_unless_shown(tx, &keys, shown_by.clone())).await?;
    town.files().put(&key_of(&text)?, file.bytes.clone()).await.map_err(unavailable)?;
    Ok(text)
}

fn new_key(town: &Town, folder: &str, file: &Encoded) -> String {
    format!("{folder}/{}.{}", new_name(town), file.file_type.extension())
}

fn key_of(text: &str) -> Result<Key> {
    Key::from_str(text).map_err(|e| Error::internal(e.to_string()))
}

fn unavailable(error: std::io::Error) -> Error {
    Error::Internal(parvis_store::Error::Unavailable(format!("stored files: {error}")))
}

/// Makes and stores a profile picture or an emoji, and returns its key. The row must show it within the hour.
///
/// # Errors
/// As [`upload`].
pub async fn keep_picture(town: &Town, bytes: Bytes, wanted: Wanted, shown_by: ShownBy) -> Result<String> {
    let folder = match wanted.kind {
        parvis_media::Kind::Avatar => "avatars",
        parvis_media::Kind::Header => "headers",
        parvis_media::Kind::Emoji => "emojis",
        parvis_media::Kind::Attachment => "attachments",
    };
    let made = processed(town, bytes, wanted).await?;
    keep(town, folder, &made.original, shown_by).await
}

/// A picture of ours that was made from somebody else's.
#[derive(Clone, Debug)]
pub struct Kept {
    pub key: String,
    pub blurhash: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

/// Makes and stores the picture of a preview card: small, and without a still or moving twin.
///
/// # Errors
/// As [`upload`].
pub async fn keep_card(town: &Town, card: CardId, bytes: Bytes) -> Result<Kept> {
    let made = processed(town, bytes, Wanted::CARD).await?;
    // The still form of an animation.
    let shown = made.thumbnail.as_ref().unwrap_or(&made.original);
    let key = keep(town, "cards", shown, ShownBy::Card(card)).await?;
    Ok(Kept { key, blurhash: made.blurhash, width: pixels(shown.width), height: pixels(shown.height) })
}

/// One's own picture.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub fn own(c: &mut Conn, owner: AccountId, id: MediaId) -> Result<Media> {
    rows::of_owner(c, owner, id)?.or_not_found()
}

/// Changes what is said about a picture that waits for its post, and its small form. On a published post, editing the post does the first.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::TextTooLong`]; what is wrong with the thumbnail.
pub async fn change(town: &Town, owner: AccountId, id: MediaId, details: Details) -> Result<()> {
    let Some(bytes) = details.thumbnail.clone() else {
        return town.db().write(move |tx| describe(tx, owner, id, &details, None)).await;
    };
    // Before anything is decoded.
    town.db().read(move |c| waiting(c, owner, id)).await?;
    let small = thumbnail(town, bytes).await?;
    let key = keep(town, "attachments", &small.file, ShownBy::Media(id)).await?;
    town.db().write(move |tx| describe(tx, owner, id, &details, Some((&key, &small)))).await
}

fn waiting(c: &mut Conn, owner: AccountId, id: MediaId) -> Result<Media> {
    rows::of_owner(c, owner, id)?.filter(|m| m.status_id.is_none()).or_not_found()
}

fn describe(
    tx: &mut Tx<'_>,
    owner: AccountId,
    id: MediaId,
    details: &Details,
    small: Option<(&String, &Thumbnail)>,
) -> Result<()> {
    let mut row = waiting(tx, owner, id)?;
    if let Some((key, small)) = small {
        let old: Vec<String> = row.small_key.replace(key.clone()).into_iter().collect();
        leftovers::delete(tx, &old)?;
        (row.small_width, row.small_height) = (pixels(small.file.width), pixels(small.file.height));
        if row.is_recording() {
            row.blurhash = Some(small.blurhash.clone());
        }
    }
    if let Some(text) = &details.description {
        row.description = checked_description(text)?;
    }
    if let Some(focus) = details.focus {
        (row.focus_x, row.focus_y) = (focus.x, focus.y);
    }
    Ok(rows::save(tx, &row)?)
}

/// Removes a picture that waits for its post, at once (threats M7). The caller may [`discard`] the files after the commit.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::MediaUnusable`] when it hangs on a post.
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: MediaId) -> Result<Vec<String>> {
    let row = rows::of_owner(tx, owner, id)?.or_not_found()?;
    if row.status_id.is_some() {
        return Err(Error::Refused(Refusal::MediaUnusable));
    }
    rows::delete(tx, &[row.id])?;
    let files = row.files();
    leftovers::delete(tx, &files)?;
    Ok(files)
}

/// Removes the rows of pictures that waited too long, some at a time, and says which files go with them.
///
/// # Errors
/// Internal.
pub fn remove_orphans(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<String>> {
    let before = tx.now().minus(ORPHANED_AFTER);
    let found = rows::orphans(tx, before, limit)?;
    let ids: Vec<MediaId> = found.iter().map(|m| m.id).collect();
    rows::delete(tx, &ids)?;
    let files: Vec<String> = found.into_iter().flat_map(Media::files).collect();
    leftovers::delete(tx, &files)?;
    Ok(files)
}

/// Deletes files at once that a job will delete anyway ([`leftovers`]): what fails is left to it.
pub async fn discard(town: &Town, keys: Vec<String>) {
    if let Err(error) = delete_files(town, keys).await {
        tracing::warn!(%error, "files could not be deleted at once");
    }
}

/// Deletes stored files, all that can be; one that is gone already is no error.
///
/// # Errors
/// Unavailable when the folder cannot be written.
pub async fn delete_files(town: &Town, keys: Vec<String>) -> Result<()> {
    let mut failed = None;
    for key in keys.iter().filter_map(|k| Key::from_str(k).ok()) {
        if let Err(error) = town.files().delete(&key).await {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), |error| Err(unavailable(error)))
}
