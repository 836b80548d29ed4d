//! What groups of this town and those who look after them do: the group boosts what begins a thread, so that it reaches its followers; facilitators
//! take posts out, close threads, pin, keep people out, and share their office. The same functions for residents, the command line, and people elsewhere.
//!
//! Neighbours: `groups` (what stands where, and who may write), `federation::outbox::groups` (how others hear of it).

use parvis_model::event::Event;
use parvis_model::group::{GROUP_PINS_MAX, GroupDeed, MODERATORS_MAX, REASON_MAX};
use parvis_model::handle::Address;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::visibility::Visibility;
use parvis_store::groups::{self as rows, Ban, GroupPost};
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, reactions, statuses as status_rows};

use crate::accounts::find;
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;
use crate::staff::By;
use crate::{Town, access, follows, groups, statuses};

pub mod desk;

/// Answers to a post that came before it that are taken in with it.
const LATE_ANSWERS: i64 = 200;

/// What begins a thread in a group is boosted by the group. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let Event::StatusPublished { id, .. } = event else { return Ok(()) };
    let Some((group, place)) = groups::of_post(tx, *id)? else { return Ok(()) };
    take_in_answers(tx, &place)?;
    if !groups::begins_thread(&place) {
        return Ok(());
    }
    match statuses::boost(tx, group.id, *id, Some(Visibility::Public)) {
        Err(Error::Internal(error)) => Err(Error::Internal(error)),
        Err(error) => {
            tracing::debug!(post = id.0, %error, "a post that its group cannot show");
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

/// Answers that were here before what they answer stand in its thread now. Who is kept out stays out.
fn take_in_answers(tx: &mut Tx<'_>, place: &GroupPost) -> Result<()> {
    let Some(post) = status_rows::by_id(tx, place.status_id)? else { return Ok(()) };
    if status_rows::replies_to(tx, post.id, Range::newest(1))?.is_empty() {
        return Ok(());
    }
    let thread = status_rows::of_thread(tx, post.thread_id, LATE_ANSWERS)?;
    let ids: Vec<StatusId> = thread.iter().map(|s| s.id).collect();
    let mut inside: Vec<StatusId> = rows::posts_among(tx, &ids)?.iter().map(|row| row.status_id).collect();
    // Oldest first, so that one walk finds the answers to answers too.
    for answer in &thread {
        let Some(parent) = answer.in_reply_to_id.filter(|p| inside.contains(p)) else { continue };
        if inside.contains(&answer.id) || parent == answer.id {
            continue;
        }
        let parent = thread.iter().find(|s| s.id == parent);
        let said = groups::Said {
            author: answer.account_id,
            visibility: Visibility::from_code(answer.visibility),
            is_answer: true,
            parent,
            groups: &[],
        };
        match groups::admit(tx, &said) {
            Ok(Some(admission)) => {
                groups::enter(tx, answer.id, admission)?;
                inside.push(answer.id);
            }
            Err(Error::Internal(error)) => return Err(Error::Internal(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Who acts in a group: one of those who look after it, or the group itself for the command line.
fn facilitator(c: &mut Conn, by: By, group: AccountId) -> Result<AccountId> {
    groups::by_id(c, group)?;
    match by {
        By::Operator => Ok(group),
        By::Account(id) if groups::is_moderator(c, group, id)? => Ok(id),
        By::Account(_) => Err(Error::Forbidden(Refusal::NotModerator)),
    }
}

fn done(tx: &mut Tx<'_>, group: AccountId, by: AccountId, deed: GroupDeed) -> Result<()> {
    tx.record(Event::GroupModerated { group, by, deed })
}

/// A post's place in a group, for whoever acts there.
fn place(c: &mut Conn, group: AccountId, status: StatusId) -> Result<GroupPost> {
    groups::place_of(c, status)?.filter(|row| row.group_id == group).or_not_found()
}

/// As it is kept: one piece of text of at most [`REASON_MAX`] characters.
fn reason(text: &str) -> String {
    parvis_text::sanitise::one_line(text, REASON_MAX)
}

/// Takes a post out of the group, and says why. The post stays its author's: deleting it is their affair, or the town's.
///
/// # Errors
/// [`Refusal::NotModerator`]; [`Error::NotFound`] when it does not stand there.
pub fn remove(tx: &mut Tx<'_>, by: By, group: AccountId, status: StatusId, why: &str) -> Result<()> {
    let by = facilitator(tx, by, group)?;
    let mut row = place(tx, group, status)?;
    row.removed_at = Some(tx.now());
    row.reason = reason(why);
    rows::save_post(tx, &row)?;
    reactions::unpin(tx, group, status)?;
    if let Some(boost) = status_rows::boost_by(tx, group, status)? {
        statuses::boost::undo(tx, &boost)?;
    }
    done(tx, group, by, GroupDeed::Removed { status, reason: row.reason })
}

/// Closes a thread, or opens it again; nothing happens when it is so already. `status` may be any post of the thread.
///
/// # Errors
/// As [`remove`].
pub fn lock(tx: &mut Tx<'_>, by: By, group: AccountId, status: StatusId, is_locked: bool) -> Result<()> {
    let by = facilitator(tx, by, group)?;
    let root = place(tx, group, status)?.root_id;
    let mut row = place(tx, group, root)?;
    if row.locked_at.is_some() == is_locked {
        return Ok(());
    }
    row.locked_at = is_locked.then(|| tx.now());
    rows::save_post(tx, &row)?;
    let deed =
        if is_locked { GroupDeed::Locked { status: root } } else { GroupDeed::Unlocked { status: root } };
    done(tx, group, by, deed)
}

/// Pins what begins a thread, or takes the pin off; nothing happens when it is so already.
///
/// # Errors
/// As [`remove`]; [`Refusal::CannotPin`] for answers, [`Refusal::TooManyPins`].
pub fn pin(tx: &mut Tx<'_>, by: By, group: AccountId, status: StatusId, is_pinned: bool) -> Result<()> {
    let by = facilitator(tx, by, group)?;
    let row = place(tx, group, status)?;
    if !is_pinned {
        return match reactions::unpin(tx, group, status)? {
            true => done(tx, group, by, GroupDeed::Unpinned { status }),
            false => Ok(()),
        };
    }
    if !groups::begins_thread(&row) {
        return Err(Error::Refused(Refusal::CannotPin));
    }
    let pinned = reactions::pinned(tx, group)?;
    if pinned.contains(&status) {
        return Ok(());
    }
    if pinned.len() >= GROUP_PINS_MAX {
        return Err(Error::Refused(Refusal::TooManyPins));
    }
    let now = tx.now();
    reactions::pin(tx, group, status, now)?;
    done(tx, group, by, GroupDeed::Pinned { status })
}

/// Keeps somebody out of a group: they write there no longer and follow it no longer. What they wrote stays until it is taken out.
///
/// # Errors
/// [`Refusal::NotModerator`]; [`Refusal::NotOneself`]; [`Refusal::RoleTooLow`] for one of those who look after it; [`Error::NotFound`].
pub fn ban(tx: &mut Tx<'_>, by: By, group: AccountId, whom: AccountId, why: &str) -> Result<()> {
    let by = facilitator(tx, by, group)?;
    access::account(tx, whom)?;
    if whom == by || whom == group {
        return Err(Error::Forbidden(Refusal::NotOneself));
    }
    if rows::is_moderator(tx, group, whom)? {
        return Err(Error::Forbidden(Refusal::RoleTooLow));
    }
    let reason = reason(why);
    let row = Ban { group_id: group, account_id: whom, reason: reason.clone(), created_at: tx.now() };
    if !rows::ban(tx, &row)? {
        return Ok(());
    }
    match follows::reject(tx, group, whom) {
        Ok(()) | Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    done(tx, group, by, GroupDeed::Banned { account: whom, reason })
}

/// Lets somebody in again.
///
/// # Errors
/// [`Refusal::NotModerator`].
pub fn unban(tx: &mut Tx<'_>, by: By, group: AccountId, whom: AccountId) -> Result<()> {
    let by = facilitator(tx, by, group)?;
    if rows::unban(tx, group, whom)? {
        done(tx, group, by, GroupDeed::Unbanned { account: whom })?;
    }
    Ok(())
}

/// Gives somebody the office.
///
/// # Errors
/// [`Refusal::NotModerator`]; [`Refusal::TooManyKept`]; [`Refusal::BannedFromGroup`]; [`Error::NotFound`].
pub fn add_moderator(tx: &mut Tx<'_>, by: By, group: AccountId, whom: AccountId) -> Result<()> {
    let by = facilitator(tx, by, group)?;
    let account = access::active_account(tx, whom)?;
    if account.kind == "group" || account.kind == "application" {
        return Err(Error::NotFound);
    }
    if rows::is_banned(tx, group, whom)? {
        return Err(Error::Refused(Refusal::BannedFromGroup));
    }
    let most = i64::try_from(MODERATORS_MAX).unwrap_or(i64::MAX);
    if rows::moderators(tx, group, most)?.len() >= MODERATORS_MAX && !rows::is_moderator(tx, group, whom)? {
        return Err(Error::Refused(Refusal::TooManyKept));
    }
    let now = tx.now();
    if rows::add_moderator(tx, group, whom, now)? {
        done(tx, group, by, GroupDeed::ModeratorAdded { account: whom })?;
    }
    Ok(())
}

/// Takes the office from somebody, or lays it down. A group may be left to the command line alone.
///
/// # Errors
/// [`Refusal::NotModerator`].
pub fn remove_moderator(tx: &mut Tx<'_>, by: By, group: AccountId, whom: AccountId) -> Result<()> {
    let by = facilitator(tx, by, group)?;
    if rows::remove_moderator(tx, group, whom)? {
        done(tx, group, by, GroupDeed::ModeratorRemoved { account: whom })?;
    }
    Ok(())
}

/// Somebody by their address, here or elsewhere.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn whom(town: &Town, address: &str) -> Result<AccountId> {
    let address = Address::parse(address, town.urls().domain()).or_not_found()?;
    let asked = address.clone();
    if let Some(known) = town.db().read(move |c| find::by_address(c, &asked)).await? {
        return Ok(known.id);
    }
    town.remote().account_by_address(&address).await?.or_not_found()
}

/// Those who are kept out, the last first, at most `limit`.
///
/// # Errors
/// Internal.
pub fn bans(c: &mut Conn, group: AccountId, limit: i64) -> Result<Vec<Ban>> {
    Ok(rows::bans(c, group, limit)?)
}

#[cfg(test)]
mod tests;
