//! What members elsewhere do in the threads of our groups is passed on to the groups' followers, in the very bytes that were signed, once it has had an
//! effect here: what changes nothing is told to nobody, so that nobody makes a group repeat itself.
//!
//! Neighbours: `offices` (what those who look after a group decide), [`crate::outbox::groups`] (the `Announce`).

use parvis_domain::events::urls_of;
use parvis_domain::remote::RemoteNote;
use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx, actors, groups, reactions};
use parvis_model::ids::StatusId;

use super::{Incoming, Prepared, post};
use crate::outbox::groups as out;
use crate::wire::ActivityKind;

/// How it was before.
#[derive(Debug)]
pub(super) enum Before {
    /// Nothing that a group would pass on afterwards.
    Nothing,
    /// The sender's own post, as it was.
    Own { group: Account, post: StatusId, version: i64 },
    /// Whether the sender liked a post.
    Vote { group: Account, post: StatusId, is_liked: bool },
}

/// Looks how things are before the activity has its effect.
pub(super) fn before(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<Before> {
    let object = match incoming.activity.kind {
        Some(ActivityKind::Update | ActivityKind::Delete | ActivityKind::Like | ActivityKind::EmojiReact) => {
            incoming.object_id()
        }
        Some(ActivityKind::Undo) => {
            let inner = incoming.inner(tx.now());
            let is_vote = |kind| matches!(kind, Some(ActivityKind::Like | ActivityKind::EmojiReact));
            inner.filter(|i| is_vote(i.kind)).and_then(|i| i.object()?.id())
        }
        _ => None,
    };
    let Some(object) = object else { return Ok(Before::Nothing) };
    let Some(id) = post(tx, &object)? else { return Ok(Before::Nothing) };
    let Some((group, _)) = groups::of_post(tx, id)? else { return Ok(Before::Nothing) };
    let is_own = matches!(incoming.activity.kind, Some(ActivityKind::Update | ActivityKind::Delete));
    if !is_own {
        let is_liked = reactions::is_favourited(tx, sender.id, id)?;
        return Ok(Before::Vote { group, post: id, is_liked });
    }
    Ok(match actors::post(tx, id)?.filter(|post| post.account_id == sender.id) {
        Some(post) => Before::Own { group, post: id, version: post.version },
        None => Before::Nothing,
    })
}

fn is_new(incoming: &Incoming) -> bool {
    incoming.activity.kind == Some(ActivityKind::Create)
}

/// Whether a post can stand in a group at all: it answers something, or names somebody of this town.
fn may_stand(tx: &Tx<'_>, note: &RemoteNote) -> Result<bool> {
    let urls = urls_of(tx)?;
    let names_us = || note.mentions.iter().chain(&note.recipients).any(|uri| urls.is_our_text(uri));
    Ok(note.in_reply_to.is_some() || names_us())
}

/// Passes it on if it changed something.
pub(super) fn after(
    tx: &mut Tx<'_>,
    incoming: &Incoming,
    prepared: &Prepared,
    sender: &Account,
    before: Before,
) -> Result<()> {
    let Some(said) = incoming.words() else { return Ok(()) };
    match before {
        Before::Own { group, post, version } => match actors::post(tx, post)? {
            Some(now) if now.version == version => Ok(()),
            _ => out::pass_on(tx, &group, said, Vec::new()),
        },
        Before::Vote { group, post, is_liked } => {
            if reactions::is_favourited(tx, sender.id, post)? == is_liked {
                return Ok(());
            }
            out::pass_on(tx, &group, said, Vec::new())
        }
        Before::Nothing => match prepared {
            Prepared::Note(note) if is_new(incoming) && may_stand(tx, note)? => {
                match actors::post_by_uri(tx, &note.uri)?.filter(|post| post.account_id == sender.id) {
                    Some(post) => out::created(tx, post.id, said),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        },
    }
}
