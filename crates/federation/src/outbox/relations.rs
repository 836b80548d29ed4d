//! Follows, favourites and blocks of local accounts that concern somebody elsewhere → Follow, Accept, Reject, Like, Block, Undo. Each goes to that
//! somebody's server and to nobody else.

use parvis_domain::outbox::Audience;
use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx, actors};
use parvis_model::ids::{AccountId, FollowId, StatusId};
use parvis_model::visibility::Visibility;
use serde_json::Value;

use super::{groups, local, new_id, remote, send};
use crate::objects::activity::{self, about, plain};

/// Sends an activity of `from` to one other account.
fn tell(tx: &mut Tx<'_>, from: &Account, to: &Account, object: Option<&str>, activity: Value) -> Result<()> {
    // A personal inbox is always right; for one recipient the shared one saves nothing.
    let explicit = vec![(to.host.clone(), to.inbox.clone())];
    send(tx, from, object.map(str::to_owned), activity, Audience { explicit, ..Audience::default() })
}

/// The two accounts, if `ours` is of this town and `theirs` is not.
fn across(tx: &mut Tx<'_>, ours: AccountId, theirs: AccountId) -> Result<Option<(Account, Account)>> {
    let (Some(ours), Some(theirs)) = (local(tx, ours)?, remote(tx, theirs)?) else { return Ok(None) };
    Ok(Some((ours, theirs)))
}

pub(super) fn asked_to_follow(
    tx: &mut Tx<'_>,
    follow: FollowId,
    follower: AccountId,
    followee: AccountId,
) -> Result<()> {
    let Some((ours, theirs)) = across(tx, follower, followee)? else { return Ok(()) };
    let Some(uri) = actors::follow_uri(tx, follow)? else { return Ok(()) };
    let ask = plain("Follow", &uri, &ours.uri, &theirs.uri);
    tell(tx, &ours, &theirs, Some(&uri), ask)
}

pub(super) fn unfollowed(tx: &mut Tx<'_>, follower: AccountId, followee: AccountId, uri: &str) -> Result<()> {
    let Some((ours, theirs)) = across(tx, follower, followee)? else { return Ok(()) };
    let follow = plain("Follow", uri, &ours.uri, &theirs.uri);
    let id = new_id(tx, &ours, "undos")?;
    tell(tx, &ours, &theirs, Some(uri), about("Undo", &id, &ours.uri, follow))
}

pub(super) fn accepted(
    tx: &mut Tx<'_>,
    follow: FollowId,
    follower: AccountId,
    followee: AccountId,
) -> Result<()> {
    let Some((ours, theirs)) = across(tx, followee, follower)? else { return Ok(()) };
    let Some(uri) = actors::follow_uri(tx, follow)? else { return Ok(()) };
    answer(tx, "Accept", &ours, &theirs, &uri)
}

pub(super) fn rejected(tx: &mut Tx<'_>, follower: AccountId, followee: AccountId, uri: &str) -> Result<()> {
    let Some((ours, theirs)) = across(tx, followee, follower)? else { return Ok(()) };
    answer(tx, "Reject", &ours, &theirs, uri)
}

fn answer(tx: &mut Tx<'_>, kind: &str, ours: &Account, theirs: &Account, follow_uri: &str) -> Result<()> {
    let follow = plain("Follow", follow_uri, &theirs.uri, &ours.uri);
    let id = new_id(tx, ours, if kind == "Accept" { "accepts" } else { "rejects" })?;
    tell(tx, ours, theirs, None, about(kind, &id, &ours.uri, follow))
}

pub(super) fn liked(tx: &mut Tx<'_>, status: StatusId, by: AccountId) -> Result<()> {
    let Some(uri) = actors::favourite_uri(tx, by, status)? else { return Ok(()) };
    like(tx, status, by, &uri, false)?;
    groups::liked(tx, status, by, &uri, false)
}

pub(super) fn unliked(tx: &mut Tx<'_>, status: StatusId, by: AccountId, uri: Option<&str>) -> Result<()> {
    match uri {
        Some(uri) => {
            like(tx, status, by, uri, true)?;
            groups::liked(tx, status, by, uri, true)
        }
        None => Ok(()),
    }
}

fn like(tx: &mut Tx<'_>, status: StatusId, by: AccountId, uri: &str, is_undone: bool) -> Result<()> {
    let Some(status) = actors::post(tx, status)? else { return Ok(()) };
    let Some((ours, theirs)) = across(tx, by, status.account_id)? else { return Ok(()) };
    let visibility = Visibility::from_code(status.visibility);
    let like = activity::like(uri, &ours.uri, &status.uri, &theirs.uri, visibility);
    let activity = if is_undone {
        let id = new_id(tx, &ours, "undos")?;
        about("Undo", &id, &ours.uri, like)
    } else {
        like
    };
    tell(tx, &ours, &theirs, Some(uri), activity)
}

/// To all followers: their servers let them follow the new account.
pub(super) fn moved(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    let (Some(ours), Some(target)) = (local(tx, account)?, actors::by_id(tx, target)?) else { return Ok(()) };
    let id = new_id(tx, &ours, "moves")?;
    let audience = Audience { followers_of: Some(account), ..Audience::default() };
    send(tx, &ours, None, activity::moved(&id, &ours.uri, &ours.followers_uri, &target.uri), audience)
}

pub(super) fn blocked(tx: &mut Tx<'_>, by: AccountId, target: AccountId, uri: &str) -> Result<()> {
    let Some((ours, theirs)) = across(tx, by, target)? else { return Ok(()) };
    let block = plain("Block", uri, &ours.uri, &theirs.uri);
    tell(tx, &ours, &theirs, Some(uri), block)
}

pub(super) fn unblocked(tx: &mut Tx<'_>, by: AccountId, target: AccountId, uri: &str) -> Result<()> {
    let Some((ours, theirs)) = across(tx, by, target)? else { return Ok(()) };
    let block = plain("Block", uri, &ours.uri, &theirs.uri);
    let id = new_id(tx, &ours, "undos")?;
    tell(tx, &ours, &theirs, Some(uri), about("Undo", &id, &ours.uri, block))
}
