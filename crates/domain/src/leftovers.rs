//! Files that no row knows any more, or will not know: deleted by a durable job, which goes on with the next when one cannot be deleted and comes back
//! for the rest (threats M7). Written in the transaction that forgets them, or before a file is stored that may never get its row.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_media::Key;
use parvis_model::ids::MediaId;
use parvis_model::time::{HOUR, MINUTE};
use parvis_store::{Tx, media};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::town::Town;

/// Until files that could not be deleted are tried again.
const PAUSE: i64 = 10 * MINUTE;

/// What is to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftovers {
    keys: Vec<String>,
    /// What this row shows by then stays.
    of: Option<MediaId>,
}

/// Deletes these files soon.
///
/// # Errors
/// Internal.
pub fn delete(tx: &mut Tx<'_>, keys: &[String]) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    enqueue::<Town, DeleteFiles>(tx, &Leftovers { keys: keys.to_vec(), of: None }, None, now)?;
    Ok(())
}

/// Deletes these files in an hour, unless the row shows them by then. For before they are stored.
///
/// # Errors
/// Internal.
pub fn delete_unless_shown(tx: &mut Tx<'_>, keys: &[String], of: MediaId) -> Result<()> {
    let at = tx.now().plus(HOUR);
    enqueue::<Town, DeleteFiles>(tx, &Leftovers { keys: keys.to_vec(), of: Some(of) }, None, at)?;
    Ok(())
}

/// The job.
pub struct DeleteFiles;

#[async_trait]
impl Job<Town> for DeleteFiles {
    const KIND: &'static str = "media.delete_files";
    type Payload = Leftovers;

    async fn run(leftovers: Leftovers, town: &Town) -> std::result::Result<Next<Leftovers>, Problem> {
        let of = leftovers.of;
        let shown: Vec<String> = match of {
            Some(id) => {
                let row = town.db().read(move |c| Ok::<_, Error>(media::by_id(c, id)?)).await?;
                row.into_iter().flat_map(|row| [row.file_key, row.small_key]).flatten().collect()
            }
            None => Vec::new(),
        };
        let mut left = Vec::new();
        for text in leftovers.keys.into_iter().filter(|key| !shown.contains(key)) {
            let Ok(key) = text.parse::<Key>() else { continue };
            if let Err(error) = town.files().delete(&key).await {
                tracing::warn!(%error, "a file could not be deleted, trying again");
                left.push(text);
            }
        }
        if left.is_empty() {
            return Ok(Next::Done);
        }
        Ok(Next::At(Leftovers { keys: left, of }, town.now().plus(PAUSE)))
    }
}
