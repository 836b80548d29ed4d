//! Video and sound: taken at once, processed by a durable job, shown when that is done. Also those of other servers, fetched on first view.
//!
//! Names of files are decided before anything is written, and stand in the row or the payload of the job: whoever dies in the middle leaves nothing
//! that nobody knows of (threats M7, R14).

use std::str::FromStr;

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_media::recording::{Kind, MAX_BYTES};
use parvis_media::{
    Container, Effort, Error as MediaError, Found, Key, Part, Recording, Refused, Turn, Upload, Wanted,
};
use parvis_model::ids::{AccountId, MediaId};
use parvis_model::media::{INCOMING, files_around, made_of, poster_of};
use parvis_model::refusal::Refusal;
use parvis_model::time::{MINUTE, Moment, SECOND};
use parvis_store::media::{self as rows, FAILED, IN_WORK, Media, READY};

use super::served::{announce, save_copy};
use super::{
    Details, Patience, Thumbnail, delete_files, key_of, new_key, new_name, pixels, processed, refusal,
    refused, thumbnail, unavailable,
};
use crate::error::{Error, OrNotFound, Result};
use crate::statuses::edit::checked_description;
use crate::town::Town;
use crate::{Conn, Tx, access};

/// Recordings of one person that belong to no post.
const WAITING_MAX: i64 = 20;
/// Times that it is tried when it is not the recording's fault.
const TRIES: i16 = 5;
/// After this the job looks at what somebody waited for.
const AFTER_WAITING: i64 = 20 * MINUTE;
/// How long it waits while another recording has the processor.
const WHILE_BUSY: i64 = 2 * SECOND;

/// How far a recording of somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Ready,
    InWork,
    Failed(Refusal),
}

/// How far it is.
#[must_use]
pub fn progress(row: &Media) -> Progress {
    match row.state {
        READY => Progress::Ready,
        IN_WORK => Progress::InWork,
        _ => {
            let why = Refusal::ALL.into_iter().find(|refusal| Some(refusal.key()) == row.failure.as_deref());
            Progress::Failed(why.unwrap_or(Refusal::MediaLost))
        }
    }
}

/// Takes a recording; who waits gets it processed.
///
/// # Errors
/// [`Refusal::MediaNeedsFfmpeg`], [`Refusal::MediaSize`], [`Refusal::MediaWaiting`]; for who waits also what is wrong with the recording.
pub(super) async fn receive(
    town: &Town,
    owner: AccountId,
    container: Container,
    file: Upload,
    details: Details,
    patience: Patience,
) -> Result<MediaId> {
    require_ffmpeg(town)?;
    if file.length() > MAX_BYTES {
        return Err(Error::field("file", Refusal::MediaSize));
    }
    let source = format!("{INCOMING}{}.{}", new_name(town), container.extension());
    let small = match details.thumbnail.clone() {
        Some(bytes) => Some(thumbnail(town, bytes).await?),
        None => None,
    };
    let small_key = small.as_ref().map(|small| new_key(town, "attachments", &small.file));
    let row =
        new_row(owner, container, &source, &details, small_key.as_deref().zip(small.as_ref()), town.now())?;
    let id = town.db().write(move |tx| begin(tx, &row)).await?;
    let file = file.into_file().await.map_err(unavailable)?;
    let storing = async {
        if let (Some(key), Some(small)) = (&small_key, small) {
            town.files().put(&key_of(key)?, small.file.bytes).await.map_err(unavailable)?;
        }
        town.files().put_file(&key_of(&source)?, file).await.map_err(unavailable)
    };
    if let Err(error) = storing.await {
        town.db().write(move |tx| Ok::<_, Error>(rows::delete(tx, &[id])?)).await?;
        return Err(error);
    }
    let later = Later { id, source: source.clone(), tries: 0 };
    // Who waits may go away before it is done; then the job does it.
    let pause = if patience == Patience::Waits { AFTER_WAITING } else { 0 };
    town.db()
        .write(move |tx| {
            let at = tx.now().plus(pause);
            enqueue::<Town, ProcessRecording>(tx, &later, None, at)?;
            Ok::<_, Error>(())
        })
        .await?;
    match patience {
        Patience::AsksAgain => {}
        Patience::Waits => {
            let turn = town.recordings().wait_for_turn().await;
            process(town, turn, id, &source).await?;
            let row = town.db().read(move |c| rows::of_owner(c, owner, id)?.or_not_found()).await?;
            if let Progress::Failed(why) = progress(&row) {
                return Err(Error::field("file", why));
            }
        }
    }
    Ok(id)
}

