//! Files that no row knows any more, or will not know: deleted by a durable job, which goes on with the next when one cannot be deleted and comes back
//! for the rest (threats M7). Written in the transaction that forgets them, or before a file is stored that may never get its row.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_media::Key;
use parvis_model::ids::{AccountId, CardId, MediaId};
use parvis_model::time::{HOUR, MINUTE};
use parvis_store::{Conn, Tx, accounts, foreign_pictures, media, policy, preview_cards};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::town::Town;

/// Until files that could not be deleted are tried again.
const PAUSE: i64 = 10 * MINUTE;

/// What is to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftovers {
    keys: Vec<String>,
    /// What this row shows by then stays.
    of: Option<MediaId>,
    /// The same of any kind of row.
    #[serde(default)]
    shown_by: Option<ShownBy>,
}

/// Which row will show a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShownBy {
    Media(MediaId),
    /// As its picture or header.
    Account(AccountId),
    /// One of the town's own, by its short code.
    Emoji(String),
    Card(CardId),
    /// A copy of a picture of another server, by the address of that.
    Foreign(String),
}

impl ShownBy {
    /// The files that the row shows now.
    fn files(&self, c: &mut Conn) -> Result<Vec<String>> {
        Ok(match self {
            Self::Media(id) => media::by_id(c, *id)?.map(media::Media::files).unwrap_or_default(),
            Self::Account(id) => {
                let account = accounts::by_id(c, *id)?;
                account.into_iter().flat_map(|a| [a.avatar, a.header]).flatten().collect()
            }
            Self::Emoji(code) => {
                let found = policy::emojis(c, std::slice::from_ref(code), &[String::new()])?;
                found.into_iter().map(|emoji| emoji.image).collect()
            }
            Self::Card(id) => {
                preview_cards::by_id(c, *id)?.and_then(|card| card.image_key).into_iter().collect()
            }
            Self::Foreign(url) => {
                foreign_pictures::of(c, url)?.map(|copy| copy.file_key).into_iter().collect()
            }
        })
    }
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
    let leftovers = Leftovers { keys: keys.to_vec(), of: None, shown_by: None };
    enqueue::<Town, DeleteFiles>(tx, &leftovers, None, now)?;
    Ok(())
}

/// Deletes these files in an hour, unless the row shows them by then. For before they are stored.
///
/// # Errors
/// Internal.
pub fn delete_unless_shown(tx: &mut Tx<'_>, keys: &[String], by: ShownBy) -> Result<()> {
    let at = tx.now().plus(HOUR);
    let leftovers = Leftovers { keys: keys.to_vec(), of: None, shown_by: Some(by) };
    enqueue::<Town, DeleteFiles>(tx, &leftovers, None, at)?;
    Ok(())
}

/// The job.
pub struct DeleteFiles;

#[async_trait]
impl Job<Town> for DeleteFiles {
    const KIND: &'static str = "media.delete_files";
    type Payload = Leftovers;

    async fn run(leftovers: Leftovers, town: &Town) -> std::result::Result<Next<Leftovers>, Problem> {
        let by = leftovers.shown_by.or(leftovers.of.map(ShownBy::Media));
        let shown_by = by.clone();
        let shown = town.db().read(move |c| shown_by.map_or(Ok(Vec::new()), |by| by.files(c))).await?;
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
        Ok(Next::At(Leftovers { keys: left, of: None, shown_by: by }, town.now().plus(PAUSE)))
    }
}
