//! A post in its thread: what it answers, what answers it. Built from the thread's rows, not by asking for each parent.

use std::collections::{HashMap, HashSet};

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::statuses::Status;
use parvis_store::{Conn, blocks, statuses};

use crate::access::{self, Viewer};
use crate::error::Result;
use crate::groups;
use crate::views::{self, Place, StatusView};

/// Posts of a thread that are looked at, at most.
const THREAD_MAX: i64 = 2_000;
/// Ancestors and descendants shown without a viewer (Mastodon's limits).
const ANONYMOUS: (usize, usize) = (40, 60);
/// The same for somebody signed in.
const SIGNED_IN: (usize, usize) = (200, 400);

/// What stands around a post.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// Oldest first.
    pub ancestors: Vec<StatusView>,
    /// Depth first.
    pub descendants: Vec<StatusView>,
}

/// The address of a post's conversation (FEP-7888): of ours that begins one for everybody, below its own; of others as it names it, and answers of ours take
/// it over. None when nobody gave it one.
#[must_use]
pub fn conversation_of(post: &Status) -> Option<String> {
    let begins = post.is_local && post.in_reply_to_uri.is_none() && post.boost_of_id.is_none();
    let is_open = Visibility::from_code(post.visibility).is_for_everybody();
    match &post.context_uri {
        Some(given) => Some(given.clone()),
        None => (begins && is_open).then(|| format!("{}/context", post.uri)),
    }
}

/// The thread around a post that the viewer may see.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn around(c: &mut Conn, viewer: Viewer, id: StatusId) -> Result<Thread> {
    let status = access::status(c, viewer, id)?;
    let rows = statuses::of_thread(c, status.thread_id, THREAD_MAX)?;
    let parents: HashMap<StatusId, StatusId> =
        rows.iter().filter_map(|s| s.in_reply_to_id.map(|p| (s.id, p))).collect();
    let authors: Vec<AccountId> =
        rows.iter().map(|s| s.account_id).collect::<HashSet<_>>().into_iter().collect();
    // Whom the author of a post blocks does not get below it, whoever looks.
    let blocked = blocks::blocked_among(c, &authors, &authors)?;
    // What was taken out of a group stands in its thread for its author only.
    let ids: Vec<StatusId> = rows.iter().map(|s| s.id).collect();
    let removed = groups::removed_among(c, &ids)?;
    let mut children: HashMap<StatusId, Vec<StatusId>> = HashMap::new();
    for row in &rows {
        let is_refused = row.in_reply_to_account_id.is_some_and(|p| blocked.contains(&(p, row.account_id)));
        let is_out = removed.contains(&row.id) && viewer != Some(row.account_id);
        if let Some(parent) = row.in_reply_to_id.filter(|_| !is_refused && !is_out) {
            children.entry(parent).or_default().push(row.id);
        }
    }
    let (up, down) = if viewer.is_some() { SIGNED_IN } else { ANONYMOUS };
    let mut ancestors = Vec::new();
    let mut at = id;
    // A remote thread may claim a circle: stop at the limit, and at the post itself.
    while let Some(parent) = parents.get(&at).filter(|p| **p != id && ancestors.len() < up) {
        if ancestors.contains(parent) {
            break;
        }
        ancestors.push(*parent);
        at = *parent;
    }
    ancestors.reverse();
    let mut descendants = Vec::new();
    let mut open: Vec<StatusId> =
        children.get(&id).map(|c| c.iter().rev().copied().collect()).unwrap_or_default();
    while let Some(next) = open.pop() {
        // What stands above, in a circle that is here from before, does not stand below again.
        let is_shown = descendants.contains(&next) || ancestors.contains(&next) || next == id;
        if descendants.len() >= down || is_shown {
            continue;
        }
        descendants.push(next);
        open.extend(children.get(&next).into_iter().flatten().rev().copied());
    }
    let both: Vec<StatusId> = ancestors.iter().chain(&descendants).copied().collect();
    let mut shown = views::of_statuses(c, viewer, &both, Place::Elsewhere)?;
    let split = shown.iter().take_while(|v| ancestors.contains(&v.status.id)).count();
    let descendants = shown.split_off(split);
    Ok(Thread { ancestors: shown, descendants })
}
