//! Files handed out: ours from the store, those of other servers fetched on first view, processed like an upload and kept for a time (threats M5: a
//! picture is never passed through as it is). Which headers go with them is in `server::http::files`.

use std::str::FromStr;

use parvis_media::{Found, Key, Opened, Part, Wanted};
use parvis_model::ids::MediaId;
use parvis_model::media::INCOMING;
use parvis_model::time::DAY;
use parvis_model::urls;
use parvis_store::Tx;
use parvis_store::media::{self as rows, Media};

use super::recordings;
use super::{REMOTE_MAX, key_of, new_key, pixels, processed, unavailable};
use crate::error::{Error, OrNotFound, Result};
use crate::leftovers::{self, ShownBy};
use crate::town::Town;
use crate::{access, policy};

/// How long copies of files of other servers are kept; who looks later has them fetched again.
const KEPT_FOR: i64 = 30 * DAY;

/// A file to be served.
#[derive(Debug)]
pub struct Served {
    pub mime: &'static str,
    pub content: Found,
}

/// What is known of a file without opening it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub mime: Option<&'static str>,
    pub length: Option<u64>,
}

impl Served {
    /// All that was asked for. For small files and tests.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is nothing of it; unavailable.
    pub async fn bytes(self) -> Result<bytes::Bytes> {
        match self.content {
            Found::Part(opened) => Opened::bytes(opened).await.map_err(unavailable),
            Found::OutOfRange(_) => Err(Error::NotFound),
        }
    }
}

/// Whether a key is one of a file for everybody's eyes.
#[must_use]
pub fn is_served(key: &str) -> bool {
    !key.starts_with(INCOMING) && parvis_media::mime_of(key).is_some() && Key::from_str(key).is_ok()
}

/// A stored file by the key in its address.
///
/// # Errors
/// [`Error::NotFound`]; unavailable.
pub async fn stored_file(town: &Town, key: &str) -> Result<Served> {
    stored_part(town, key, Part::Whole).await
}

/// What is known of a stored file.
///
/// # Errors
/// As [`stored_part`].
pub async fn about(town: &Town, key: &str) -> Result<About> {
    if !is_served(key) {
        return Err(Error::NotFound);
    }
    let length = town.files().length(&key_of(key)?).await.map_err(unavailable)?.or_not_found()?;
    Ok(About { mime: parvis_media::mime_of(key), length: Some(length) })
}

/// A part of a stored file. What was sent and is not processed yet is nobody's to see.
///
/// # Errors
/// [`Error::NotFound`]; unavailable.
pub async fn stored_part(town: &Town, key: &str, part: Part) -> Result<Served> {
    if !is_served(key) {
        return Err(Error::NotFound);
    }
    let mime = parvis_media::mime_of(key).or_not_found()?;
    let key = Key::from_str(key).map_err(|_| Error::NotFound)?;
    let content = town.files().open_part(&key, part).await.map_err(unavailable)?.or_not_found()?;
    Ok(Served { mime, content })
}

/// A remote file of a post, for whoever knows its address: `mark` is that of its source, which only those are told who see the post (threats I2).
/// `is_small` asks for the preview.
///
/// # Errors
/// [`Error::NotFound`], also for files of people who are suspended (threats O14) and of servers whose pictures the town does not want;
/// [`Error::Remote`].
pub async fn proxied(town: &Town, id: MediaId, mark: &str, is_small: bool, part: Part) -> Result<Served> {
    let row = foreign(town, id, mark).await?;
    let key = match key_of_copy(&row, is_small) {
        Some(key) => key.clone(),
        None => {
            // One fetches, the others wait for that one.
            let turn = town.turns().of(id);
            let _mine = turn.lock().await;
            let row = town.db().read(move |c| rows::by_id(c, id)?.or_not_found()).await?;
            match key_of_copy(&row, is_small) {
                Some(key) => key.clone(),
                None if row.is_recording() => {
                    let now = town.now();
                    if !is_small && town.turns().has_failed(id, now) {
                        return Err(Error::NotFound);
                    }
                    let _place = town.turns().place().await;
                    let fetched = recordings::fetch(town, &row, is_small).await;
                    if fetched.is_err() && !is_small {
                        town.turns().remember_failure(id, now);
                    }
                    fetched?
                }
                None => fetch(town, &row, is_small).await?,
            }
        }
    };
    stored_part(town, &key, part).await
}

