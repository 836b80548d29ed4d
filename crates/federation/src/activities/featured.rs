//! Add and Remove: what somebody elsewhere shows first on their page (`featured`). Only the owner of a collection changes it; which posts may stand there
//! is decided in `domain::remote::pins`. Other collections (moderators, playlists) are nobody's business here.
//!
//! Hubzilla and others add activities to conversations in the same way (FEP-171b): those are read like what a group passes on.

use activitypub_federation::config::Data;
use parvis_domain::remote::{Outcome, pins};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx, actors};
use url::Url;

use super::{Incoming, Prepared, announce, wrapped};
use crate::fetch::{Problem, note};
use crate::wire::{ActivityDocument, ActivityKind};

/// A post that is pinned, or no longer.
#[derive(Debug, Clone)]
pub(super) struct Pin {
    target: Url,
    post: String,
    is_pinned: bool,
}

/// `change` is the Add or Remove: the activity itself, or the one inside that a group passed on.
pub(super) async fn prepare(
    incoming: &Incoming,
    change: &ActivityDocument,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let Some(target) = change.target.clone() else { return Ok(Prepared::Drop("added to nothing")) };
    let Some(object) = change.object() else { return Ok(Prepared::Drop("nothing is added")) };
    let inner = object.object().and_then(|o| ActivityDocument::read(o, data.now()).ok().zip(Some(o)));
    if let Some((inner, document)) = inner
        && is_passed_on(inner.kind)
        && change.actor == incoming.actor
    {
        return Box::pin(wrapped::prepare(incoming, &inner, document, data)).await;
    }
    let Some(id) = object.id() else { return Ok(Prepared::Drop("nothing is added")) };
    let actor = incoming.actor.to_string();
    let owner = data.db().read(move |c| actors::by_uri(c, &actor)).await?;
    if owner.and_then(|o| o.featured_uri).as_deref() != Some(target.as_str()) {
        return Ok(Prepared::Drop("another collection, or somebody else's"));
    }
    let is_pinned = change.kind == Some(ActivityKind::Add);
    if is_pinned {
        if !announce::is_relevant(incoming, &id, data).await? {
            return Ok(Prepared::Drop("nobody here has to do with it"));
        }
        note(&id, data).await?;
    }
    Ok(Prepared::Pin(Pin { target, post: id.to_string(), is_pinned }))
}

/// Nothing else is passed on in this way, and no Add inside an Add.
const fn is_passed_on(kind: Option<ActivityKind>) -> bool {
    matches!(
        kind,
        Some(
            ActivityKind::Create
                | ActivityKind::Update
                | ActivityKind::Delete
                | ActivityKind::Like
                | ActivityKind::EmojiReact
        )
    )
}

pub(super) fn apply(
    tx: &mut Tx<'_>,
    incoming: &Incoming,
    prepared: &Prepared,
    sender: &Account,
) -> Result<()> {
    match prepared {
        Prepared::Pin(pin) => set(tx, pin, sender),
        // A boost it is not: only groups boost what they pass on.
        Prepared::Post(_) => {
            tracing::trace!(activity = %incoming.id, "a conversation goes on");
            Ok(())
        }
        other => wrapped::apply(tx, other, sender),
    }
}

pub(super) fn set(tx: &mut Tx<'_>, pin: &Pin, owner: &Account) -> Result<()> {
    let outcome = if pin.is_pinned {
        pins::add(tx, owner, pin.target.as_str(), &pin.post)?
    } else {
        pins::remove(tx, owner, pin.target.as_str(), &pin.post)?
    };
    if let Outcome::Dropped(why) = outcome {
        tracing::debug!(post = %pin.post, why, "not pinned");
    }
    Ok(())
}
