//! Pictures of kinds that only ffmpeg can read (AVIF): decoded in the confined process and handed on as a JPEG, which is then treated like any
//! picture that somebody sent (`process`): not trusted, and made anew.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::work::{RESULT, SOURCE, Work};
use super::{Programs, Recordings, SHORT_PATIENCE, plan};
use crate::{Container, Error, Refused, limits};

/// Decoders of AV1 without which no such picture is read.
pub(super) const DECODERS: [&str; 3] = ["libdav1d", "libaom-av1", "libgav1"];

impl Recordings {
    /// Whether AVIF pictures are taken now.
    #[must_use]
    pub fn reads_avif(&self) -> bool {
        self.is_available()
            && self
                .0
                .as_ref()
                .is_some_and(|programs| programs.reads_avif.load(std::sync::atomic::Ordering::Relaxed))
    }

    /// Makes a JPEG of an AVIF picture. What is transparent in it is lost, and of a moving one the first picture stays.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be used or takes too long; [`Error::Unavailable`] if the programs cannot be run here.
    pub async fn still(&self, bytes: &Bytes) -> Result<Bytes, Error> {
        limits::check_length(bytes)?;
        let Some(programs) = self.0.as_ref().filter(|_| self.reads_avif()) else {
            return Err(Refused::Avif.into());
        };
        // Not in the queue of recordings: who waits for this one waits for an answer.
        let working = async {
            let _turn = programs.stills.acquire().await.map_err(io::Error::other)?;
            programs.still(bytes).await
        };
        timeout(2 * SHORT_PATIENCE, working).await.unwrap_or_else(|_| Err(Refused::TooCostly.into()))
    }
}

impl Programs {
    async fn still(&self, bytes: &Bytes) -> Result<Bytes, Error> {
        let found = self.found()?;
        let work = Work::new(&self.folder)?;
        let mut source = work.source().await?;
        source.write_all(bytes).await?;
        source.flush().await?;
        // AVIF lies in the boxes of MP4.
        let container = Container::Mp4;
        let seen = self.ask(&found.ffprobe, &work, SOURCE, container).await?;
        let picture = seen.picture.as_ref().filter(|p| p.codec == "av1").ok_or(Refused::Damaged)?;
        limits::check_size(picture.width, picture.height)?;
        let arguments = plan::still(container, picture.index);
        let ended = self.run(&found.ffmpeg, &work, &arguments, SHORT_PATIENCE).await?;
        if !ended.is_success {
            tracing::debug!(complaint = ended.complaint, "ffmpeg failed");
            return Err(if ended.is_killed { Refused::TooCostly } else { Refused::Damaged }.into());
        }
        let mut made = Vec::new();
        let file = tokio::fs::File::open(work.path(RESULT)).await?;
        file.take(limits::MAX_BYTES.saturating_add(1)).read_to_end(&mut made).await?;
        if made.is_empty() { Err(Refused::Damaged.into()) } else { Ok(made.into()) }
    }
}
