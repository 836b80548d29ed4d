//! Move: the sender lives at another address now. Both accounts are read anew from their own servers; whether they agree is decided by
//! `domain::moves::theirs` (threats O10). What people here had to do with the old account is carried over by a job.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use parvis_domain::moves::theirs::{self, Proof};
use parvis_domain::remote::{self, RemoteActor};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx};
use url::Url;

use super::{Incoming, Prepared};
use crate::fetch::{Problem, Wire, reading};
use crate::wire::ActorDocument;

pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let Some(target) = incoming.activity.target.clone() else { return Ok(Prepared::Drop("nowhere to move")) };
    // Misskey and others repeat the actor; whoever names somebody else moves somebody else.
    if incoming.object_id().is_some_and(|object| object != incoming.actor) || target == incoming.actor {
        return Ok(Prepared::Drop("somebody else's move"));
    }
    let origin = Box::new(read(&incoming.actor, data).await?);
    if origin.moved_to.as_deref().is_some_and(|to| to != target.as_str()) {
        return Ok(Prepared::Drop("the sender's profile says something else"));
    }
    if data.urls().is_ours(&target) {
        return Ok(Prepared::Move { origin, target, there: None });
    }
    // One that is unknown is found with its handle, as whenever somebody looks for it.
    data.remote().by_url(target.as_str()).await?;
    let there = Some(Box::new(read(&target, data).await?));
    Ok(Prepared::Move { origin, target, there })
}

/// An actor's document as its own server has it now.
async fn read(url: &Url, data: &Data<Town>) -> std::result::Result<RemoteActor, Problem> {
    let fetched = fetch_object_http::<Town, Wire>(url, data).await?;
    let document = ActorDocument::read(&fetched.object.0, data.now())?;
    if document.id == *url { Ok(reading::actor(&document)) } else { Err(Problem::Dropped("another actor")) }
}

pub(super) fn apply(tx: &mut Tx<'_>, prepared: &Prepared, sender: &Account) -> Result<()> {
    let Prepared::Move { origin, target, there } = prepared else { return Ok(()) };
    remote::accounts::upsert(tx, origin)?;
    let mut aliases = Vec::new();
    if let Some(there) = there {
        remote::accounts::upsert(tx, there)?;
        aliases.clone_from(&there.aliases);
    }
    let proof = Proof { moved_to: origin.moved_to.clone(), target: target.to_string(), aliases };
    theirs::moved(tx, sender.id, &proof)
}

#[cfg(test)]
#[path = "moving_tests.rs"]
mod tests;
