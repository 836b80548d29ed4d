//! Undo: the sender takes back something of theirs. What was not here yet is remembered, so that it has no effect when it comes late (threats R8).
//! The sender's own relations and reactions are all that can end here, whatever the inner activity says (O9).

use activitypub_federation::config::Data;
use parvis_domain::remote::statuses::{self, Wanted};
use parvis_domain::remote::{Outcome, RemoteNote, boosts, gone};
use parvis_domain::rows::Account;
use parvis_domain::{Error, Result, Town, Tx, actors, blocks, follows, reactions};
use url::Url;

use super::{Incoming, Prepared, local, post};
use crate::fetch::{Problem, read_anew};
use crate::signature::same_origin;
use crate::wire::{ActivityDocument, ActivityKind};

/// A Delete that is taken back (Lemmy) is a hint: the post is read at its origin before it may come again.
pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let inner = incoming.inner(data.now()).filter(|i| i.kind == Some(ActivityKind::Delete));
    let post = inner.filter(|i| i.actor == incoming.actor).and_then(|i| i.object()?.id());
    match post.filter(|post| same_origin(post, &incoming.actor)) {
        Some(post) => restored(&post, data).await,
        None => Ok(Prepared::Nothing),
    }
}

/// The post as its origin has it again, if it is remembered here as deleted: for others nobody is asked.
pub(super) async fn restored(post: &Url, data: &Data<Town>) -> std::result::Result<Prepared, Problem> {
    let uri = post.to_string();
    if data.urls().is_ours(post) || !data.db().read(move |c| gone::is_buried(c, &uri)).await? {
        return Ok(Prepared::Drop("it was not deleted here"));
    }
    Ok(read_anew(post, data)
        .await?
        .map_or(Prepared::Drop("a vote"), |note| Prepared::Restored(Box::new(note))))
}

/// Brings a post back that its author deleted, if somebody here still has to do with it.
pub(super) fn restore(tx: &mut Tx<'_>, note: &RemoteNote) -> Result<()> {
    if gone::unbury(tx, &note.author, &note.uri)?
        && let Outcome::Dropped(why) = statuses::create(tx, note, Wanted::IfRelevant)?
    {
        tracing::debug!(post = %note.uri, why, "dropped");
    }
    Ok(())
}

pub(super) fn apply(
    tx: &mut Tx<'_>,
    incoming: &Incoming,
    prepared: &Prepared,
    sender: &Account,
) -> Result<()> {
    if let Prepared::Restored(note) = prepared {
        return if note.author == sender.uri { restore(tx, note) } else { Ok(()) };
    }
    let inner = incoming.inner(tx.now());
    if inner.as_ref().is_some_and(|i| i.actor != incoming.actor) {
        return Ok(());
    }
    let id = incoming.object_id();
    if let Some(id) = &id {
        gone::remember_undone(tx, sender.id, id.as_str())?;
    }
    match inner {
        Some(inner) => by_content(tx, &inner, id.as_ref(), sender),
        None => id.map_or(Ok(()), |id| by_id(tx, &id, sender)),
    }
}

/// Some programs write a new id into the Follow or Like inside, so who and what count, not the id.
fn by_content(tx: &mut Tx<'_>, inner: &ActivityDocument, id: Option<&Url>, sender: &Account) -> Result<()> {
    let Some(object) = inner.object().and_then(|o| o.id()) else { return Ok(()) };
    match inner.kind {
        Some(ActivityKind::Follow) => match local(tx, &object)? {
            Some(followee) => follows::unfollow(tx, sender.id, followee),
            None => Ok(()),
        },
        Some(ActivityKind::Block) => match local(tx, &object)? {
            Some(target) => blocks::unblock(tx, sender.id, target),
            None => Ok(()),
        },
        Some(ActivityKind::Like) => unlike(tx, &object, sender),
        // Somebody may react with several emoji, and only the first was kept: its end is told by its own id.
        Some(ActivityKind::EmojiReact) => id.map_or(Ok(()), |id| by_id(tx, id, sender)),
        Some(ActivityKind::Announce) => {
            boosts::undo(tx, sender.id, id.map(Url::as_str), Some(object.as_str()))?;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn unlike(tx: &mut Tx<'_>, object: &Url, sender: &Account) -> Result<()> {
    let Some(status) = post(tx, object)? else { return Ok(()) };
    match reactions::unfavourite(tx, sender.id, status) {
        // They can no longer see it; then there is nothing to take back either.
        Ok(_) | Err(Error::NotFound) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Only the id of what is taken back: whatever of the sender's has it.
fn by_id(tx: &mut Tx<'_>, id: &Url, sender: &Account) -> Result<()> {
    if let Some((follower, followee)) = actors::follow_by_uri(tx, id.as_str())?
        && follower == sender.id
    {
        return follows::unfollow(tx, follower, followee);
    }
    if let Some((who, status)) = actors::favourite_by_uri(tx, id.as_str())?
        && who == sender.id
    {
        reactions::unfavourite(tx, who, status)?;
        return Ok(());
    }
    if let Some(target) = actors::block_by_uri(tx, sender.id, id.as_str())? {
        return blocks::unblock(tx, sender.id, target);
    }
    boosts::undo(tx, sender.id, Some(id.as_str()), None)?;
    Ok(())
}
