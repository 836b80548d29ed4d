//! Pictures of posts and profiles: uploaded, described, hung on posts, served, thrown away. Decoding and files are the `media` crate's; nothing
//! of an uploaded file survives but its pixels (threats M1–M5).

use std::str::FromStr;

use bytes::Bytes;
use parvis_media::{Encoded, Key, Processed, Wanted};
use parvis_model::ids::{AccountId, MediaId};
use parvis_model::media::Focus;
use parvis_model::refusal::Refusal;
use parvis_model::time::DAY;
use parvis_model::urls;
use parvis_store::media::{self as rows, Media};
use parvis_store::{Conn, Tx};

use crate::error::{Error, OrNotFound, Result};
use crate::secrets::new_token;
use crate::statuses::edit::checked_description;
use crate::town::Town;
use crate::{access, policy};

/// Bytes of a remote picture that we fetch, at most.
pub(crate) const REMOTE_MAX: usize = 16 * 1024 * 1024;
/// Pictures without a post are thrown away after this.
const ORPHANED_AFTER: i64 = DAY;

/// What is said about a picture.
#[derive(Clone, Debug, Default)]
pub struct Details {
    pub description: Option<String>,
    pub focus: Option<Focus>,
}

/// Takes a picture from its owner: decoded in a confined process, stored under a name of ours, then written down.
///
/// # Errors
/// [`Refusal::MediaType`], [`Refusal::MediaSize`]; unavailable when pictures cannot be decoded now.
pub async fn upload(town: &Town, owner: AccountId, bytes: Bytes, details: Details) -> Result<MediaId> {
    let description = checked_description(details.description.as_deref().unwrap_or_default())?;
    let made = processed(town, bytes, Wanted::ATTACHMENT).await?;
    let file_key = keep(town, "attachments", &made.original).await?;
    let small = made.thumbnail.as_ref().unwrap_or(&made.original);
    let small_key = keep(town, "attachments", small).await?;
    let focus = details.focus.unwrap_or_default();
    let row = Media {
        id: MediaId(0),
        account_id: owner,
        status_id: None,
        position: 0,
        kind: "image".to_owned(),
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
        remote_url: None,
        created_at: town.now(),
    };
    town.db()
        .write(move |tx| {
            access::active_account(tx, owner)?;
            let row = Media { id: MediaId(tx.new_id()), ..row.clone() };
            rows::insert(tx, &row)?;
            Ok(row.id)
        })
        .await
}

fn pixels(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

async fn processed(town: &Town, bytes: Bytes, wanted: Wanted) -> Result<Processed> {
    town.pictures().process(bytes, wanted).await.map_err(|e| match e {
        parvis_media::Error::Refused(parvis_media::Refused::TooManyBytes { .. }) => {
            Error::field("file", Refusal::MediaSize)
        }
        parvis_media::Error::Refused(why) => {
            tracing::debug!(%why, "a picture was refused");
            Error::field("file", Refusal::MediaType)
        }
        parvis_media::Error::Unavailable(why) => {
            Error::Internal(parvis_store::Error::Unavailable(why.to_string()))
        }
    })
}

async fn keep(town: &Town, folder: &str, file: &Encoded) -> Result<String> {
    // Keys are lower case and say nothing of the owner or the upload.
    let name: String = hex::encode(new_token(&**town.random()).as_bytes()).chars().take(40).collect();
    let (first, rest) = name.split_at_checked(2).unwrap_or(("00", name.as_str()));
    let text = format!("{folder}/{first}/{rest}.{}", file.file_type.extension());
    let key = Key::from_str(&text).map_err(|e| Error::internal(e.to_string()))?;
    town.files().put(&key, file.bytes.clone()).await.map_err(unavailable)?;
    Ok(text)
}

fn unavailable(error: std::io::Error) -> Error {
    Error::Internal(parvis_store::Error::Unavailable(format!("stored files: {error}")))
}

/// Makes and stores a profile picture or an emoji, and returns its key.
///
/// # Errors
/// As [`upload`].
pub async fn keep_picture(town: &Town, bytes: Bytes, wanted: Wanted) -> Result<String> {
    let folder = match wanted.kind {
        parvis_media::Kind::Avatar => "avatars",
        parvis_media::Kind::Header => "headers",
        parvis_media::Kind::Emoji => "emojis",
        parvis_media::Kind::Attachment => "attachments",
    };
    let made = processed(town, bytes, wanted).await?;
    keep(town, folder, &made.original).await
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
pub async fn keep_card(town: &Town, bytes: Bytes) -> Result<Kept> {
    let made = processed(town, bytes, Wanted::CARD).await?;
    // The still form of an animation.
    let shown = made.thumbnail.as_ref().unwrap_or(&made.original);
    let key = keep(town, "cards", shown).await?;
    Ok(Kept { key, blurhash: made.blurhash, width: pixels(shown.width), height: pixels(shown.height) })
}

/// One's own picture.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub fn own(c: &mut Conn, owner: AccountId, id: MediaId) -> Result<Media> {
    rows::of_owner(c, owner, id)?.or_not_found()
}

/// Changes what is said about a picture that waits for its post. On a published post, editing the post does that.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::TextTooLong`].
pub fn describe(tx: &mut Tx<'_>, owner: AccountId, id: MediaId, details: &Details) -> Result<()> {
    let mut row = rows::of_owner(tx, owner, id)?.filter(|m| m.status_id.is_none()).or_not_found()?;
    if let Some(text) = &details.description {
        row.description = checked_description(text)?;
    }
    if let Some(focus) = details.focus {
        (row.focus_x, row.focus_y) = (focus.x, focus.y);
    }
    Ok(rows::save(tx, &row)?)
}

/// Removes a picture that waits for its post, at once (threats M7). The caller deletes the files with [`delete_files`] after the commit.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::MediaUnusable`] when it hangs on a post.
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: MediaId) -> Result<Vec<String>> {
    let row = rows::of_owner(tx, owner, id)?.or_not_found()?;
    if row.status_id.is_some() {
        return Err(Error::Refused(Refusal::MediaUnusable));
    }
    rows::delete(tx, &[row.id])?;
    Ok(row.file_key.into_iter().chain(row.small_key).collect())
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
    Ok(found.into_iter().flat_map(|m| m.file_key.into_iter().chain(m.small_key)).collect())
}

