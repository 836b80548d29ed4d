//! Blocks, mutes and notes, and what one account has to do with another.

use std::collections::HashMap;

use parvis_model::event::Event;
use parvis_model::follow::{FollowState, Relationship};
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;
use parvis_store::blocks::{self as rows, Block, Mute};
use parvis_store::timelines::{self, Range};
use parvis_store::{Conn, Tx, accounts, endorsements, follows as follow_rows, host_blocks, notifications};

use crate::access;
use crate::error::{Error, Result};
use crate::events::Record;
use crate::follows;
use crate::views::AccountView;

/// Characters of a private note.
const NOTE_MAX: usize = 2_000;

/// Blocks an account: follows end both ways, what it told is forgotten. `uri` is the Block's id when it came from elsewhere.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::NotOneself`].
pub fn block(tx: &mut Tx<'_>, who: AccountId, whom: AccountId, uri: Option<&str>) -> Result<()> {
    if who == whom {
        return Err(Error::Forbidden(Refusal::NotOneself));
    }
    let blocker = access::account(tx, who)?;
    access::account(tx, whom)?;
    follows::unfollow(tx, who, whom)?;
    if follow_rows::between(tx, whom, who)?.is_some() {
        follows::reject(tx, who, whom)?;
    }
    let context = tx.context()?;
    let id = tx.new_id();
    let uri =
        uri.map_or_else(|| context.urls.activity(&blocker.username, &format!("blocks/{id}")), str::to_owned);
    if rows::block(tx, &Block { account_id: who, target_id: whom, id, uri: uri.clone() })? {
        timelines::remove_author(tx, who, whom)?;
        timelines::remove_author(tx, whom, who)?;
        notifications::clear_from(tx, who, whom)?;
        tx.record(Event::Blocked { by: who, target: whom, uri })?;
    }
    Ok(())
}

/// Lifts a block. Not blocked is no error.
///
/// # Errors
/// Internal.
pub fn unblock(tx: &mut Tx<'_>, who: AccountId, whom: AccountId) -> Result<()> {
    if let Some(row) = rows::unblock(tx, who, whom)? {
        tx.record(Event::Unblocked { by: who, target: whom, uri: row.uri })?;
    }
    Ok(())
}

/// Mutes an account, for `millis` or until unmuted.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::NotOneself`].
pub fn mute(
    tx: &mut Tx<'_>,
    who: AccountId,
    whom: AccountId,
    hides_notifications: bool,
    millis: Option<i64>,
) -> Result<()> {
    if who == whom {
        return Err(Error::Forbidden(Refusal::NotOneself));
    }
    access::account(tx, whom)?;
    let row = Mute {
        account_id: who,
        target_id: whom,
        id: tx.new_id(),
        hides_notifications,
        expires_at: millis.filter(|m| *m > 0).map(|m| tx.now().plus(m)),
    };
    rows::mute(tx, &row)?;
    tx.record(Event::Muted { by: who, target: whom })
}

/// Ends a mute.
///
/// # Errors
/// Internal.
pub fn unmute(tx: &mut Tx<'_>, who: AccountId, whom: AccountId) -> Result<()> {
    rows::unmute(tx, who, whom)?;
    Ok(())
}

/// Writes a private note on somebody; '' removes it.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::TextTooLong`].
pub fn set_note(tx: &mut Tx<'_>, who: AccountId, whom: AccountId, note: &str) -> Result<()> {
    access::account(tx, whom)?;
    if note.chars().count() > NOTE_MAX {
        return Err(Error::field("comment", Refusal::TextTooLong));
    }
    Ok(rows::set_note(tx, who, whom, &note.replace('\0', ""))?)
}

/// Whom one blocks.
///
/// # Errors
/// Internal.
pub fn blocked(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<(i64, AccountView)>> {
    let page = rows::blocked_by(c, owner, range)?;
    follows::with_accounts(c, page)
}

/// Whom one mutes, and until when: (list id for paging, account, end).
///
/// # Errors
/// Internal.
pub fn muted(
    c: &mut Conn,
    owner: AccountId,
    range: Range,
) -> Result<Vec<(i64, AccountView, Option<Moment>)>> {
    let now = c.now();
    let mutes = rows::muted_by(c, owner, now, range)?;
    let ends: HashMap<i64, Option<Moment>> = mutes.iter().map(|m| (m.id, m.expires_at)).collect();
    let shown = follows::with_accounts(c, mutes.iter().map(|m| (m.id, m.target_id)).collect())?;
    Ok(shown.into_iter().map(|(id, account)| (id, account, ends.get(&id).copied().flatten())).collect())
}

/// What a viewer has to do with others, in the order asked; unknown ids are left out. Seven statements.
///
/// # Errors
/// Internal.
pub fn relationships(
    c: &mut Conn,
    viewer: AccountId,
    ids: &[AccountId],
) -> Result<Vec<(AccountId, Relationship)>> {
    let rows_of = accounts::by_ids(c, ids)?;
    let known: Vec<AccountId> = rows_of.iter().map(|a| a.id).collect();
    let mut all: HashMap<AccountId, Relationship> =
        known.iter().map(|id| (*id, Relationship::default())).collect();
    for row in follow_rows::with(c, viewer, &known)? {
        let is_accepted = FollowState::from_code(row.state) == FollowState::Accepted;
        if row.follower_id == viewer {
            let Some(r) = all.get_mut(&row.followee_id) else { continue };
            r.following = is_accepted;
            r.requested = !is_accepted;
            r.showing_reblogs = is_accepted && row.shows_boosts;
            r.notifying = is_accepted && row.notifies;
            r.languages = row.languages.split_whitespace().map(str::to_owned).collect();
        } else if let Some(r) = all.get_mut(&row.follower_id) {
            r.followed_by = is_accepted;
            r.requested_by = !is_accepted;
        }
    }
    for row in rows::with(c, viewer, &known)? {
        if row.account_id == viewer {
            if let Some(r) = all.get_mut(&row.target_id) {
                r.blocking = true;
            }
        } else if let Some(r) = all.get_mut(&row.account_id) {
            r.blocked_by = true;
        }
    }
    let now = c.now();
    for row in rows::mutes_of(c, viewer, &known, now)? {
        if let Some(r) = all.get_mut(&row.target_id) {
            r.muting = true;
            r.muting_notifications = row.hides_notifications;
            r.muting_expires_at = row.expires_at;
        }
    }
    for (id, note) in rows::notes_on(c, viewer, &known)? {
        if let Some(r) = all.get_mut(&id) {
            r.note = note;
        }
    }
    for id in endorsements::among(c, viewer, &known)? {
        if let Some(r) = all.get_mut(&id) {
            r.endorsed = true;
        }
    }
    let hosts: Vec<String> = rows_of.iter().map(|a| a.host.clone()).collect();
    let avoided = host_blocks::among(c, viewer, &hosts)?;
    for account in rows_of.iter().filter(|a| avoided.contains(&a.host)) {
        if let Some(r) = all.get_mut(&account.id) {
            r.domain_blocking = true;
        }
    }
    Ok(ids.iter().filter_map(|id| all.remove(id).map(|r| (*id, r))).collect())
}
