//! Activities of this town's accounts; without `@context`. Which one is sent when, and to whom, is [`crate::outbox`].

use parvis_model::time::Moment;
use parvis_model::visibility::Visibility;
use serde_json::{Value, json};

use super::note::{Addresses, addresses};
use crate::wire::PUBLIC;

/// The id of the Create of a post.
#[must_use]
pub fn create_id(note_uri: &str) -> String {
    format!("{note_uri}/activity")
}

/// A new post, with the addresses of the post itself.
#[must_use]
pub fn create(actor: &str, note_uri: &str, published: Moment, note: Value) -> Value {
    let (to, cc) = (note.get("to").cloned(), note.get("cc").cloned());
    json!({
        "id": create_id(note_uri), "type": "Create", "actor": actor, "published": published.to_rfc3339(),
        "to": to, "cc": cc, "object": note,
    })
}

/// A choice in a poll: a Note with a name and no text, which servers never show as a post (Mastodon's form). It has no document of its own.
#[must_use]
pub fn vote(id: &str, voter: &str, author: &str, question: &str, option: &str) -> Value {
    json!({
        "id": create_id(id), "type": "Create", "actor": voter, "to": [author],
        "object": {
            "id": id, "type": "Note", "name": option, "attributedTo": voter, "to": [author], "inReplyTo": question,
        },
    })
}

/// A changed post, with the addresses of the post itself.
#[must_use]
pub fn update(id: &str, actor: &str, at: Moment, note: Value) -> Value {
    let (to, cc) = (note.get("to").cloned(), note.get("cc").cloned());
    json!({
        "id": id, "type": "Update", "actor": actor, "published": at.to_rfc3339(), "to": to, "cc": cc, "object": note,
    })
}

/// A changed actor.
#[must_use]
pub fn update_actor(id: &str, actor: &str, followers: &str, document: Value) -> Value {
    json!({ "id": id, "type": "Update", "actor": actor, "to": [PUBLIC], "cc": [followers], "object": document })
}

/// A post is gone.
#[must_use]
pub fn delete(actor: &str, note_uri: &str, to: &Addresses) -> Value {
    json!({
        "id": format!("{note_uri}#delete"), "type": "Delete", "actor": actor, "to": to.to, "cc": to.cc,
        "object": super::note::tombstone(note_uri, None),
    })
}

/// An actor is gone.
#[must_use]
pub fn delete_actor(actor: &str) -> Value {
    json!({ "id": format!("{actor}#delete"), "type": "Delete", "actor": actor, "to": [PUBLIC], "object": actor })
}

/// A boost.
#[must_use]
pub fn announce(boost: &Boost<'_>) -> Value {
    let Addresses { to, cc } = boost.addresses();
    json!({
        "id": boost.uri, "type": "Announce", "actor": boost.actor, "published": boost.published.to_rfc3339(),
        "to": to, "cc": cc, "object": boost.original,
    })
}

/// An Announce around what a member of a group said (FEP-1b12), without that; see [`around`].
#[must_use]
pub fn wrapping(id: &str, group: &str, followers: &str, at: Moment) -> Value {
    json!({
        "id": id, "type": "Announce", "actor": group, "published": at.to_rfc3339(), "to": [PUBLIC],
        "cc": [followers],
    })
}

/// Puts what was said into an activity as its `object`, byte by byte: proofs inside it would not survive anything else. `said` must be JSON.
#[must_use]
pub fn around(shell: &Value, said: &str) -> String {
    let mut text = shell.to_string();
    text.pop();
    text.push_str(",\"object\":");
    text.push_str(said);
    text.push('}');
    text
}

/// What an Announce is made of.
#[derive(Debug, Clone, Copy)]
pub struct Boost<'a> {
    /// Its own id.
    pub uri: &'a str,
    /// Who boosts.
    pub actor: &'a str,
    /// Their followers.
    pub followers: &'a str,
    /// The post that is boosted.
    pub original: &'a str,
    /// Its author.
    pub author: &'a str,
    /// For whom.
    pub visibility: Visibility,
    /// When.
    pub published: Moment,
}

impl Boost<'_> {
    fn addresses(&self) -> Addresses {
        addresses(self.visibility, self.followers, vec![self.author.to_owned()])
    }
}

/// A report: the account first, then its posts (Mastodon reads them so), with the reason in `content` (Mastodon) and `summary` (Lemmy).
#[must_use]
pub fn flag(id: &str, actor: &str, to: &str, objects: &[&str], reason: &str) -> Value {
    json!({
        "id": id, "type": "Flag", "actor": actor, "to": [to], "object": objects, "content": reason, "summary": reason,
    })
}

/// One of the activities that have an actor and one object by its id: Follow, Block.
#[must_use]
pub fn plain(kind: &str, id: &str, actor: &str, object: &str) -> Value {
    json!({ "id": id, "type": kind, "actor": actor, "object": object })
}

/// A favourite; of what everybody may see, everybody may know of it (Pleroma's form), so that groups can pass it on with its proof.
#[must_use]
pub fn like(id: &str, actor: &str, object: &str, author: &str, visibility: Visibility) -> Value {
    let mut like = plain("Like", id, actor, object);
    if visibility.is_for_everybody()
        && let Some(members) = like.as_object_mut()
    {
        members.insert("to".to_owned(), json!([author]));
        members.insert("cc".to_owned(), json!([PUBLIC]));
    }
    like
}

/// An account lives elsewhere now.
#[must_use]
pub fn moved(id: &str, actor: &str, followers: &str, target: &str) -> Value {
    json!({ "id": id, "type": "Move", "actor": actor, "to": [followers], "object": actor, "target": target })
}

/// One that answers or takes back another one, which is put inside: Accept, Reject, Undo.
#[must_use]
pub fn about(kind: &str, id: &str, actor: &str, inner: Value) -> Value {
    let mut activity = json!({ "id": id, "type": kind, "actor": actor });
    if let Some(members) = activity.as_object_mut() {
        for name in ["to", "cc"] {
            if let Some(addresses) = inner.get(name) {
                members.insert(name.to_owned(), addresses.clone());
            }
        }
        members.insert("object".to_owned(), inner);
    }
    activity
}

/// Something is put into a collection of the actor's, or taken out: Add, Remove.
#[must_use]
pub fn collected(kind: &str, id: &str, actor: &str, object: &str, target: &str) -> Value {
    json!({ "id": id, "type": kind, "actor": actor, "to": [PUBLIC], "object": object, "target": target })
}
