//! Create: a new post of the sender. Inside it is believed when it is theirs and of their server; else it is fetched from its origin (threats O4, O5).

use activitypub_federation::config::Data;
use activitypub_federation::fetch::object_id::ObjectId;
use parvis_domain::remote::statuses::{self, Wanted};
use parvis_domain::remote::{Outcome, RemoteNote};
use parvis_domain::{Result, Town, Tx};

use super::{Incoming, Prepared};
use crate::fetch::{KnownNote, Problem, reading};
use crate::signature::same_origin;
use crate::wire::NoteDocument;

pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    if let Some(prepared) = embedded(incoming, data.now()) {
        return Ok(prepared);
    }
    let Some(id) = incoming.object_id() else { return Ok(Prepared::Drop("no post in it")) };
    // Only the sender's own posts: whatever else they pass on comes by itself, or as an Announce.
    if !same_origin(&id, &incoming.actor) {
        return Ok(Prepared::Drop("a post of another server"));
    }
    let note = ObjectId::<KnownNote>::from(id).dereference(data).await?;
    Ok(Prepared::Post(note.status.id))
}

/// The post inside, when it can be believed.
pub(super) fn embedded(incoming: &Incoming, now: parvis_model::time::Moment) -> Option<Prepared> {
    let object = incoming.activity.object()?.object()?;
    let note = match NoteDocument::read(object, now) {
        Ok(note) => note,
        // A link to a post with a type and nothing else: fetch it.
        Err(crate::wire::WireError::Bad("attributedTo")) => return None,
        Err(_) => return Some(Prepared::Drop("not a kind of post that we show")),
    };
    if note.author != incoming.actor {
        return Some(Prepared::Drop("the author is not the sender"));
    }
    if !same_origin(&note.id, &incoming.actor) {
        return Some(Prepared::Drop("a post of another server"));
    }
    Some(read(&note).map_or(Prepared::Drop("a vote"), |note| Prepared::Note(Box::new(note))))
}

fn read(note: &NoteDocument) -> Option<RemoteNote> {
    reading::note(note)
}

pub(super) fn apply(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<()> {
    if let Prepared::Note(note) = prepared
        && let Outcome::Dropped(why) = statuses::create(tx, note, Wanted::IfRelevant)?
    {
        tracing::debug!(post = %note.uri, why, "dropped");
    }
    Ok(())
}