/// What is known of such a file, without fetching it: nothing where there is no copy.
///
/// # Errors
/// As [`proxied`], but for what fetching meets.
pub async fn about_proxied(town: &Town, id: MediaId, mark: &str, is_small: bool) -> Result<About> {
    let row = foreign(town, id, mark).await?;
    match key_of_copy(&row, is_small) {
        Some(key) => about(town, key).await,
        None => Ok(About::default()),
    }
}

/// The row of a remote file that may be shown.
async fn foreign(town: &Town, id: MediaId, mark: &str) -> Result<Media> {
    let asked = mark.to_owned();
    town.db()
        .read(move |c| {
            let is_asked =
                |row: &Media| row.remote_url.as_deref().is_some_and(|url| urls::mark(url) == asked);
            let row = rows::by_id(c, id)?.filter(is_asked).or_not_found()?;
            let author = access::active_account(c, row.account_id)?;
            if policy::rejects_media(c, &author.host)? { Err(Error::NotFound) } else { Ok(row) }
        })
        .await
}

fn key_of_copy(row: &Media, is_small: bool) -> Option<&String> {
    if is_small { row.small_key.as_ref() } else { row.file_key.as_ref() }
}

/// Fetches a picture and its small form; returns the key of the one that was asked for.
async fn fetch(town: &Town, row: &Media, is_small: bool) -> Result<String> {
    let url = row.remote_url.clone().or_not_found()?;
    let bytes = town.remote().picture(&url, REMOTE_MAX).await?;
    let made = processed(town, bytes.into(), Wanted::ATTACHMENT).await.map_err(|_| Error::NotFound)?;
    let small = made.thumbnail.clone().unwrap_or_else(|| made.original.clone());
    let (file_key, small_key) = (new_key(town, "remote", &made.original), new_key(town, "remote", &small));
    announce(town, row.id, vec![file_key.clone(), small_key.clone()]).await?;
    for (key, file) in [(&file_key, &made.original), (&small_key, &small)] {
        town.files().put(&key_of(key)?, file.bytes.clone()).await.map_err(unavailable)?;
    }
    let mut fetched = row.clone();
    fetched.mime = made.original.file_type.mime().to_owned();
    (fetched.width, fetched.height) = (pixels(made.original.width), pixels(made.original.height));
    (fetched.small_width, fetched.small_height) = (pixels(small.width), pixels(small.height));
    fetched.blurhash = Some(fetched.blurhash.unwrap_or_else(|| made.blurhash.clone()));
    (fetched.file_key, fetched.small_key) = (Some(file_key), Some(small_key));
    save_copy(town, fetched, is_small).await
}

/// Says which files will be stored as copies, so that they go if nobody writes the row: whoever asked may go away, or die.
pub(super) async fn announce(town: &Town, id: MediaId, keys: Vec<String>) -> Result<()> {
    town.db().write(move |tx| leftovers::delete_unless_shown(tx, &keys, ShownBy::Media(id))).await
}

/// Writes down that there are copies; returns the key of the one that was asked for. If the post is gone meanwhile, or somebody else was faster,
/// ours go.
pub(super) async fn save_copy(town: &Town, fetched: Media, is_small: bool) -> Result<String> {
    town.db()
        .write(move |tx| {
            let now = rows::by_id(tx, fetched.id)?;
            let known = now.as_ref().and_then(|row| key_of_copy(row, is_small)).cloned();
            let Some(now) = now.filter(|_| known.is_none()) else {
                let ours: Vec<String> = fetched.file_key.iter().chain(&fetched.small_key).cloned().collect();
                leftovers::delete_unless_shown(tx, &ours, ShownBy::Media(fetched.id))?;
                return known.or_not_found();
            };
            let row = Media {
                status_id: now.status_id,
                position: now.position,
                description: now.description,
                fetched_at: Some(tx.now()),
                ..fetched.clone()
            };
            rows::save(tx, &row)?;
            key_of_copy(&row, is_small).cloned().or_not_found()
        })
        .await
}

/// Forgets old copies of files of other servers, some at a time, and says which files go with them.
///
/// # Errors
/// Internal.
pub fn forget_copies(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<String>> {
    let before = tx.now().minus(KEPT_FOR);
    let mut files = Vec::new();
    for mut row in rows::fetched_before(tx, before, limit)? {
        files.extend(row.file_key.take().into_iter().chain(row.small_key.take()));
        row.fetched_at = None;
        rows::save(tx, &row)?;
    }
    leftovers::delete(tx, &files)?;
    Ok(files)
}
