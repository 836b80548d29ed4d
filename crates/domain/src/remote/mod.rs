//! What other servers tell us, as use cases: actors, posts, boosts, and what is gone or undone. Everything is checked here, whatever the door
//! checked before; texts are sanitised here.
//!
//! Neighbours: `federation::wire` fills these structs from JSON, `federation::activities` calls the functions. Follows, favourites and blocks of
//! remote accounts are the same use cases as those of local ones (`follows`, `reactions`, `blocks`). Deliberately not here: fetching.

pub mod accounts;
pub mod boosts;
pub mod gone;
mod parts;
pub mod past;
pub mod pins;
pub mod polls;
pub mod reactions;
pub mod statuses;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod thread_tests;
pub mod threads;

use parvis_model::account::ActorKind;
use parvis_model::time::Moment;
use parvis_model::urls::{Urls, authority, is_same_origin, origin};
use url::Url;

use crate::error::{Error, Result};
pub use crate::quotes::{RemotePolicy, RemoteQuote};

/// Bytes of an address, as the schema has it.
const URL_MAX: usize = 2_048;

/// An actor as its own server describes it. The door fetched it from its own id, or its key signed it.
#[derive(Clone, Debug)]
pub struct RemoteActor {
    pub uri: String,
    /// The page for people; on the same origin, else left out.
    pub url: Option<String>,
    pub kind: ActorKind,
    pub username: String,
    pub name: String,
    /// HTML.
    pub bio: String,
    /// Name, plain text, and value, HTML.
    pub fields: Vec<(String, String)>,
    pub avatar: Option<String>,
    pub header: Option<String>,
    pub is_locked: bool,
    pub is_discoverable: bool,
    /// Its posts may be found by their words (FEP-5feb).
    pub is_indexable: bool,
    /// Sites that may name it as an author.
    pub attribution_domains: Vec<String>,
    pub inbox: String,
    pub shared_inbox: Option<String>,
    pub outbox: Option<String>,
    pub followers: Option<String>,
    pub featured: Option<String>,
    pub emojis: Vec<RemoteEmoji>,
    pub keys: Vec<RemoteKey>,
    /// Where the document says that the account lives now.
    pub moved_to: Option<String>,
    /// Other ids of the same somebody.
    pub aliases: Vec<String>,
    pub published: Option<Moment>,
}

/// A key that the actor's document lists.
#[derive(Clone, Debug)]
pub struct RemoteKey {
    pub uri: String,
    /// `rsa` or `ed25519`.
    pub algorithm: String,
    /// SubjectPublicKeyInfo, DER.
    pub public_der: Vec<u8>,
}

/// A custom emoji of a name or text.
#[derive(Clone, Debug)]
pub struct RemoteEmoji {
    /// Without colons.
    pub shortcode: String,
    pub url: String,
}

/// A post as its author's server has it.
#[derive(Clone, Debug, Default)]
pub struct RemoteNote {
    pub uri: String,
    /// The page for people.
    pub url: Option<String>,
    pub author: String,
    /// A title (Lemmy, articles), plain text.
    pub title: Option<String>,
    /// HTML.
    pub html: String,
    /// Content warning, plain text.
    pub warning: String,
    pub is_sensitive: bool,
    pub language: Option<String>,
    pub published: Option<Moment>,
    pub updated: Option<Moment>,
    pub in_reply_to: Option<String>,
    /// The address of its conversation (FEP-7888).
    pub context: Option<String>,
    pub quote: Option<RemoteQuote>,
    /// Who may quote it; `None` when it does not say.
    pub quote_policy: Option<RemotePolicy>,
    /// Everybody stands in `to`.
    pub is_public: bool,
    /// Everybody stands in `cc`.
    pub is_unlisted: bool,
    /// All others in `to` and `cc`.
    pub recipients: Vec<String>,
    /// Ids of mentioned actors.
    pub mentions: Vec<String>,
    /// Without `#`.
    pub hashtags: Vec<String>,
    pub emojis: Vec<RemoteEmoji>,
    pub media: Vec<RemoteMedia>,
    pub poll: Option<RemotePoll>,
}

/// The poll of a remote post, as its author's server counts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemotePoll {
    pub is_multiple: bool,
    /// Text and votes, in order.
    pub options: Vec<(String, u32)>,
    /// When it ends or ended.
    pub ends_at: Option<Moment>,
    /// Whether it is over now, whatever the end says.
    pub is_closed: bool,
    /// People who voted.
    pub voters: Option<i64>,
}

/// A picture (or film, or file) of a remote post. Only its address is kept; pictures are fetched when somebody looks.
#[derive(Clone, Debug, Default)]
pub struct RemoteMedia {
    pub url: String,
    pub mime: String,
    pub kind: RemoteKind,
    /// Where a picture of a recording is.
    pub preview: Option<String>,
    /// Milliseconds; 0 when it does not say.
    pub duration: i64,
    pub description: String,
    pub blurhash: Option<String>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    pub focus: (f64, f64),
}

/// What an attachment says that it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemoteKind {
    Image,
    Video,
    Audio,
    #[default]
    Other,
}

impl RemoteKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Other => "unknown",
        }
    }
}

/// What became of something that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// It is kept (or was there).
    Kept(T),
    /// It is not for us, or not to be believed: the reason, for the log.
    Dropped(&'static str),
}

impl<T> Outcome<T> {
    /// What is kept.
    pub fn kept(self) -> Option<T> {
        match self {
            Self::Kept(thing) => Some(thing),
            Self::Dropped(_) => None,
        }
    }
}

/// An address of somebody else that can be stored: http(s), a name, no login, not too long, not ours (threats O6, S9).
fn foreign(urls: &Urls, text: &str) -> Result<Url> {
    let bad = || Error::Remote("an address that cannot be kept".to_owned());
    if text.len() > URL_MAX {
        return Err(bad());
    }
    let url = Url::parse(text).map_err(|_| bad())?;
    let is_usable = origin(&url).is_some() && matches!(url.host(), Some(url::Host::Domain(_)));
    if is_usable && !urls.is_ours(&url) { Ok(url) } else { Err(bad()) }
}

/// The host by which the database names the server of an address.
fn host_of(url: &Url) -> Result<String> {
    authority(url)
        .map(|host| host.trim_end_matches('.').to_owned())
        .filter(|host| host.len() <= 253)
        .ok_or_else(|| Error::Remote("an address without a host".to_owned()))
}

/// The text of an address if it is on the same origin as `owner`.
fn on_origin(owner: &Url, text: Option<&String>) -> Option<String> {
    let url = Url::parse(text.filter(|t| t.len() <= URL_MAX)?).ok()?;
    is_same_origin(owner, &url).then(|| url.to_string())
}

/// The address of a picture: http(s), whoever serves it. Whether it may be asked is the client's guard's question (threats F4).
fn picture(text: Option<&String>) -> Option<String> {
    let text = text.filter(|t| t.len() <= URL_MAX)?;
    Url::parse(text).ok().filter(|u| origin(u).is_some()).map(|u| u.to_string())
}

/// Whether an address is on an actor's own server.
fn is_same_server(actor_uri: &str, url: &Url) -> bool {
    Url::parse(actor_uri).is_ok_and(|actor| is_same_origin(&actor, url))
}
