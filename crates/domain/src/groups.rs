//! Groups of this town (FEP-1b12), whatever they are for: which posts stand in them, who looks after them, and the one rule of who may write there
//! ([`admit`]), for residents and for people elsewhere alike.
//!
//! Neighbours: `facilitation` (what the group and those who look after it do), `communities` (groups of residents), `statuses` and `remote::statuses`
//! (which ask before a post is written).

use parvis_model::account::ActorKind;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::groups as rows;
use parvis_store::statuses::Status;
use parvis_store::{Conn, Tx, accounts, blocks};

use crate::access;
use crate::error::{Error, OrNotFound, Result};
use crate::news;

pub use parvis_store::groups::{Ban, GroupPost};

/// What somebody is about to say.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Who.
    pub author: AccountId,
    /// For whom.
    pub visibility: Visibility,
    /// Whether it answers something, even if that is not here.
    pub is_answer: bool,
    /// What it answers.
    pub parent: Option<&'a Status>,
    /// Groups of this town that it names, in its order.
    pub groups: &'a [Account],
}

/// Where a post will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The group.
    pub group: AccountId,
    /// The post that began the thread; `None` for one that begins one.
    root: Option<StatusId>,
}

/// Whether a post enters a group, and which: what begins a thread names the group, an answer follows its thread. `None`: it is the affair of no group.
/// What is not for everybody never is.
///
/// # Errors
/// [`Refusal::BannedFromGroup`], [`Refusal::ThreadLocked`].
pub fn admit(c: &mut Conn, said: &Said<'_>) -> Result<Option<Admission>> {
    if !said.visibility.is_for_everybody() {
        return Ok(None);
    }
    let (group, root) = match said.parent {
        Some(parent) => match standing(c, parent.id)? {
            Some((row, root)) => (row.group_id, Some(root)),
            None => return Ok(None),
        },
        None if said.is_answer => return Ok(None),
        None => match said.groups.first() {
            Some(group) => (group.id, None),
            None => return Ok(None),
        },
    };
    let is_open = accounts::by_id(c, group)?.is_some_and(|g| is_group(&g) && g.is_active());
    if !is_open || blocks::is_between(c, group, said.author)? {
        return Ok(None);
    }
    if rows::is_banned(c, group, said.author)? {
        return Err(Error::Forbidden(Refusal::BannedFromGroup));
    }
    if root.as_ref().is_some_and(|root| root.locked_at.is_some())
        && !rows::is_moderator(c, group, said.author)?
    {
        return Err(Error::Forbidden(Refusal::ThreadLocked));
    }
    Ok(Some(Admission { group, root: root.map(|root| root.root_id) }))
}

/// Where a post stands, and what began its thread (itself, when that is gone), unless one of the two was taken out.
fn standing(c: &mut Conn, status: StatusId) -> Result<Option<(GroupPost, GroupPost)>> {
    if news::stands_alone(c, status) {
        return Ok(None);
    }
    let Some(row) = place_of(c, status)? else { return Ok(None) };
    if begins_thread(&row) {
        return Ok(Some((row.clone(), row)));
    }
    Ok(match rows::post(c, row.root_id)? {
        Some(root) if root.removed_at.is_some() => None,
        Some(root) => Some((row, root)),
        None => Some((row.clone(), row)),
    })
}

/// Puts a post that was just written where [`admit`] said.
///
/// # Errors
/// Internal.
pub fn enter(tx: &mut Tx<'_>, status: StatusId, admission: Admission) -> Result<()> {
    let row = GroupPost {
        status_id: status,
        group_id: admission.group,
        root_id: admission.root.unwrap_or(status),
        entered_at: tx.now(),
        passed_on_at: None,
        locked_at: None,
        removed_at: None,
        reason: String::new(),
    };
    Ok(rows::insert_post(tx, &row)?)
}

/// Whether an account is a group of this town.
#[must_use]
pub fn is_group(account: &Account) -> bool {
    account.is_local() && account.kind == ActorKind::Group.as_str()
}

/// A group of this town that is there.
///
/// # Errors
/// [`Error::NotFound`].
pub fn by_id(c: &mut Conn, id: AccountId) -> Result<Account> {
    accounts::by_id(c, id)?.filter(|a| is_group(a) && a.is_active()).or_not_found()
}

/// Where a post stands, unless it was taken out.
///
/// # Errors
/// Internal.
pub fn place_of(c: &mut Conn, status: StatusId) -> Result<Option<GroupPost>> {
    Ok(rows::post(c, status)?.filter(|row| row.removed_at.is_none()))
}

/// The group in which a post stands, with its place; none when what began its thread was taken out.
///
/// # Errors
/// Internal.
pub fn of_post(c: &mut Conn, status: StatusId) -> Result<Option<(Account, GroupPost)>> {
    let Some((place, _)) = standing(c, status)? else { return Ok(None) };
    let group = accounts::by_id(c, place.group_id)?.filter(|g| is_group(g) && g.is_active());
    Ok(group.map(|group| (group, place)))
}

/// The group that is to pass on the Create of a post: once, however often it comes.
///
/// # Errors
/// Internal.
pub fn take_turn(tx: &mut Tx<'_>, status: StatusId) -> Result<Option<Account>> {
    let Some((group, mut place)) = of_post(tx, status)? else { return Ok(None) };
    if place.passed_on_at.is_some() {
        return Ok(None);
    }
    place.passed_on_at = Some(tx.now());
    rows::save_post(tx, &place)?;
    Ok(Some(group))
}

/// Of these posts, those that were taken out of the group in whose thread they stand.
///
/// # Errors
/// Internal.
pub fn removed_among(c: &mut Conn, some: &[StatusId]) -> Result<Vec<StatusId>> {
    let found = rows::posts_among(c, some)?;
    Ok(found.into_iter().filter(|row| row.removed_at.is_some()).map(|row| row.status_id).collect())
}

/// Whether a post begins a thread.
#[must_use]
pub fn begins_thread(place: &GroupPost) -> bool {
    place.root_id == place.status_id
}

/// Those who look after a group and can act.
///
/// # Errors
/// Internal.
pub fn moderators(c: &mut Conn, group: AccountId) -> Result<Vec<Account>> {
    let limit = i64::try_from(parvis_model::group::MODERATORS_MAX).unwrap_or(i64::MAX);
    let ids = rows::moderators(c, group, limit)?;
    let known = accounts::by_ids(c, &ids)?;
    let known = access::unbarred(c, known)?;
    Ok(ids.iter().filter_map(|id| known.iter().find(|a| a.id == *id).cloned()).collect())
}

/// Whether somebody looks after a group and can act.
///
/// # Errors
/// Internal.
pub fn is_moderator(c: &mut Conn, group: AccountId, account: AccountId) -> Result<bool> {
    Ok(rows::is_moderator(c, group, account)? && accounts::by_id(c, account)?.is_some_and(|a| a.is_active()))
}