/// Refuses recordings where nothing can process them.
pub(super) fn require_ffmpeg(town: &Town) -> Result<()> {
    if town.recordings().is_available() {
        Ok(())
    } else {
        Err(Error::field("file", Refusal::MediaNeedsFfmpeg))
    }
}

/// Refuses one more recording of somebody who has many that are in no post.
pub(super) fn require_room(c: &mut Conn, owner: AccountId) -> Result<()> {
    if rows::count_waiting_recordings(c, owner)? < WAITING_MAX {
        return Ok(());
    }
    Err(Error::field("file", Refusal::MediaWaiting))
}

/// A recording that comes, and where it will be.
fn new_row(
    owner: AccountId,
    container: Container,
    source: &str,
    details: &Details,
    small: Option<(&str, &Thumbnail)>,
    now: Moment,
) -> Result<Media> {
    let focus = details.focus.unwrap_or_default();
    let is_sound = container.mime().starts_with("audio/");
    let mut row = Media {
        description: checked_description(details.description.as_deref().unwrap_or_default())?,
        focus_x: focus.x,
        focus_y: focus.y,
        state: IN_WORK,
        source_key: Some(source.to_owned()),
        ..Media::new(MediaId(0), owner, if is_sound { "audio" } else { "video" }, now)
    };
    if let Some((key, small)) = small {
        row.small_key = Some(key.to_owned());
        (row.small_width, row.small_height) = (pixels(small.file.width), pixels(small.file.height));
        row.blurhash = Some(small.blurhash.clone());
    }
    Ok(row)
}

/// Writes down that a recording comes.
fn begin(tx: &mut Tx<'_>, row: &Media) -> Result<MediaId> {
    access::active_account(tx, row.account_id)?;
    require_room(tx, row.account_id)?;
    let row = Media { id: MediaId(tx.new_id()), ..row.clone() };
    rows::insert(tx, &row)?;
    Ok(row.id)
}

/// Processes what was sent and writes down what became of it. Who is called again does the same again.
///
/// # Errors
/// When it cannot be done here and now, though nothing is wrong with the recording.
async fn process(town: &Town, turn: Turn<'_>, id: MediaId, source: &str) -> Result<()> {
    let Some(row) = town.db().write(move |tx| begin_try(tx, id)).await? else {
        return clean_up(town, id, source).await;
    };
    let container =
        Container::ALL.into_iter().find(|kind| source.ends_with(&format!(".{}", kind.extension())));
    let container = container.or_not_found()?;
    match processed_source(town, turn, container, source).await {
        Ok(recording) => finish(town, row, source, recording).await?,
        Err(MediaError::Refused(why)) => {
            tracing::debug!(%id, %why, "a recording was refused");
            give_up(town, id, refusal(&why)).await?;
        }
        Err(error) => return Err(refused(error)),
    }
    clean_up(town, id, source).await
}

/// Counts a try before the work begins, so that one which ends with the process counts too; `None` when nothing is left to do, or it was tried too
/// often.
fn begin_try(tx: &mut Tx<'_>, id: MediaId) -> Result<Option<Media>> {
    let Some(row) = rows::by_id(tx, id)?.filter(|row| row.state == IN_WORK) else { return Ok(None) };
    if row.tries >= TRIES {
        tracing::error!(%id, "a recording was tried too often");
        rows::save(tx, &failed(row, Refusal::MediaLost))?;
        return Ok(None);
    }
    let row = Media { tries: row.tries + 1, ..row };
    rows::save(tx, &row)?;
    Ok(Some(row))
}

async fn processed_source(
    town: &Town,
    turn: Turn<'_>,
    container: Container,
    source: &str,
) -> std::result::Result<Recording, MediaError> {
    let key = Key::from_str(source).map_err(std::io::Error::other)?;
    let fill = |mut file: tokio::fs::File| async move {
        match town.files().open_part(&key, Part::Whole).await? {
            Some(Found::Part(sent)) => sent.copy_to(&mut file).await,
            _ => Err(std::io::ErrorKind::NotFound.into()),
        }
    };
    match turn.process(container, Effort::Convert, fill).await {
        Err(MediaError::Unavailable(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Refused::Empty.into())
        }
        other => other,
    }
}

