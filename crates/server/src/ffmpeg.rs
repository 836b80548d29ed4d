//! Whether ffmpeg is there and works, asked at the start and again while the town serves: who installs it, mends it or takes it away need not start the
//! town anew. What is done with it is in `parvis_media::recording`.

use std::time::Duration;

use parvis_domain::Town;
use tokio_util::sync::CancellationToken;

/// How often it is looked at while it works.
const WHILE_THERE: Duration = Duration::from_secs(60 * 60);
/// The same while it does not.
const WHILE_MISSING: Duration = Duration::from_secs(5 * 60);

/// Looks at the start.
pub(crate) async fn look(town: &Town) {
    match town.recordings().check().await {
        Ok(Some(version)) => tracing::info!(version, "video and sound are taken, with ffmpeg"),
        Ok(None) => tracing::info!("video and sound are not taken: there is no ffmpeg"),
        Err(error) => tracing::warn!(%error, "video and sound are not taken"),
    }
}

/// Looks again and again until the town stops, and says what is different from before. Nothing where recordings are not wanted.
pub(crate) async fn watch(town: Town, stop: CancellationToken) {
    if !town.settings().media.recordings {
        return;
    }
    loop {
        let was_there = town.recordings().is_available();
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(if was_there { WHILE_THERE } else { WHILE_MISSING }) => {}
        }
        match (town.recordings().check().await, was_there) {
            (Ok(Some(version)), false) => tracing::info!(version, "video and sound are taken from now on"),
            (Ok(None), true) => tracing::warn!("video and sound are not taken any more: ffmpeg is gone"),
            (Err(error), true) => tracing::warn!(%error, "video and sound are not taken any more"),
            _ => {}
        }
    }
}
