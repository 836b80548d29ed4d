//! Exchanges of direct posts, as each person here who is in one has it: with whom, the last post, read or not. Kept in the transaction in which
//! a post comes or goes. The same people in another thread are another conversation, and so are other people in the same one.

use std::collections::{BTreeSet, HashSet};

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, ConversationId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::conversations::{self as rows, Conversation};
use parvis_store::statuses::Status;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, accounts, blocks, status_parts, statuses};

use crate::error::{OrNotFound, Result};
use crate::timelines;
use crate::views::{self, AccountView, Place, StatusView};

/// What subscribers hear when a conversation has a new post, lost its last one or was marked; the id is the conversation's.
pub const CHANGED: &str = "conversation";
/// People that a conversation names: those of a longer list are not told apart.
const PARTICIPANTS_MAX: usize = 100;

/// A conversation with what it shows.
#[derive(Clone, Debug)]
pub struct ConversationView {
    pub row: Conversation,
    /// The others; oneself when there are none.
    pub people: Vec<AccountView>,
    /// `None` when it is gone.
    pub last: Option<StatusView>,
}

/// Keeps conversations as direct posts come and go. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::StatusPublished { id, .. } => match statuses::by_id(tx, *id)? {
            Some(status) if status.visibility == Visibility::Direct.code() => came(tx, &status),
            _ => Ok(()),
        },
        Event::StatusDeleted { id, .. } => goes(tx, *id),
        _ => Ok(()),
    }
}

/// A direct post came: it is the last of its conversation for everybody here who is in it.
fn came(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let author = status.account_id;
    let mentioned: Vec<AccountId> =
        status_parts::mentions_of(tx, &[status.id])?.into_iter().map(|m| m.account_id).collect();
    let people: BTreeSet<AccountId> =
        mentioned.into_iter().take(PARTICIPANTS_MAX).chain(std::iter::once(author)).collect();
    let everybody: Vec<AccountId> = people.iter().copied().collect();
    let apart: HashSet<AccountId> = blocks::with(tx, author, &everybody)?
        .into_iter()
        .flat_map(|b| [b.account_id, b.target_id])
        .filter(|a| *a != author)
        .collect();
    let here = accounts::by_ids(tx, &everybody)?;
    for owner in here.iter().filter(|a| a.is_local() && a.is_active() && !apart.contains(&a.id)) {
        let others: Vec<String> =
            people.iter().filter(|p| **p != owner.id).map(ToString::to_string).collect();
        keep(tx, owner.id, status, &others.join(","))?;
    }
    Ok(())
}

fn keep(tx: &mut Tx<'_>, owner: AccountId, status: &Status, participants: &str) -> Result<()> {
    let is_new_to_them = status.account_id != owner;
    let id = match rows::with_people(tx, owner, status.thread_id, participants)? {
        Some(mut row) => {
            // A late post is no news about which is the last.
            row.last_status_id = row.last_status_id.max(status.id);
            row.is_unread = is_new_to_them;
            rows::save(tx, &row)?;
            row.id
        }
        None => {
            let row = Conversation {
                id: ConversationId(tx.new_id()),
                account_id: owner,
                thread_id: status.thread_id,
                participants: participants.to_owned(),
                last_status_id: status.id,
                is_unread: is_new_to_them,
            };
            rows::insert(tx, &row)?;
            row.id
        }
    };
    rows::add_status(tx, owner, status.id, id)?;
    tx.notify(CHANGED, id.0);
    Ok(())
}

/// A post is going: the one before it is the last then; a conversation without posts goes with it.
fn goes(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    for mut row in rows::with_status(tx, id)? {
        if row.last_status_id != id {
            continue;
        }
        match rows::last_besides(tx, row.id, id)? {
            Some(before) => {
                row.last_status_id = before;
                rows::save(tx, &row)?;
                tx.notify(CHANGED, row.id.0);
            }
            None => rows::delete(tx, row.id)?,
        }
    }
    Ok(())
}

/// Somebody's conversations, those with the newest posts first. Paged by the ids of their last posts.
///
/// # Errors
/// Internal.
pub fn page(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<ConversationView>> {
    let found = rows::page(c, owner, range)?;
    with_views(c, owner, found)
}

/// One of somebody's conversations.
///
/// # Errors
/// [`crate::Error::NotFound`], also for a foreign one.
pub fn one(c: &mut Conn, owner: AccountId, id: ConversationId) -> Result<ConversationView> {
    let row = owned(c, owner, id)?;
    with_views(c, owner, vec![row])?.pop().or_not_found()
}

/// Whose conversation it is: for the streams, which hear ids only.
///
/// # Errors
/// Internal.
pub fn owner_of(c: &mut Conn, id: ConversationId) -> Result<Option<AccountId>> {
    Ok(rows::by_id(c, id)?.map(|row| row.account_id))
}

/// Marks a conversation as read, or not.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn mark(
    tx: &mut Tx<'_>,
    owner: AccountId,
    id: ConversationId,
    is_unread: bool,
) -> Result<ConversationView> {
    let row = Conversation { is_unread, ..owned(tx, owner, id)? };
    rows::save(tx, &row)?;
    tx.notify(CHANGED, id.0);
    one(tx, owner, id)
}

/// Takes a conversation out of somebody's list. Others keep it, and a new post brings it back.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: ConversationId) -> Result<()> {
    let row = owned(tx, owner, id)?;
    Ok(rows::delete(tx, row.id)?)
}

/// The direct posts of somebody's conversations in one line.
///
/// # Errors
/// Internal.
pub fn direct(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<StatusView>> {
    timelines::filled(c, Some(owner), Place::Timeline, range, |c, range| Ok(rows::direct(c, owner, range)?))
}

fn owned(c: &mut Conn, owner: AccountId, id: ConversationId) -> Result<Conversation> {
    rows::by_id(c, id)?.filter(|row| row.account_id == owner).or_not_found()
}

fn people_of(row: &Conversation) -> Vec<AccountId> {
    let others: Vec<AccountId> = row.participants.split(',').filter_map(|id| id.parse().ok()).collect();
    if others.is_empty() { vec![row.account_id] } else { others }
}

fn with_views(c: &mut Conn, owner: AccountId, found: Vec<Conversation>) -> Result<Vec<ConversationView>> {
    let everybody: HashSet<AccountId> = found.iter().flat_map(people_of).collect();
    let people = views::of_accounts(c, &everybody.into_iter().collect::<Vec<_>>())?;
    let last: Vec<StatusId> = found.iter().map(|row| row.last_status_id).collect();
    let posts = views::of_statuses(c, Some(owner), &last, Place::Elsewhere)?;
    Ok(found
        .into_iter()
        .map(|row| ConversationView {
            people: people_of(&row)
                .iter()
                .filter_map(|id| people.iter().find(|p| p.account.id == *id).cloned())
                .collect(),
            last: posts.iter().find(|p| p.status.id == row.last_status_id).cloned(),
            row,
        })
        .collect())
}

#[cfg(test)]
#[path = "conversations_tests.rs"]
mod tests;