/// Stores what was made and shows it, unless its owner removed it meanwhile.
async fn finish(town: &Town, row: Media, source: &str, recording: Recording) -> Result<()> {
    let mut done = Media { state: READY, source_key: None, ..row };
    let keys = (poster_of(source), made_of(source, recording.container.extension()));
    describe(town, &mut done, recording, keys).await?;
    town.db()
        .write(move |tx| {
            // What was said about it meanwhile stays.
            let Some(now) = rows::by_id(tx, done.id)?.filter(|row| row.state == IN_WORK) else {
                return Ok(());
            };
            let done = Media {
                description: now.description,
                focus_x: now.focus_x,
                focus_y: now.focus_y,
                status_id: now.status_id,
                position: now.position,
                ..done.clone()
            };
            let done = match now.small_key {
                // Theirs, perhaps since a moment ago.
                Some(_) => Media {
                    small_key: now.small_key,
                    small_width: now.small_width,
                    small_height: now.small_height,
                    blurhash: now.blurhash,
                    ..done
                },
                None => done,
            };
            Ok::<_, Error>(rows::save(tx, &done)?)
        })
        .await
}

/// Stores a recording and its poster under these names and writes into the row what they are.
async fn describe(
    town: &Town,
    row: &mut Media,
    recording: Recording,
    (poster_key, file_key): (String, String),
) -> Result<()> {
    row.kind = match recording.kind {
        Kind::Film => "video",
        Kind::Silent => "gifv",
        Kind::Sound => "audio",
    }
    .to_owned();
    recording.container.mime().clone_into(&mut row.mime);
    (row.width, row.height) = (pixels(recording.width), pixels(recording.height));
    row.duration_ms = recording.milliseconds;
    row.frame_rate = recording.frame_rate;
    row.bitrate = recording.bitrate;
    if let Some(sound) = recording.sound {
        row.audio_codec = sound.codec;
        (row.audio_frequency, row.audio_channels) = (pixels(sound.frequency), pixels(sound.channels));
    }
    town.files().put_file(&key_of(&file_key)?, recording.file).await.map_err(unavailable)?;
    row.file_key = Some(file_key);
    // A picture that its owner chose stays.
    if row.small_key.is_none()
        && let Some(frame) = recording.poster
        // A frame that cannot be read is no reason to refuse the video.
        && let Ok(made) = processed(town, frame, Wanted::POSTER).await
    {
        let small = &made.original;
        town.files().put(&key_of(&poster_key)?, small.bytes.clone()).await.map_err(unavailable)?;
        row.small_key = Some(poster_key);
        (row.small_width, row.small_height) = (pixels(small.width), pixels(small.height));
        row.blurhash = Some(made.blurhash);
    }
    Ok(())
}

async fn give_up(town: &Town, id: MediaId, why: Refusal) -> Result<()> {
    town.db()
        .write(move |tx| {
            let Some(row) = rows::by_id(tx, id)?.filter(|row| row.state == IN_WORK) else { return Ok(()) };
            Ok::<_, Error>(rows::save(tx, &failed(row, why))?)
        })
        .await
}

fn failed(row: Media, why: Refusal) -> Media {
    Media { state: FAILED, failure: Some(why.key().to_owned()), ..row }
}

/// Removes the source; and what was made of it, if nobody shows that.
async fn clean_up(town: &Town, id: MediaId, source: &str) -> Result<()> {
    let row = town.db().read(move |c| Ok::<_, Error>(rows::by_id(c, id)?)).await?;
    let shown: Vec<String> =
        row.into_iter().flat_map(|row| [row.file_key, row.small_key]).flatten().collect();
    let files = files_around(source).into_iter().filter(|file| !shown.contains(file)).collect();
    delete_files(town, files).await
}

/// What the job is told: the recording, its source, and how often it could not be tried.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Later {
    id: MediaId,
    source: String,
    tries: u8,
}

/// Processes a recording.
pub struct ProcessRecording;

