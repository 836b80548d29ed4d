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
use super::{REMOTE_MAX, keep, pixels, processed, unavailable};
use crate::error::{Error, OrNotFound, Result};
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
    let key = match key_of_copy(&row, is_small) {
        Some(key) => key.clone(),
        None => {
            // One fetches, the others wait for that one.
            let turn = town.turns().of(id);
            let _mine = turn.lock().await;
            let row = town.db().read(move |c| rows::by_id(c, id)?.or_not_found()).await?;
            match key_of_copy(&row, is_small) {
                Some(key) => key.clone(),
                None if row.is_recording() => recordings::fetch(town, &row, is_small).await?,
                None => fetch(town, &row, is_small).await?,
            }
        }
    };
    stored_part(town, &key, part).await
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
    let file_key = keep(town, "remote", &made.original).await?;
    let small_key = keep(town, "remote", &small).await?;
    let shown = if is_small { small_key.clone() } else { file_key.clone() };
    let id = row.id;
    town.db()
        .write(move |tx| {
            let Some(mut row) = rows::by_id(tx, id)? else { return Ok(()) };
            row.mime = made.original.file_type.mime().to_owned();
            (row.width, row.height) = (pixels(made.original.width), pixels(made.original.height));
            (row.small_width, row.small_height) = (pixels(small.width), pixels(small.height));
            row.blurhash = Some(row.blurhash.unwrap_or_else(|| made.blurhash.clone()));
            (row.file_key, row.small_key) = (Some(file_key.clone()), Some(small_key.clone()));
            row.fetched_at = Some(tx.now());
            Ok::<_, Error>(rows::save(tx, &row)?)
        })
        .await?;
    Ok(shown)
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
    Ok(files)
}
