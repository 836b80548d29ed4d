//! Where a remote post stands in its thread. The parent may come later: until then its address is kept, and when it comes the threads are joined.

use parvis_model::ids::{AccountId, StatusId, ThreadId};
use parvis_model::visibility::Visibility;
use parvis_store::statuses::{self, Status};
use parvis_store::{Tx, jobs, thread_mutes};

use crate::error::Result;
use crate::events::urls_of;
use crate::{access, addresses};

/// The job that fetches what a post answers.
pub const ANCESTORS: &str = "remote.ancestors";
/// The job that fetches the answers to a post.
pub const ANSWERS: &str = "remote.answers";
/// Posts that wait for one parent and are given to it at once.
const ORPHANS: i64 = 1_000;

/// What a post answers, if we have it and its author can have read it. Our own posts are recognised by either of their addresses.
pub(super) fn parent(
    tx: &mut Tx<'_>,
    uri: &str,
    author: AccountId,
    visibility: Visibility,
) -> Result<Option<Status>> {
    let urls = urls_of(tx)?;
    let Some(found) = addresses::status(tx, &urls, uri)?.filter(|s| s.boost_of_id.is_none()) else {
        return Ok(None);
    };
    let is_answer = answering(tx, &found, &[(author, visibility)])?.contains(&true);
    Ok(is_answer.then_some(found))
}

/// Which of those that say that they answer a post may: whose author may see it. To the others it is as if it were not here, or naming its address
/// would tell everybody that it is (threats I2, I5); so who is blocked by its author does not get below it either. Whom a post of another server
/// is for is known to that server only: an answer to it that is not for everybody is believed.
fn answering(tx: &mut Tx<'_>, parent: &Status, answers: &[(AccountId, Visibility)]) -> Result<Vec<bool>> {
    let authors: Vec<AccountId> = answers.iter().map(|(author, _)| *author).collect();
    let may = access::who_may_see(tx, parent, &authors)?;
    let is_believed = |visibility: &Visibility| !parent.is_local && !visibility.is_for_everybody();
    Ok(answers.iter().map(|(author, visibility)| may.contains(author) || is_believed(visibility)).collect())
}

/// Gives a new post those that waited for it, and joins their threads with its own. Whether any waited. One that stands in the post's own thread
/// already is above it: a circle is not closed.
pub(super) fn adopt(tx: &mut Tx<'_>, status: &Status) -> Result<bool> {
    let waiting = statuses::orphans_of(tx, &status.uri, ORPHANS)?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let answers: Vec<(AccountId, Visibility)> =
        waiting.iter().map(|o| (o.account_id, Visibility::from_code(o.visibility))).collect();
    let may = answering(tx, status, &answers)?;
    let orphans: Vec<Status> = waiting
        .into_iter()
        .zip(may)
        .filter(|(orphan, may)| *may && orphan.thread_id != status.thread_id)
        .map(|(orphan, _)| orphan)
        .collect();
    let ids: Vec<StatusId> = orphans.iter().map(|o| o.id).collect();
    statuses::adopt(tx, &ids, status.id, status.account_id)?;
    let mut threads: Vec<ThreadId> = orphans.iter().map(|o| o.thread_id).collect();
    threads.sort_unstable();
    threads.dedup();
    for thread in threads {
        statuses::join_threads(tx, thread, status.thread_id)?;
        thread_mutes::copy(tx, thread, status.thread_id)?;
        thread_mutes::forget(tx, thread)?;
    }
    Ok(true)
}

/// Somebody looks at a thread: the answers to a post of another server that is for everybody are asked for, in a job of their own.
///
/// # Errors
/// Internal.
pub fn want_answers(tx: &mut Tx<'_>, post: StatusId) -> Result<()> {
    let Some(post) = statuses::by_id(tx, post)? else { return Ok(()) };
    if post.is_local || !Visibility::from_code(post.visibility).is_for_everybody() {
        return Ok(());
    }
    let payload = serde_json::json!({ "uri": post.uri }).to_string();
    let now = tx.now();
    jobs::enqueue(tx, ANSWERS, &payload, Some(&format!("{ANSWERS}/{}", post.id)), now)?;
    tx.notify("jobs", 0);
    Ok(())
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