#[async_trait]
impl Job<Town> for ProcessRecording {
    const KIND: &'static str = "media.process_recording";
    /// More than the tries that the row counts, which tell people when they are over.
    const ATTEMPTS: i32 = 20;
    /// More than the work on one may take, for storing what was made.
    const LIMIT: std::time::Duration = std::time::Duration::from_secs(600);
    type Payload = Later;

    async fn run(later: Later, town: &Town) -> std::result::Result<Next<Later>, Problem> {
        let Some(turn) = town.recordings().turn() else {
            return Ok(Next::At(later, town.now().plus(WHILE_BUSY)));
        };
        match process(town, turn, later.id, &later.source).await {
            Ok(()) => Ok(Next::Done),
            Err(error) if i16::from(later.tries) + 1 < TRIES => {
                tracing::warn!(id = %later.id, %error, "a recording could not be processed, trying again");
                let pause = Self::pause(i32::from(later.tries) + 1);
                Ok(Next::At(Later { tries: later.tries + 1, ..later }, town.now().plus(pause)))
            }
            Err(error) => {
                tracing::error!(id = %later.id, %error, "a recording could not be processed");
                give_up(town, later.id, Refusal::MediaLost).await?;
                clean_up(town, later.id, &later.source).await?;
                Ok(Next::Done)
            }
        }
    }
}

/// Fetches a recording of another server, or the picture of it; returns the key of what was asked for. Where ffmpeg is, what plays everywhere comes
/// out of it like an upload; the rest is kept as it is, under a type that its content has.
pub(super) async fn fetch(town: &Town, row: &Media, is_small: bool) -> Result<String> {
    let mut fetched = row.clone();
    let name = new_name(town);
    if is_small {
        let url = row.remote_preview_url.clone().or_not_found()?;
        let bytes = town.remote().picture(&url, super::REMOTE_MAX).await?;
        let made = processed(town, bytes.into(), Wanted::POSTER).await.map_err(|_| Error::NotFound)?;
        let shown = made.thumbnail.as_ref().unwrap_or(&made.original);
        let key = super::new_key(town, "remote", shown);
        announce(town, row.id, vec![key.clone()]).await?;
        town.files().put(&key_of(&key)?, shown.bytes.clone()).await.map_err(unavailable)?;
        fetched.small_key = Some(key);
        (fetched.small_width, fetched.small_height) =
            (pixels(made.original.width), pixels(made.original.height));
        fetched.blurhash = row.blurhash.clone().or(Some(made.blurhash));
        return save_copy(town, fetched, true).await;
    }
    let url = row.remote_url.clone().or_not_found()?;
    let file = town.remote().recording(&url, MAX_BYTES).await?;
    let container = file.container().or_not_found()?;
    let mut file = file.into_file().await.map_err(unavailable)?;
    // Who only wants it taken over does not wait for a conversion.
    if town.recordings().is_available()
        && let Some(turn) = town.recordings().turn()
    {
        let copy = file.try_clone().map_err(unavailable)?;
        let fill = |mut target: tokio::fs::File| async move {
            let mut source = tokio::fs::File::from_std(copy);
            tokio::io::copy(&mut source, &mut target).await?;
            tokio::io::AsyncWriteExt::flush(&mut target).await
        };
        match turn.process(container, Effort::TakeOver, fill).await {
            Ok(recording) => {
                let keys = (
                    format!("remote/{name}-small.jpg"),
                    format!("remote/{name}.{}", recording.container.extension()),
                );
                let kind = fetched.kind.clone();
                announce(town, row.id, vec![keys.0.clone(), keys.1.clone()]).await?;
                describe(town, &mut fetched, recording, keys).await?;
                // Its author says what it is.
                fetched.kind = kind;
                return save_copy(town, fetched, false).await;
            }
            Err(MediaError::Refused(Refused::TooCostly) | MediaError::Unavailable(_)) => {}
            Err(MediaError::Refused(why)) => {
                tracing::debug!(id = %row.id, %why, "a remote recording is not shown");
                return Err(Error::NotFound);
            }
        }
        std::io::Seek::rewind(&mut file).map_err(unavailable)?;
    }
    let key = format!("remote/{name}.{}", container.extension());
    announce(town, row.id, vec![key.clone()]).await?;
    town.files().put_file(&key_of(&key)?, file).await.map_err(unavailable)?;
    fetched.file_key = Some(key);
    container.mime().clone_into(&mut fetched.mime);
    save_copy(town, fetched, false).await
}