/// Deletes stored files; one that is gone already is no error.
///
/// # Errors
/// Unavailable when the folder cannot be written.
pub async fn delete_files(town: &Town, keys: Vec<String>) -> Result<()> {
    for key in keys.iter().filter_map(|k| Key::from_str(k).ok()) {
        town.files().delete(&key).await.map_err(unavailable)?;
    }
    Ok(())
}

/// A file to be served.
#[derive(Clone, Debug)]
pub struct Served {
    pub bytes: Bytes,
    pub mime: &'static str,
}

/// A stored file by the key in its address.
///
/// # Errors
/// [`Error::NotFound`]; unavailable.
pub async fn stored_file(town: &Town, key: &str) -> Result<Served> {
    let key = Key::from_str(key).map_err(|_| Error::NotFound)?;
    let bytes = town.files().get(&key).await.map_err(unavailable)?.or_not_found()?;
    let mime = parvis_media::sniff::sniff(&bytes).map_err(|_| Error::NotFound)?.mime();
    Ok(Served { bytes, mime })
}

/// A remote picture of a post, fetched on first view, decoded like an upload and kept (threats M5: never passed through as it is), for whoever
/// knows its address: `mark` is that of its source, which only those are told who see the post (threats I2). `is_small` asks for the preview.
///
/// # Errors
/// [`Error::NotFound`], also for pictures of people who are suspended (threats O14) and of servers whose pictures the town does not want;
/// [`Error::Remote`].
pub async fn proxied(town: &Town, id: MediaId, mark: &str, is_small: bool) -> Result<Served> {
    let asked = mark.to_owned();
    let row = town
        .db()
        .read(move |c| {
            let is_asked =
                |row: &Media| row.remote_url.as_deref().is_some_and(|url| urls::mark(url) == asked);
            let row = rows::by_id(c, id)?.filter(is_asked).or_not_found()?;
            let author = access::active_account(c, row.account_id)?;
            if policy::rejects_media(c, &author.host)? { Err(Error::NotFound) } else { Ok(row) }
        })
        .await?;
    let known = if is_small { row.small_key.clone() } else { row.file_key.clone() };
    if let Some(key) = known {
        return stored_file(town, &key).await;
    }
    let url = row.remote_url.clone().or_not_found()?;
    let bytes = town.remote().picture(&url, REMOTE_MAX).await?;
    let made = processed(town, bytes.into(), Wanted::ATTACHMENT).await.map_err(|_| Error::NotFound)?;
    let small = made.thumbnail.clone().unwrap_or_else(|| made.original.clone());
    let file_key = keep(town, "remote", &made.original).await?;
    let small_key = keep(town, "remote", &small).await?;
    let shown = if is_small { small.clone() } else { made.original.clone() };
    town.db()
        .write(move |tx| {
            let Some(mut row) = rows::by_id(tx, id)? else { return Ok(()) };
            row.mime = made.original.file_type.mime().to_owned();
            (row.width, row.height) = (pixels(made.original.width), pixels(made.original.height));
            (row.small_width, row.small_height) = (pixels(small.width), pixels(small.height));
            row.blurhash = Some(row.blurhash.unwrap_or_else(|| made.blurhash.clone()));
            (row.file_key, row.small_key) = (Some(file_key.clone()), Some(small_key.clone()));
            Ok::<_, Error>(rows::save(tx, &row)?)
        })
        .await?;
    Ok(Served { mime: shown.file_type.mime(), bytes: shown.bytes })
}
