//! What a group passes on from its members, wrapped in its Announce (FEP-1b12), or what the owner of a conversation adds to it (FEP-171b). The
//! signature is the group's, so what is inside is a hint (threats O4): posts are read at their origin, and what is deleted must be gone there. Only
//! what carries its actor's own proof ([`super::proven`]) and what a server says of its own members' posts is believed as it stands.
//!
//! Likes of members count when the member is known here and of the group's own server, or proved it: nobody is fetched for a Like. Dislikes, locks and bans are
//! the group's own affair.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use parvis_domain::remote::reactions::{RemoteReaction, react};
use parvis_domain::remote::{Outcome, gone, statuses};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Town, Tx, actors, reactions};
use url::Url;

use super::{Incoming, Prepared, announce, create, featured, post, proven, sender as speaker, undo};
use crate::client::FetchError;
use crate::fetch::{Problem, Wire, keep, note, read_anew, reading};
use crate::signature::same_origin;
use crate::wire::{ActivityDocument, ActivityKind, Document};

/// A member's Like, or the end of one.
#[derive(Debug, Clone)]
pub(super) struct Vote {
    /// Who.
    pub(super) who: Url,
    /// The Like's id.
    pub(super) id: Option<Url>,
    /// With the emoji that it has.
    pub(super) reaction: RemoteReaction,
    /// The post.
    pub(super) object: Url,
    /// Whether it is taken back.
    pub(super) is_undone: bool,
}

/// `inner` is the activity inside, read from `document`.
pub(super) async fn prepare(
    incoming: &Incoming,
    inner: &ActivityDocument,
    document: &Document,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let Some(id) = inner.object().and_then(|object| object.id()) else {
        return Ok(Prepared::Drop("nothing in what is passed on"));
    };
    if id == incoming.actor {
        return Ok(Prepared::Drop("the group itself, which is read again by itself"));
    }
    match inner.kind {
        Some(ActivityKind::Create | ActivityKind::Update | ActivityKind::Delete) => {
            if !announce::is_relevant(incoming, &id, data).await? {
                return Ok(Prepared::Drop("nobody here has to do with it"));
            }
            let is_believed = is_of_one_server(incoming, inner, &id)
                || proven::is_by_its_actor(inner, document, true, data).await?;
            if is_believed && let Some(prepared) = believed(inner, &id, data).await? {
                return Ok(prepared);
            }
            asked_for(inner, id, data).await
        }
        Some(ActivityKind::Undo)
            if undone(inner, data)?.is_some_and(|u| u.kind == Some(ActivityKind::Delete)) =>
        {
            match undone(inner, data)?.and_then(|deleted| deleted.object()?.id()) {
                Some(post) => undo::restored(&post, data).await,
                None => Ok(Prepared::Drop("nothing that was deleted")),
            }
        }
        Some(ActivityKind::Like | ActivityKind::EmojiReact | ActivityKind::Undo) => {
            let is_proven = proven::is_by_its_actor(inner, document, false, data).await?;
            reaction(incoming, inner, id, is_proven, data)
        }
        Some(ActivityKind::Add | ActivityKind::Remove) => featured::prepare(incoming, inner, data).await,
        _ => Ok(Prepared::Drop("the group's own affair")),
    }
}

/// Whether group, member and post are of one server: it could sign this as the member as well, so that asking it again tells nothing more. NodeBB 4.15
/// and PieFed 1.6 go on serving what their members deleted.
fn is_of_one_server(incoming: &Incoming, inner: &ActivityDocument, id: &Url) -> bool {
    same_origin(&inner.actor, &incoming.actor) && same_origin(id, &incoming.actor)
}

/// What an activity that is believed does, without asking anybody; `None` when it does not have everything inside.
async fn believed(
    inner: &ActivityDocument,
    id: &Url,
    data: &Data<Town>,
) -> std::result::Result<Option<Prepared>, Problem> {
    if inner.kind == Some(ActivityKind::Delete) {
        let (uri, actor) = (id.to_string(), inner.actor.to_string());
        let is_theirs = data
            .db()
            .read(move |c| {
                let Some(post) = actors::post_by_uri(c, &uri)? else { return Ok(false) };
                Ok::<_, parvis_domain::Error>(
                    actors::by_id(c, post.account_id)?.is_some_and(|a| a.uri == actor),
                )
            })
            .await?;
        return Ok(is_theirs.then(|| Prepared::Gone(id.clone())));
    }
    match create::embedded(inner, data.now()) {
        Some(Prepared::Note(note)) => {
            if inner.kind == Some(ActivityKind::Update) && is_here(id, data).await? {
                // Without a date an old change could be passed on after a newer one (threats O8).
                return Ok(note.updated.is_some().then_some(Prepared::Note(note)));
            }
            Ok(Some(Prepared::Post(keep(*note, &inner.actor, data).await?.id)))
        }
        // A vote, or what is not theirs: the proof says nothing about it.
        Some(_) => Ok(Some(Prepared::Drop("nothing that its actor could prove"))),
        None => Ok(None),
    }
}

/// What an activity without a proof hints at, read at its origin.
async fn asked_for(
    inner: &ActivityDocument,
    id: Url,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    match inner.kind {
        Some(ActivityKind::Create) => Ok(Prepared::Post(note(&id, data).await?.id)),
        Some(ActivityKind::Update) if is_here(&id, data).await? => {
            Ok(read_anew(&id, data).await?.map_or(Prepared::Drop("a vote"), |n| Prepared::Note(Box::new(n))))
        }
        Some(ActivityKind::Update) => Ok(Prepared::Post(note(&id, data).await?.id)),
        _ => deleted(&id, data).await,
    }
}

fn reaction(
    incoming: &Incoming,
    inner: &ActivityDocument,
    id: Url,
    is_proven: bool,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let is_believed = is_proven || same_origin(&inner.actor, &incoming.actor);
    if !is_believed {
        return Ok(Prepared::Drop("a reaction of another server"));
    }
    match inner.kind {
        Some(ActivityKind::Like | ActivityKind::EmojiReact) => Ok(vote(inner, id, false)),
        _ => {
            let Some(undone) = undone(inner, data)? else {
                return Ok(Prepared::Drop("nothing that is undone"));
            };
            match (undone.kind, undone.object().and_then(|o| o.id())) {
                (Some(ActivityKind::Like | ActivityKind::EmojiReact), Some(object))
                    if undone.actor == inner.actor =>
                {
                    Ok(vote(&undone, object, true))
                }
                _ => Ok(Prepared::Drop("nothing here that could be undone")),
            }
        }
    }
}

/// The activity that an Undo takes back.
fn undone(
    undo: &ActivityDocument,
    data: &Data<Town>,
) -> std::result::Result<Option<ActivityDocument>, Problem> {
    let Some(inside) = undo.object().and_then(|object| object.object()) else { return Ok(None) };
    Ok(Some(ActivityDocument::read(inside, data.now())?))
}

fn vote(like: &ActivityDocument, object: Url, is_undone: bool) -> Prepared {
    let id = like.id.clone().filter(|id| same_origin(id, &like.actor));
    let reaction = reading::reaction(like, id.as_ref());
    Prepared::Passed(Box::new(Vote { who: like.actor.clone(), id, reaction, object, is_undone }))
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
        Prepared::Restored(note) => undo::restore(tx, note),
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
    react(tx, who.id, status, &vote.reaction)?;
    Ok(())
}
