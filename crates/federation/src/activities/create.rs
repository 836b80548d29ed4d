//! Create: a new post of the sender, or a vote in a poll of ours, which is no post. Inside it is believed when it is theirs and of their server; else it is fetched from its origin (threats O4, O5).

use activitypub_federation::config::Data;
use activitypub_federation::fetch::object_id::ObjectId;
use parvis_domain::remote::statuses::{self, Wanted};
use parvis_domain::remote::{Outcome, polls};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx};

use super::{Incoming, Prepared, Vote};
use crate::fetch::{KnownNote, Problem, reading};
use crate::signature::same_origin;
use crate::wire::{ActivityDocument, NoteDocument};

pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    if let Some(prepared) = embedded(&incoming.activity, data.now()) {
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

/// The post inside, when it can be believed because it is the actor's own.
pub(super) fn embedded(activity: &ActivityDocument, now: parvis_model::time::Moment) -> Option<Prepared> {
    let object = activity.object()?.object()?;
    let mut note = match NoteDocument::read(object, now) {
        Ok(note) => note,
        // A link to a post with a type and nothing else: fetch it.
        Err(crate::wire::WireError::Bad("attributedTo")) => return None,
        Err(_) => return Some(Prepared::Drop("not a kind of post that we show")),
    };
    if note.author != activity.actor {
        return Some(Prepared::Drop("the author is not the sender"));
    }
    if !same_origin(&note.id, &activity.actor) {
        return Some(Prepared::Drop("a post of another server"));
    }
    if !note.is_addressed {
        note.audience = activity.audience.clone();
    }
    Some(match reading::note(&note) {
        Some(note) => Prepared::Note(Box::new(note)),
        None => vote(&note).map_or(Prepared::Drop("a vote"), Prepared::Vote),
    })
}

/// What a vote chooses (`is_vote` has found both).
fn vote(note: &NoteDocument) -> Option<Vote> {
    Some(Vote { poll: note.in_reply_to.as_ref()?.to_string(), option: note.name.clone()? })
}

pub(super) fn apply(tx: &mut Tx<'_>, prepared: &Prepared, sender: &Account) -> Result<()> {
    match prepared {
        Prepared::Note(note) => {
            if let Outcome::Dropped(why) = statuses::create(tx, note, Wanted::IfRelevant)? {
                tracing::debug!(post = %note.uri, why, "dropped");
            }
        }
        Prepared::Vote(Vote { poll, option }) => {
            if let Outcome::Dropped(why) = polls::vote(tx, sender.id, poll, option)? {
                tracing::debug!(%poll, why, "a vote does not count");
            }
        }
        _ => {}
    }
    Ok(())
}
