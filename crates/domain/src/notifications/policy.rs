//! What happens with notifications of strangers: the receiver's policy, fed with what is known of the sender. The rule itself is
//! `model::notification_policy`; it is asked once, when a notification is written.

use std::collections::HashSet;

use parvis_model::account::{ActorKind, Role};
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::notification::NotificationKind;
use parvis_model::notification_policy::{NotificationPolicy, Stranger, Verdict};
use parvis_model::time::DAY;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::notification_policies as rows;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, accounts, follows, logins, statuses};

use crate::error::{OrNotFound, Result};
use crate::policy as servers;

/// Who follows for less than this counts as no follower yet.
const FOLLOWS_FOR: i64 = 3 * DAY;
/// An account younger than this is new.
const NEW_FOR: i64 = 30 * DAY;
/// Waiting senders that are counted.
const COUNTED: i64 = 100;

/// Somebody's policy. Who never said has Mastodon's; departments and groups are there to be written to and accept private mentions.
fn of(c: &mut Conn, account: &Account) -> Result<NotificationPolicy> {
    if let Some(policy) = rows::policy(c, account.id)? {
        return Ok(policy);
    }
    let is_person = ActorKind::parse(&account.kind).is_none_or(|kind| kind == ActorKind::Person);
    let mut policy = NotificationPolicy::default();
    if !is_person {
        policy.for_private_mentions = Verdict::Accept;
    }
    Ok(policy)
}

/// A policy and what it holds back at the moment.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    pub policy: NotificationPolicy,
    /// Senders that wait, at most 100.
    pub requests: i64,
    /// Notifications of theirs.
    pub notifications: i64,
}

/// Somebody's policy with what it holds back.
///
/// # Errors
/// [`crate::Error::NotFound`] for who is not there.
pub fn summary(c: &mut Conn, account: AccountId) -> Result<Summary> {
    let owner = accounts::by_id(c, account)?.or_not_found()?;
    let policy = of(c, &owner)?;
    let waiting: Vec<AccountId> =
        rows::requests(c, account, Range::newest(COUNTED))?.into_iter().map(|r| r.from_account_id).collect();
    let notifications = rows::count_filtered(c, account, &waiting)?.values().sum();
    Ok(Summary { policy, requests: i64::try_from(waiting.len()).unwrap_or(COUNTED), notifications })
}

/// Which parts of a policy change; `None` keeps one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    pub for_not_following: Option<Verdict>,
    pub for_not_followers: Option<Verdict>,
    pub for_new_accounts: Option<Verdict>,
    pub for_private_mentions: Option<Verdict>,
    pub for_limited_accounts: Option<Verdict>,
}

/// Changes somebody's policy, for what comes from now on.
///
/// # Errors
/// [`crate::Error::NotFound`] for who is not there.
pub fn change(tx: &mut Tx<'_>, account: AccountId, change: Change) -> Result<Summary> {
    let owner = accounts::by_id(tx, account)?.or_not_found()?;
    let before = of(tx, &owner)?;
    let policy = NotificationPolicy {
        for_not_following: change.for_not_following.unwrap_or(before.for_not_following),
        for_not_followers: change.for_not_followers.unwrap_or(before.for_not_followers),
        for_new_accounts: change.for_new_accounts.unwrap_or(before.for_new_accounts),
        for_private_mentions: change.for_private_mentions.unwrap_or(before.for_private_mentions),
        for_limited_accounts: change.for_limited_accounts.unwrap_or(before.for_limited_accounts),
    };
    rows::set_policy(tx, account, &policy)?;
    summary(tx, account)
}

/// What somebody is about to be told.
#[derive(Clone, Copy)]
pub(super) struct Deed {
    pub kind: NotificationKind,
    pub status: Option<StatusId>,
}

/// What happens with a notification that is about to be written. What costs a question is asked only where the answer counts.
pub(super) fn verdict(tx: &mut Tx<'_>, to: &Account, from: &Account, deed: Deed) -> Result<Verdict> {
    if !deed.kind.is_filterable() {
        return Ok(Verdict::Accept);
    }
    let policy = of(tx, to)?;
    let mut ties = follows::with(tx, to.id, &[from.id])?;
    ties.retain(|f| f.state == FollowState::Accepted.code());
    let now = tx.now();
    let mut stranger = Stranger {
        is_followed: ties.iter().any(|f| f.follower_id == to.id),
        is_old_follower: ties
            .iter()
            .any(|f| f.followee_id == to.id && f.created_at <= now.minus(FOLLOWS_FOR)),
        is_new: from.created_at > now.minus(NEW_FOR),
        is_limited: true,
        is_private_mention: deed.kind == NotificationKind::Mention,
    };
    if policy.verdict(stranger) != Verdict::Accept {
        stranger.is_limited = is_limited(tx, from)?;
        stranger.is_private_mention =
            stranger.is_private_mention && is_private_and_unasked(tx, to.id, from.id, deed.status)?;
    }
    let verdict = policy.verdict(stranger);
    if verdict == Verdict::Accept || rows::is_permitted(tx, to.id, from.id)? || is_moderator(tx, from)? {
        return Ok(Verdict::Accept);
    }
    Ok(verdict)
}

/// Whether a mention is private and in no conversation in which the receiver wrote privately to its author.
fn is_private_and_unasked(
    c: &mut Conn,
    to: AccountId,
    from: AccountId,
    status: Option<StatusId>,
) -> Result<bool> {
    let Some(id) = status else { return Ok(false) };
    match statuses::by_id(c, id)?.filter(|p| p.visibility == Visibility::Direct.code()) {
        Some(post) => Ok(!rows::wrote_privately(c, post.thread_id, to, from)?),
        None => Ok(false),
    }
}

/// Whether the town limits an account: itself, or by its server.
fn is_limited(c: &mut Conn, from: &Account) -> Result<bool> {
    if from.silenced_at.is_some() || from.is_local() {
        return Ok(from.silenced_at.is_some());
    }
    let (_, silenced) = servers::barred(c, &HashSet::from([from.host.clone()]))?;
    Ok(silenced.contains(&from.host))
}

/// What those say who look after the rules here is never held back.
fn is_moderator(c: &mut Conn, from: &Account) -> Result<bool> {
    if !from.is_local() {
        return Ok(false);
    }
    let role = logins::of_account(c, from.id)?.and_then(|login| Role::parse(&login.role));
    Ok(role.is_some_and(|role| matches!(role, Role::Moderator | Role::Admin)))
}
