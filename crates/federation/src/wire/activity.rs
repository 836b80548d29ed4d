//! Activities: who does what to what. One struct for all, because the same few members mean the same everywhere.
//!
//! Neighbours: `activities/<each>` gives them effect. An embedded object is only a hint, unless it is the sender's own.

use parvis_model::time::Moment;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::audience::Audience;
use super::limits::ITEMS;
use super::members::IdOrObject;
use super::parse::{Document, WireError};
use super::tag::{EmojiTag, Tags};

/// What is done. Whatever is not here is answered with 202 and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// A new post.
    Create,
    /// A changed post or actor.
    Update,
    /// A post or actor is no more.
    Delete,
    /// Somebody asks to follow.
    Follow,
    /// A follow was accepted.
    Accept,
    /// A follow was refused or ended.
    Reject,
    /// Something of the above is taken back.
    Undo,
    /// A favourite.
    Like,
    /// A vote against (Lemmy).
    Dislike,
    /// A reaction with an emoji (Misskey, Akkoma).
    EmojiReact,
    /// A boost, or a group passing something on.
    Announce,
    /// Something is put into a collection.
    Add,
    /// Something is taken out of a collection.
    Remove,
    /// Somebody asks to quote a post (FEP-044f).
    QuoteRequest,
    /// Somebody is blocked.
    Block,
    /// Something is reported.
    Flag,
    /// An actor moves.
    Move,
    /// A thread is closed to answers (Lemmy).
    Lock,
}

const KINDS: [(&str, ActivityKind); 18] = [
    ("Create", ActivityKind::Create),
    ("Update", ActivityKind::Update),
    ("Delete", ActivityKind::Delete),
    ("Follow", ActivityKind::Follow),
    ("Accept", ActivityKind::Accept),
    ("Reject", ActivityKind::Reject),
    ("Undo", ActivityKind::Undo),
    ("Like", ActivityKind::Like),
    ("Dislike", ActivityKind::Dislike),
    ("EmojiReact", ActivityKind::EmojiReact),
    ("Announce", ActivityKind::Announce),
    ("Add", ActivityKind::Add),
    ("Remove", ActivityKind::Remove),
    ("QuoteRequest", ActivityKind::QuoteRequest),
    ("Block", ActivityKind::Block),
    ("Flag", ActivityKind::Flag),
    ("Move", ActivityKind::Move),
    ("Lock", ActivityKind::Lock),
];

/// An activity.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityDocument {
    /// Which activity. Embedded ones (in `Undo`, `Accept`) often have none that can be fetched.
    pub id: Option<Url>,
    /// What is done; `None` when it is something that we do not know.
    pub kind: Option<ActivityKind>,
    /// Who does it.
    pub actor: Url,
    /// What it is done to: nearly always one thing, several in reports.
    pub objects: Vec<IdOrObject>,
    /// Where to or from: of `Add`, `Remove`, `Block`, `Move`.
    pub target: Option<Url>,
    /// What it is done with: the quoting post of a `QuoteRequest`.
    pub instrument: Option<IdOrObject>,
    /// What came of it: the authorization of an `Accept`.
    pub result: Option<Url>,
    /// Whom it is for.
    pub audience: Audience,
    /// The text of a report, the emoji of a reaction.
    pub content: Option<String>,
    /// The custom emoji that it names.
    pub emoji: Vec<EmojiTag>,
    /// The reason of a moderator, the text of Lemmy's reports.
    pub summary: Option<String>,
    /// When; never ahead of now.
    pub published: Option<Moment>,
}

impl ActivityDocument {
    /// Reads an activity.
    ///
    /// # Errors
    /// [`WireError`] when there is not exactly one actor.
    pub fn read(document: &Document, now: Moment) -> Result<Self, WireError> {
        let members = document.members();
        let mut actors = members.many("actor").iter();
        let (Some(_), None) = (actors.next(), actors.next()) else { return Err(WireError::Bad("actor")) };
        Ok(Self {
            id: members.id(),
            kind: members.kind(&KINDS),
            actor: members.url("actor").ok_or(WireError::Bad("actor"))?,
            objects: members.many("object").iter().filter_map(IdOrObject::of).take(ITEMS).collect(),
            target: members.url("target"),
            instrument: members.thing("instrument"),
            result: members.url("result"),
            audience: Audience::read(members),
            // Misskey puts the emoji of a Like into a member of its own, with the text in `content` as well.
            content: members.text("content").or_else(|| members.text("_misskey_reaction")),
            emoji: Tags::read(members).emoji,
            summary: members.text("summary"),
            published: members.past("published", now),
        })
    }

    /// The one thing it is done to; `None` when there are none or several.
    #[must_use]
    pub fn object(&self) -> Option<&IdOrObject> {
        match self.objects.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// The `object` of an activity with exactly the bytes that were sent: groups pass on what they got without touching it
/// (FEP-1b12), or proofs inside would break.
#[must_use]
pub fn raw_object(activity: &[u8]) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Carrier<'a> {
        #[serde(borrow)]
        object: &'a RawValue,
    }
    serde_json::from_slice::<Carrier<'_>>(activity).ok().map(|carrier| carrier.object)
}
