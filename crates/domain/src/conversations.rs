//! Exchanges of direct posts, as each person here who is in one has it: with whom, the last post, read or not. Kept in the transaction in which
//! a post comes or goes. The same people in another thread are another conversation, and so are other people in the same one.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, ConversationId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::conversations::{self as rows, Conversation};
use parvis_store::statuses::Status;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, accounts, blocks, statuses};

use crate::error::{OrNotFound, Result};
use crate::news;
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
        Event::StatusPublished { id, .. } => match direct_post(tx, *id)? {
            Some(status) => came(tx, &status),
            None => Ok(()),
        },
        Event::StatusEdited { id, .. } => match direct_post(tx, *id)? {
            Some(status) => changed(tx, &status),
            None => Ok(()),
        },
        Event::StatusDeleted { id, .. } => lose(tx, &[*id]),
        _ => Ok(()),
    }
}

fn direct_post(tx: &mut Tx<'_>, id: StatusId) -> Result<Option<Arc<Status>>> {
    Ok(news::status(tx, id)?.filter(|status| status.visibility == Visibility::Direct.code()))
}

/// A direct post came: it is the last of its conversation for everybody here who is in it.
fn came(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    for (owner, others) in everybody_in(tx, status)? {
        keep(tx, owner, status, &others, status.account_id != owner)?;
    }
    Ok(())
}

/// A direct post changed and may be for other people now: it moves to the conversation of those who are in it, for whoever is in it still or newly,
/// and leaves those who are not.
fn changed(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let mut before = rows::with_statuses(tx, &[status.id])?;
    for (owner, others) in everybody_in(tx, status)? {
        let known = before.iter().position(|row| row.account_id == owner).map(|at| before.swap_remove(at));
        match known {
            Some(row) if row.participants == others => {}
            Some(row) => {
                let is_unread = row.is_unread;
                leave(tx, row, status.id)?;
                keep(tx, owner, status, &others, is_unread)?;
            }
            None => keep(tx, owner, status, &others, status.account_id != owner)?,
        }
    }
    for row in before {
        leave(tx, row, status.id)?;
    }
    Ok(())
}

/// Everybody here who is in a direct post, with the others as a row names them.
fn everybody_in(tx: &mut Tx<'_>, status: &Status) -> Result<Vec<(AccountId, String)>> {
    let author = status.account_id;
    let mentioned: Vec<AccountId> = news::mentions(tx, status.id)?.iter().map(|m| m.account_id).collect();
    let people: BTreeSet<AccountId> =
        mentioned.into_iter().take(PARTICIPANTS_MAX).chain(std::iter::once(author)).collect();
    let everybody: Vec<AccountId> = people.iter().copied().collect();
    let apart: HashSet<AccountId> = blocks::with(tx, author, &everybody)?
        .into_iter()
        .flat_map(|b| [b.account_id, b.target_id])
        .filter(|a| *a != author)
        .collect();
    let here = accounts::by_ids(tx, &everybody)?;
    let owners = here.iter().filter(|a| a.is_local() && a.is_active() && !apart.contains(&a.id));
    Ok(owners
        .map(|owner| {
            let others: Vec<String> =
                people.iter().filter(|p| **p != owner.id).map(ToString::to_string).collect();
            (owner.id, others.join(","))
        })
        .collect())
}

fn keep(
    tx: &mut Tx<'_>,
    owner: AccountId,
    status: &Status,
    participants: &str,
    is_unread: bool,
) -> Result<()> {
    let id = match rows::with_people(tx, owner, status.thread_id, participants)? {
        Some(mut row) => {
            // A late post is no news about which is the last.
            row.last_status_id = row.last_status_id.max(status.id);
            row.is_unread = is_unread;
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
                is_unread,
            };
            rows::insert(tx, &row)?;
            row.id
        }
    };
    rows::add_status(tx, owner, status.id, id)?;
    tx.notify(CHANGED, id.0);
    Ok(())
}

/// The posts of an account that is gone leave their conversations: those that `accounts::delete::delete_some` is about to remove.
///
/// # Errors
/// Internal.
pub(crate) fn lose_some(tx: &mut Tx<'_>, account: AccountId, limit: i64) -> Result<()> {
    if accounts::by_id(tx, account)?.is_none_or(|a| a.gone_at.is_none()) {
        return Ok(());
    }
    let going = statuses::ids_of_account(tx, account, limit)?;
    lose(tx, &going)
}

/// Posts are going, and leave their conversations while they still stand.
fn lose(tx: &mut Tx<'_>, going: &[StatusId]) -> Result<()> {
    for row in rows::with_statuses(tx, going)? {
        without(tx, row, going)?;
    }
    Ok(())
}

/// A post leaves a conversation, and stays somewhere else.
fn leave(tx: &mut Tx<'_>, row: Conversation, status: StatusId) -> Result<()> {
    rows::remove_status(tx, row.account_id, status)?;
    without(tx, row, &[status])
}

/// The post before those that go is the last then; a conversation without posts goes with them.
fn without(tx: &mut Tx<'_>, mut row: Conversation, going: &[StatusId]) -> Result<()> {
    if !going.contains(&row.last_status_id) {
        return Ok(());
    }
    match rows::last_besides(tx, row.id, going)? {
        Some(before) => {
            row.last_status_id = before;
            rows::save(tx, &row)?;
            tx.notify(CHANGED, row.id.0);
            Ok(())
        }
        None => Ok(rows::delete(tx, row.id)?),
    }
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
