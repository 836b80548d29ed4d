//! Update: a changed post or the sender's changed profile. Only the author changes a post, and only to something newer (threats O8, R9).

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use parvis_domain::remote::{self, Outcome};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx};

use super::{Incoming, Prepared, create};
use crate::fetch::{Problem, Wire, reading};
use crate::signature::same_origin;
use crate::wire::{ActorDocument, NoteDocument};

pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let Some(id) = incoming.object_id() else { return Ok(Prepared::Drop("nothing in it")) };
    if id == incoming.actor {
        return own_document(incoming, data).await;
    }
    if let Some(prepared) = create::embedded(&incoming.activity, data.now()) {
        return Ok(prepared);
    }
    if !same_origin(&id, &incoming.actor) {
        return Ok(Prepared::Drop("a post of another server"));
    }
    let fetched = fetch_object_http::<Town, Wire>(&id, data).await?;
    let note = NoteDocument::read(&fetched.object.0, data.now())?;
    if note.id != id {
        return Ok(Prepared::Drop("another post than the one that was asked for"));
    }
    if note.author != incoming.actor || !same_origin(&note.id, &incoming.actor) {
        return Ok(Prepared::Drop("the author is not the sender"));
    }
    Ok(reading::note(&note).map_or(Prepared::Drop("a vote"), |n| Prepared::Note(Box::new(n))))
}

/// The sender's document: the one inside is signed by them, else the one at its id.
async fn own_document(incoming: &Incoming, data: &Data<Town>) -> std::result::Result<Prepared, Problem> {
    let inside = incoming.activity.object().and_then(|o| o.object());
    let document = match inside.and_then(|o| ActorDocument::read(o, data.now()).ok()) {
        Some(document) => document,
        None => {
            let fetched = fetch_object_http::<Town, Wire>(&incoming.actor, data).await?;
            ActorDocument::read(&fetched.object.0, data.now())?
        }
    };
    if document.id != incoming.actor {
        return Ok(Prepared::Drop("a profile of somebody else"));
    }
    Ok(Prepared::Actor(Box::new(reading::actor(&document))))
}

pub(super) fn apply(tx: &mut Tx<'_>, prepared: &Prepared, sender: &Account) -> Result<()> {
    match prepared {
        Prepared::Note(note) => {
            if let Outcome::Dropped(why) = remote::statuses::update(tx, note)? {
                tracing::debug!(post = %note.uri, why, "dropped");
            }
            Ok(())
        }
        Prepared::Actor(actor) if actor.uri == sender.uri => {
            remote::accounts::upsert(tx, actor)?;
            Ok(())
        }
        _ => Ok(()),
    }
}
