//! Announce: a boost, or a group passing on what its members did (FEP-1b12). What is boosted is fetched from its origin if we do not have it; an
//! activity inside is a hint to do so, never the thing itself (threats O4).

use activitypub_federation::config::Data;
use parvis_domain::remote::Outcome;
use parvis_domain::remote::boosts::{self, RemoteBoost};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx, actors};
use url::Url;

use super::{Incoming, Prepared};
use crate::fetch::{Problem, note};
use crate::wire::ActivityKind;

pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let Some(id) = announced(incoming, data) else { return Ok(Prepared::Drop("nothing to boost in it")) };
    let (uri, actor) = (id.to_string(), incoming.actor.to_string());
    let is_relevant = data
        .db()
        .read(move |c| match actors::by_uri(c, &actor)? {
            Some(who) => boosts::is_relevant(c, who.id, &uri),
            None => Ok(false),
        })
        .await?;
    // Before anything is fetched: a stranger must not make us fetch what nobody here asked for.
    if !is_relevant {
        return Ok(Prepared::Drop("nobody here has to do with it"));
    }
    Ok(Prepared::Post(note(&id, data).await?.id))
}

/// What is passed on: the object itself, or the object of the activity inside.
fn announced(incoming: &Incoming, data: &Data<Town>) -> Option<Url> {
    match incoming.inner(data.now()) {
        Some(inner) if inner.kind.is_some() => wrapped(&inner.kind?, inner.object()?.id()),
        _ => incoming.object_id(),
    }
}

fn wrapped(kind: &ActivityKind, object: Option<Url>) -> Option<Url> {
    matches!(kind, ActivityKind::Create | ActivityKind::Update).then_some(object)?
}

pub(super) fn apply(
    tx: &mut Tx<'_>,
    incoming: &Incoming,
    prepared: &Prepared,
    sender: &Account,
) -> Result<()> {
    // What a group wrapped is kept; it is a boost only when the group says so in a plain Announce.
    let is_wrapped = incoming.inner(tx.now()).is_some_and(|inner| inner.kind.is_some());
    let (Prepared::Post(original), false) = (prepared, is_wrapped) else { return Ok(()) };
    let boost = RemoteBoost {
        uri: incoming.id.to_string(),
        who: sender.id,
        original: *original,
        is_public: incoming.activity.audience.public_in_to,
        published: incoming.activity.published,
    };
    if let Outcome::Dropped(why) = boosts::announce(tx, &boost)? {
        tracing::debug!(activity = %incoming.id, why, "dropped");
    }
    Ok(())
}
