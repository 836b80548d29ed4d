//! Reading actor documents again that are older than a day, so that no inbox request has to wait for it.

use parvis_domain::actors;
use url::Url;

use super::Federation;

/// Actors read again in one run.
const BATCH: i64 = 50;

impl Federation {
    /// Reads the oldest documents again, at most 50; returns how many answered. One that fails is tried in the next run, unless it is gone (410),
    /// which is then known here too.
    ///
    /// # Errors
    /// Internal.
    pub async fn refresh_some(&self) -> parvis_domain::Result<usize> {
        let due = self.town().db().read(|c| actors::stale(c, BATCH)).await?;
        let mut answered = 0;
        for account in due {
            let Ok(url) = Url::parse(&account.uri) else { continue };
            match self.actor_anew(&url).await {
                Ok(_) => answered += 1,
                Err(problem) => {
                    tracing::debug!(%url, %problem, "an actor could not be read again");
                    let id = account.id;
                    // Otherwise the same dead fifty would be asked for ever.
                    self.town().db().write(move |tx| actors::was_asked(tx, id)).await?;
                }
            }
        }
        Ok(answered)
    }
}
