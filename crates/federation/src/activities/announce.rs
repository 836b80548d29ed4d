//! Announce: a boost, or a group passing on what its members did (FEP-1b12). What is boosted is fetched from its origin if we do not have it; an
//! activity inside is a hint to do so, never the thing itself (threats O4).
//!
//! Neighbour: `wrapped` says what each kind of activity inside is worth.

use activitypub_federation::config::Data;
use parvis_domain::remote::Outcome;
use parvis_domain::remote::boosts::{self, RemoteBoost};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx, actors};
use url::Url;

use super::{Incoming, Prepared, featured, wrapped};
use crate::fetch::{Problem, note};

pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let inside = incoming.activity.object().and_then(|object| object.object());
    if let Some((inner, document)) = incoming.inner(data.now()).filter(|i| i.kind.is_some()).zip(inside) {
        return wrapped::prepare(incoming, &inner, document, data).await;
    }
    let Some(id) = incoming.object_id() else { return Ok(Prepared::Drop("nothing to boost in it")) };
    // Before anything is fetched: a stranger must not make us fetch what nobody here asked for.
    if !is_relevant(incoming, &id, data).await? {
        return Ok(Prepared::Drop("nobody here has to do with it"));
    }
    Ok(Prepared::Post(note(&id, data).await?.id))
}

/// Whether somebody here follows the sender, or the post is ours.
pub(super) async fn is_relevant(
    incoming: &Incoming,
    object: &Url,
    data: &Data<Town>,
) -> std::result::Result<bool, Problem> {
    let (uri, actor) = (object.to_string(), incoming.actor.to_string());
    Ok(data
        .db()
        .read(move |c| match actors::by_uri(c, &actor)? {
            Some(who) => boosts::is_relevant(c, who.id, &uri),
            None => Ok(false),
        })
        .await?)
}

pub(super) fn apply(
    tx: &mut Tx<'_>,
    incoming: &Incoming,
    prepared: &Prepared,
    sender: &Account,
) -> Result<()> {
    match prepared {
        Prepared::Post(original) => {
            let boost = RemoteBoost {
                uri: incoming.id.to_string(),
                who: sender.id,
                original: *original,
                is_public: incoming.activity.audience.public_in_to,
                published: incoming.activity.published,
            };
            // What a group wrapped is a boost only when it begins a thread; its answers stand below.
            let is_wrapped = incoming.inner(tx.now()).is_some_and(|inner| inner.kind.is_some());
            let outcome =
                if is_wrapped { boosts::pass_on(tx, &boost)? } else { boosts::announce(tx, &boost)? };
            if let Outcome::Dropped(why) = outcome {
                tracing::debug!(activity = %incoming.id, why, "dropped");
            }
            Ok(())
        }
        Prepared::Pin(pin) => featured::set(tx, pin, sender),
        other => wrapped::apply(tx, other, sender),
    }
}
