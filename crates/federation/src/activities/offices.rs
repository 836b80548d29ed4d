//! What those elsewhere who look after one of our groups decide there: Delete of somebody else's post, Lock, Block with the group as target, Add and Remove
//! in its `featured` and its moderators (FEP-1b12, as Lemmy sends them). Whether they may is decided in `domain::facilitation` (threats O8); then the
//! group passes it on in their words.

use parvis_domain::rows::Account;
use parvis_domain::staff::By;
use parvis_domain::{Error, Result, Tx, actors, facilitation, groups};
use parvis_model::ids::StatusId;
use parvis_model::refusal::Refusal;
use url::Url;

use super::{Incoming, post};
use crate::objects::actor::moderators_uri;
use crate::outbox::groups as out;
use crate::wire::{ActivityDocument, ActivityKind};

/// Does it, if it is such a decision; whether it was one.
///
/// # Errors
/// As the use cases: a decision of somebody who may not is without effect.
pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<bool> {
    let by = By::Account(sender.id);
    let activity = &incoming.activity;
    let inner = incoming.inner(tx.now());
    let group = match (activity.kind, &inner) {
        (Some(ActivityKind::Undo), Some(inner)) => decide(tx, by, inner, true)?,
        (Some(ActivityKind::Delete), _) => removed(tx, by, activity, sender)?,
        _ => decide(tx, by, activity, false)?,
    };
    let Some(group) = group else { return Ok(false) };
    if let Some(said) = incoming.words() {
        out::pass_on(tx, &group, said, Vec::new())?;
    }
    Ok(true)
}

/// A post that somebody else wrote.
fn removed(
    tx: &mut Tx<'_>,
    by: By,
    activity: &ActivityDocument,
    sender: &Account,
) -> Result<Option<Account>> {
    let Some((id, group)) = standing(tx, activity)? else { return Ok(None) };
    if actors::post(tx, id)?.is_none_or(|post| post.account_id == sender.id) {
        return Ok(None);
    }
    let why = activity.summary.clone().unwrap_or_default();
    facilitation::remove(tx, by, group.id, id, &why)?;
    Ok(Some(group))
}

fn decide(tx: &mut Tx<'_>, by: By, activity: &ActivityDocument, is_undone: bool) -> Result<Option<Account>> {
    match activity.kind {
        Some(ActivityKind::Lock) => {
            let Some((id, group)) = standing(tx, activity)? else { return Ok(None) };
            facilitation::lock(tx, by, group.id, id, !is_undone)?;
            Ok(Some(group))
        }
        Some(ActivityKind::Block) => {
            let Some(group) = named(tx, activity.target.as_ref())? else { return Ok(None) };
            let Some(whom) = account(tx, activity)? else { return Err(Error::NotFound) };
            if is_undone {
                facilitation::unban(tx, by, group.id, whom.id)?;
            } else {
                let why = activity.summary.clone().unwrap_or_default();
                facilitation::ban(tx, by, group.id, whom.id, &why)?;
            }
            Ok(Some(group))
        }
        Some(kind @ (ActivityKind::Add | ActivityKind::Remove)) if !is_undone => {
            collected(tx, by, activity, kind == ActivityKind::Add)
        }
        _ => Ok(None),
    }
}

/// Something is put into one of a group's collections, or taken out.
fn collected(
    tx: &mut Tx<'_>,
    by: By,
    activity: &ActivityDocument,
    is_added: bool,
) -> Result<Option<Account>> {
    let Some((group, target)) = owner(tx, activity.target.as_ref())? else { return Ok(None) };
    if group.featured_uri.as_deref() == Some(target.as_str()) {
        let Some((id, _)) = standing(tx, activity)? else { return Err(Error::NotFound) };
        facilitation::pin(tx, by, group.id, id, is_added)?;
    } else {
        let Some(whom) = account(tx, activity)? else { return Err(Error::NotFound) };
        if is_added {
            facilitation::add_moderator(tx, by, group.id, whom.id)?;
        } else {
            facilitation::remove_moderator(tx, by, group.id, whom.id)?;
        }
    }
    Ok(Some(group))
}

/// The post that it is about and the group in which that stands.
fn standing(tx: &mut Tx<'_>, activity: &ActivityDocument) -> Result<Option<(StatusId, Account)>> {
    let Some(object) = activity.object().and_then(|o| o.id()) else { return Ok(None) };
    let Some(id) = post(tx, &object)? else { return Ok(None) };
    Ok(groups::of_post(tx, id)?.map(|(group, _)| (id, group)))
}

/// The account that it is about.
fn account(tx: &mut Tx<'_>, activity: &ActivityDocument) -> Result<Option<Account>> {
    let Some(object) = activity.object().and_then(|o| o.id()) else { return Ok(None) };
    Ok(actors::by_uri(tx, object.as_str())?.filter(Account::is_active))
}

/// The group of this town with this id.
fn named(tx: &mut Tx<'_>, uri: Option<&Url>) -> Result<Option<Account>> {
    let Some(uri) = uri else { return Ok(None) };
    Ok(actors::by_uri(tx, uri.as_str())?.filter(|a| groups::is_group(a) && a.is_active()))
}

/// The group of this town with this collection: its `featured` or its moderators.
fn owner(tx: &mut Tx<'_>, target: Option<&Url>) -> Result<Option<(Account, Url)>> {
    let Some(target) = target else { return Ok(None) };
    let text = target.as_str();
    let actor = text.strip_suffix("/collections/featured").or_else(|| text.strip_suffix("/moderators"));
    let Some(actor) = actor.and_then(|uri| Url::parse(uri).ok()) else { return Ok(None) };
    let Some(group) = named(tx, Some(&actor))? else { return Ok(None) };
    let is_its = group.featured_uri.as_deref() == Some(text) || moderators_uri(&group) == text;
    if is_its { Ok(Some((group, target.clone()))) } else { Err(Error::Forbidden(Refusal::NotModerator)) }
}
