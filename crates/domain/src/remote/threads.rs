//! Where a remote post stands in its thread. The parent may come later: until then its address is kept, and when it comes the threads are joined.

use parvis_model::ids::ThreadId;
use parvis_store::statuses::{self, Status};
use parvis_store::{Tx, jobs};

use crate::error::Result;
use crate::events::urls_of;

/// The job that fetches what a post answers.
pub const ANCESTORS: &str = "remote.ancestors";
/// Posts that wait for one parent and are given to it at once.
const ORPHANS: i64 = 1_000;

/// What a post answers, if we have it. Our own posts are recognised by either of their addresses.
pub(super) fn parent(tx: &mut Tx<'_>, uri: &str) -> Result<Option<Status>> {
    if let Some(found) = statuses::by_uri(tx, uri)? {
        return Ok(Some(found).filter(|s| s.boost_of_id.is_none()));
    }
    let ours = urls_of(tx)?.status_of(uri);
    Ok(match ours {
        Some(id) => statuses::by_id(tx, id)?.filter(|s| s.is_local && s.boost_of_id.is_none()),
        None => None,
    })
}

/// Gives a new post those that waited for it, and joins their threads with its own. Whether any waited.
pub(super) fn adopt(tx: &mut Tx<'_>, status: &Status) -> Result<bool> {
    let orphans = statuses::orphans_of(tx, &status.uri, ORPHANS)?;
    if orphans.is_empty() {
        return Ok(false);
    }
    statuses::adopt(tx, &status.uri, status.id, status.account_id)?;
    let mut threads: Vec<ThreadId> =
        orphans.iter().map(|o| o.thread_id).filter(|t| *t != status.thread_id).collect();
    threads.sort_unstable();
    threads.dedup();
    for thread in threads {
        statuses::join_threads(tx, thread, status.thread_id)?;
    }
    Ok(true)
}

/// Asks for the missing parent of a post, in a job of its own (threats F10).
pub(super) fn want_parent(tx: &mut Tx<'_>, parent_uri: &str) -> Result<()> {
    let payload = serde_json::json!({ "uri": parent_uri }).to_string();
    let now = tx.now();
    // The key has a length of its own; two posts that wait for one parent need one job.
    let key = format!("{ANCESTORS}/{}", crate::secrets::hash(parent_uri));
    jobs::enqueue(tx, ANCESTORS, &payload, Some(&key), now)?;
    tx.notify("jobs", 0);
    Ok(())
}
