//! ActivityPub as others really write it, read into plain structs, and the JSON-LD context that we write.
//!
//! JSON-LD lets everything be a string, an object or a list of both, so nothing here is derived: each property is asked
//! for by name and taken in every shape that programs are known to send. What cannot be read is left out, unless nothing
//! makes sense without it. There is no JSON-LD processing: remote contexts are never looked at (threats S11), and `type`
//! decides by comparing texts.
//!
//! Neighbours: `fixtures/<program>/` holds what other programs send, with a test that reads every file. Deliberately not
//! here: fetching, believing (an embedded object is only a hint), and sanitising of HTML (`text`).

mod activity;
mod actor;
mod attachment;
mod audience;
mod collection;
mod context;
mod envelope;
mod members;
mod note;
mod parse;
mod poll;
mod quote;
mod tag;

pub use activity::{ActivityDocument, ActivityKind, raw_object};
pub use actor::{ActorDocument, ActorKey, ActorKind, Field, is_username};
pub use attachment::{Attachment, AttachmentKind};
pub use audience::{Audience, PUBLIC, is_public};
pub use collection::CollectionDocument;
pub use context::{CONTEXT, with_context};
pub use envelope::Envelope;
pub use members::{IdOrObject, LangMap, Members, OneOrMany, web_url};
pub use note::{NoteDocument, NoteKind, Source};
pub use parse::{Document, WireError};
pub use poll::{PollDocument, PollOption};
pub use quote::{QuoteAuthorizationDocument, QuoteLink, QuotePolicyDocument};
pub use tag::{EmojiTag, Mention, Tags};

/// Limits on what is kept of one document (threats J2, J3); the excess is cut, not refused.
pub mod limits {
    /// Nesting of JSON; deeper documents are refused.
    pub const DEPTH: usize = 64;
    /// Members of one object that an envelope may have.
    pub const MEMBERS: usize = 256;
    /// Mentions, hashtags and emoji together.
    pub const TAGS: usize = 100;
    /// Attachments of a post.
    pub const ATTACHMENTS: usize = 16;
    /// Addresses in `to`, `cc` and `audience` together.
    pub const RECIPIENTS: usize = 500;
    /// Options of a poll.
    pub const OPTIONS: usize = 20;
    /// Rows of a profile's table.
    pub const FIELDS: usize = 16;
    /// Keys of an actor.
    pub const KEYS: usize = 8;
    /// Other names of an actor (`alsoKnownAs`).
    pub const ALIASES: usize = 20;
    /// Sites that may name an actor as an author.
    pub const SITES: usize = 10;
    /// Languages of one text.
    pub const LANGUAGES: usize = 32;
    /// Items of one page of a collection.
    pub const ITEMS: usize = 200;
    /// Bytes of a URL.
    pub const URL: usize = 2_048;
    /// The highest count that is believed.
    pub const COUNT: u32 = 1_000_000_000;
}

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;
