//! What groups of this town tell their followers (FEP-1b12): what members did in their threads, put into an `Announce` as it was said, byte by byte,
//! and what those who look after a group decided. The plain `Announce` of what begins a thread is the group's boost ([`super::posts`]).
//!
//! Neighbour: [`crate::activities`] passes on what comes from members elsewhere. An `Announce` is never passed on.

use parvis_domain::outbox::{self, Audience, Outgoing};
use parvis_domain::rows::{Account, Status};
use parvis_domain::{Result, Tx, actors, groups};
use parvis_model::group::GroupDeed;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use serde_json::{Value, json};

use super::{inbox_of, local, new_id};
use crate::objects::activity::{self, about};
use crate::objects::actor::moderators_uri;
use crate::wire::{PUBLIC, with_context};

/// Passes on what a member said, exactly as it was said. `also` are inboxes that must hear of it whoever follows the group.
pub(crate) fn pass_on(
    tx: &mut Tx<'_>,
    group: &Account,
    said: &str,
    also: Vec<(String, String)>,
) -> Result<()> {
    let uri = new_id(tx, group, "announces")?;
    let shell = activity::wrapping(&uri, &group.uri, &group.followers_uri, tx.now());
    let body = activity::around(&with_context(shell), said);
    let audience = Audience { followers_of: Some(group.id), as_of_object: None, explicit: also };
    outbox::write(tx, Outgoing { uri, actor: group.id, object_uri: None, body, audience })?;
    Ok(())
}

/// Passes on the Create of a post, once; nothing when it stands in no group.
pub(crate) fn created(tx: &mut Tx<'_>, status: StatusId, said: &str) -> Result<()> {
    match groups::take_turn(tx, status)? {
        Some(group) => pass_on(tx, &group, said, Vec::new()),
        None => Ok(()),
    }
}

/// Passes on what a resident did with their own post.
pub(super) fn changed(tx: &mut Tx<'_>, status: &Status, said: &str) -> Result<()> {
    match groups::of_post(tx, status.id)? {
        Some((group, _)) => pass_on(tx, &group, said, Vec::new()),
        None => Ok(()),
    }
}

/// Passes on that a resident likes a post, or no longer.
pub(super) fn liked(
    tx: &mut Tx<'_>,
    status: StatusId,
    by: AccountId,
    uri: &str,
    is_undone: bool,
) -> Result<()> {
    let Some(who) = local(tx, by)? else { return Ok(()) };
    let Some((group, _)) = groups::of_post(tx, status)? else { return Ok(()) };
    let Some(post) = actors::post(tx, status)? else { return Ok(()) };
    let author = actors::by_id(tx, post.account_id)?.map_or_else(String::new, |author| author.uri);
    let visibility = Visibility::from_code(post.visibility);
    let like = activity::like(uri, &who.uri, &post.uri, &author, visibility);
    let said = if is_undone {
        let id = new_id(tx, &who, "undos")?;
        about("Undo", &id, &who.uri, like)
    } else {
        like
    };
    pass_on(tx, &group, &with_context(said).to_string(), Vec::new())
}

/// Tells what was decided about a group. What was decided elsewhere is passed on in its own words where it comes in.
pub(super) fn moderated(tx: &mut Tx<'_>, group: AccountId, by: AccountId, deed: &GroupDeed) -> Result<()> {
    let (Some(group), Some(by)) = (local(tx, group)?, local(tx, by)?) else { return Ok(()) };
    let Some((said, concerned)) = decision(tx, &group, &by, deed)? else { return Ok(()) };
    let also = concerned.filter(|a| !a.is_local()).as_ref().map(inbox_of).into_iter().collect();
    pass_on(tx, &group, &with_context(said).to_string(), also)
}

/// A decision as an activity, and whom it concerns.
fn decision(
    tx: &mut Tx<'_>,
    group: &Account,
    by: &Account,
    deed: &GroupDeed,
) -> Result<Option<(Value, Option<Account>)>> {
    let featured = group.featured_uri.clone().unwrap_or_default();
    let moderators = moderators_uri(group);
    let (kind, object, concerned, target, summary, is_undone) = match deed {
        GroupDeed::Removed { status, reason } => ("Delete", Some(*status), None, None, Some(reason), false),
        GroupDeed::Locked { status } => ("Lock", Some(*status), None, None, None, false),
        GroupDeed::Unlocked { status } => ("Lock", Some(*status), None, None, None, true),
        GroupDeed::Pinned { status } => ("Add", Some(*status), None, Some(&featured), None, false),
        GroupDeed::Unpinned { status } => ("Remove", Some(*status), None, Some(&featured), None, false),
        GroupDeed::Banned { account, reason } => {
            ("Block", None, Some(*account), Some(&group.uri), Some(reason), false)
        }
        GroupDeed::Unbanned { account } => ("Block", None, Some(*account), Some(&group.uri), None, true),
        GroupDeed::ModeratorAdded { account } => {
            ("Add", None, Some(*account), Some(&moderators), None, false)
        }
        GroupDeed::ModeratorRemoved { account } => {
            ("Remove", None, Some(*account), Some(&moderators), None, false)
        }
    };
    let (object, concerned) = match (object, concerned) {
        (Some(status), _) => {
            let Some(post) = actors::post(tx, status)? else { return Ok(None) };
            (post.uri, actors::by_id(tx, post.account_id)?)
        }
        (None, Some(account)) => {
            let Some(account) = actors::by_id(tx, account)? else { return Ok(None) };
            (account.uri.clone(), Some(account))
        }
        (None, None) => return Ok(None),
    };
    let mut said = json!({
        "id": new_id(tx, by, "decisions")?, "type": kind, "actor": by.uri, "to": [PUBLIC], "cc": [group.uri],
        "audience": group.uri, "object": object,
    });
    if let Some(members) = said.as_object_mut() {
        let texts = [("target", target), ("summary", summary.filter(|reason| !reason.is_empty()))];
        for (name, value) in texts {
            if let Some(value) = value {
                members.insert(name.to_owned(), json!(value));
            }
        }
    }
    if is_undone {
        let id = new_id(tx, by, "undos")?;
        said = about("Undo", &id, &by.uri, said);
    }
    Ok(Some((said, concerned)))
}
