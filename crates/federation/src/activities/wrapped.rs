//! What a group passes on from its members, wrapped in its Announce (FEP-1b12), or what the owner of a conversation adds to it (FEP-171b). The
//! signature is the group's, so what is inside is a hint (threats O4): posts are read at their origin, and what is deleted must be gone there.
//!
//! Likes of members count when the member is of the group's own server and known here: nobody is fetched for a Like. Dislikes, locks and bans are
//! the group's own affair.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use parvis_domain::remote::{Outcome, gone, statuses};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx, actors, reactions};
use url::Url;

use super::{Incoming, Prepared, announce, featured, post, sender as speaker};
use crate::client::FetchError;
use crate::fetch::{Problem, Wire, note, read_anew};
use crate::signature::same_origin;
use crate::wire::{ActivityDocument, ActivityKind};

/// A member's Like, or the end of one.
#[derive(Debug, Clone)]
pub(super) struct Vote {
    /// Who.
    pub(super) who: Url,
    /// The Like's id.
    pub(super) id: Option<Url>,
    /// The post.
    pub(super) object: Url,
    /// Whether it is taken back.
    pub(super) is_undone: bool,
}

pub(super) async fn prepare(
    incoming: &Incoming,
    inner: &ActivityDocument,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let Some(id) = inner.object().and_then(|object| object.id()) else {
        return Ok(Prepared::Drop("nothing in what is passed on"));
    };
    if id == incoming.actor {
        return Ok(Prepared::Drop("the group itself, which is read again by itself"));
    }
    match inner.kind {
        Some(ActivityKind::Create | ActivityKind::Update | ActivityKind::Delete)
            if !announce::is_relevant(incoming, &id, data).await? =>
        {
            Ok(Prepared::Drop("nobody here has to do with it"))
        }
        Some(ActivityKind::Create) => Ok(Prepared::Post(note(&id, data).await?.id)),
        Some(ActivityKind::Update) if is_here(&id, data).await? => {
            Ok(read_anew(&id, data).await?.map_or(Prepared::Drop("a vote"), |n| Prepared::Note(Box::new(n))))
        }
        Some(ActivityKind::Update) => Ok(Prepared::Post(note(&id, data).await?.id)),
        Some(ActivityKind::Delete) => deleted(&id, data).await,
        Some(ActivityKind::Like | ActivityKind::EmojiReact) => Ok(vote(incoming, inner, id, false)),
        Some(ActivityKind::Undo) => {
            let Some(undone) = inner.object().and_then(|o| o.object()) else {
                return Ok(Prepared::Drop("nothing that is undone"));
            };
            let undone = ActivityDocument::read(undone, data.now())?;
            match (undone.kind, undone.object().and_then(|o| o.id())) {
                (Some(ActivityKind::Like | ActivityKind::EmojiReact), Some(object))
                    if undone.actor == inner.actor =>
                {
                    Ok(vote(incoming, &undone, object, true))
                }
                _ => Ok(Prepared::Drop("nothing here that could be undone")),
            }
        }
        Some(ActivityKind::Add | ActivityKind::Remove) => featured::prepare(incoming, inner, data).await,
        _ => Ok(Prepared::Drop("the group's own affair")),
    }
}

fn vote(incoming: &Incoming, like: &ActivityDocument, object: Url, is_undone: bool) -> Prepared {
    if !same_origin(&like.actor, &incoming.actor) {
        return Prepared::Drop("a Like of another server");
    }
    let id = like.id.clone().filter(|id| same_origin(id, &like.actor));
    Prepared::Passed(Vote { who: like.actor.clone(), id, object, is_undone })
}

async fn is_here(id: &Url, data: &Data<Town>) -> std::result::Result<bool, Problem> {
    let uri = id.to_string();
    Ok(data.db().read(move |c| actors::post_by_uri(c, &uri)).await?.is_some_and(|s| !s.is_local))
}

/// Whether a post is gone where it came from. That the group took it from its own pages is no deletion.
async fn deleted(id: &Url, data: &Data<Town>) -> std::result::Result<Prepared, Problem> {
    if !is_here(id, data).await? {
        return Ok(Prepared::Drop("it is not here"));
    }
    match fetch_object_http::<Town, Wire>(id, data).await.map_err(Problem::from) {
        Ok(document) if document.object.0.members().is("Tombstone") => Ok(Prepared::Gone(id.clone())),
        Ok(_) => Ok(Prepared::Drop("it is still there")),
        Err(Problem::Fetch(FetchError::Gone | FetchError::NotFound)) => Ok(Prepared::Gone(id.clone())),
        Err(problem) => Err(problem),
    }
}

pub(super) fn apply(tx: &mut Tx<'_>, prepared: &Prepared, group: &Account) -> Result<()> {
    match prepared {
        Prepared::Note(changed) => {
            if let Outcome::Dropped(why) = statuses::update(tx, changed)? {
                tracing::debug!(post = %changed.uri, why, "dropped");
            }
            Ok(())
        }
        Prepared::Gone(id) => match actors::post_by_uri(tx, id.as_str())? {
            Some(post) => gone::delete(tx, post.account_id, id.as_str()).map(|_| ()),
            None => Ok(()),
        },
        Prepared::Passed(vote) => count(tx, vote, group),
        _ => Ok(()),
    }
}

fn count(tx: &mut Tx<'_>, vote: &Vote, group: &Account) -> Result<()> {
    let Some(who) = speaker(tx, &vote.who)? else { return Ok(()) };
    let Some(status) = post(tx, &vote.object)? else { return Ok(()) };
    if vote.is_undone {
        if let Some(id) = &vote.id {
            gone::remember_undone(tx, who.id, id.as_str())?;
        }
        reactions::unfavourite(tx, who.id, status)?;
        return Ok(());
    }
    if let Some(id) = &vote.id
        && gone::is_gone(tx, &who.uri, id.as_str())?
    {
        return Ok(());
    }
    tracing::trace!(group = group.id.0, "a Like that was passed on");
    reactions::favourite(tx, who.id, status, vote.id.as_ref().map(Url::as_str))?;
    Ok(())
}
