//! Files on their way in: how many of one person at a time, where they lie meanwhile, and what is refused before all of it is here. Neighbours: how
//! forms are read is in `client-api`'s `body`; what becomes of a file is in [`super::receive`].

use parvis_media::Upload;
use parvis_media::limits::MAX_BYTES as PICTURE_MAX;
use parvis_media::recording::MAX_BYTES as RECORDING_MAX;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use tokio::sync::OwnedSemaphorePermit;

use super::{recordings, unavailable};
use crate::error::{Error, Result};
use crate::town::Town;

/// A file of somebody that comes in. It has its place until this is dropped.
#[derive(Debug)]
pub struct Arrival {
    town: Town,
    owner: AccountId,
    /// A recording, and theirs may come.
    is_admitted: bool,
    _place: OwnedSemaphorePermit,
}

/// Waits for a place for a file of somebody.
///
/// # Errors
/// [`Refusal::TooManyUploads`].
pub async fn expect(town: &Town, owner: AccountId) -> Result<Arrival> {
    let place = town.turns().upload(owner).await.ok_or(Error::Refused(Refusal::TooManyUploads))?;
    Ok(Arrival { town: town.clone(), owner, is_admitted: false, _place: place })
}

impl Arrival {
    /// A file of which nothing is here yet.
    #[must_use]
    pub fn file(&self) -> Upload {
        Upload::new(self.town.settings().work_folder())
    }

    /// Takes a piece of it, unless it is known by now that it will not be taken.
    ///
    /// # Errors
    /// [`Refusal::MediaSize`]; of recordings [`Refusal::MediaNeedsFfmpeg`] and [`Refusal::MediaWaiting`]; unavailable when there is no room.
    pub async fn take(&mut self, file: &mut Upload, piece: &[u8]) -> Result<()> {
        file.push(piece).await.map_err(unavailable)?;
        let is_recording = file.container().is_some();
        if file.length() > if is_recording { RECORDING_MAX } else { PICTURE_MAX } {
            return Err(Error::field("file", Refusal::MediaSize));
        }
        if is_recording && !self.is_admitted {
            let owner = self.owner;
            recordings::require_ffmpeg(&self.town)?;
            self.town.db().read(move |c| recordings::require_room(c, owner)).await?;
            self.is_admitted = true;
        }
        Ok(())
    }
}
