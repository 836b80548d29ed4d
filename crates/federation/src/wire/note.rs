//! Posts: `Note` and everything else that is shown like one (`Article`, `Page`, `Question`, `Event`, `Video`, …).
//!
//! Not here: whether the author is who sent it (threats O4–O6), sanitising, and what visibility follows from the audience.

use parvis_domain::remote::polls::has_text;
use parvis_model::time::Moment;
use url::Url;

use super::attachment::Attachment;
use super::audience::Audience;
use super::members::{LangMap, Members};
use super::parse::{Document, WireError};
use super::poll::PollDocument;
use super::quote::{QuoteLink, QuotePolicyDocument};
use super::tag::Tags;
use crate::signature::same_origin;

/// What kind of post it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// A short text; most posts.
    Note,
    /// A long text with a title.
    Article,
    /// A link or text in a community (Lemmy).
    Page,
    /// A poll.
    Question,
    /// Something that happens at a time.
    Event,
    /// A film.
    Video,
    /// A piece of sound.
    Audio,
    /// A picture.
    Image,
}

const KINDS: [(&str, NoteKind); 9] = [
    ("Question", NoteKind::Question),
    ("Article", NoteKind::Article),
    ("Page", NoteKind::Page),
    ("Event", NoteKind::Event),
    ("Video", NoteKind::Video),
    ("Audio", NoteKind::Audio),
    ("Image", NoteKind::Image),
    ("Note", NoteKind::Note),
    // Messages to one person (Pleroma, Lemmy): a post for those whom it names.
    ("ChatMessage", NoteKind::Note),
];

/// The text as the author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The text.
    pub content: String,
    /// Its media type, such as `text/markdown`.
    pub media_type: Option<String>,
}

/// A post.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteDocument {
    /// Which post.
    pub id: Url,
    /// What kind.
    pub kind: NoteKind,
    /// The one author (threats O5).
    pub author: Url,
    /// The title, plain text. In a reply to a poll without content it is a vote.
    pub name: Option<String>,
    /// The content warning.
    pub summary: Option<String>,
    /// The text, HTML. Of several languages the one of `content`, else the first.
    pub content: Option<String>,
    /// The text by language.
    pub content_map: LangMap,
    /// The media type of `content` when it is not HTML.
    pub media_type: Option<String>,
    /// What the author wrote.
    pub source: Option<Source>,
    /// The page for people, on the post's own origin.
    pub url: Option<Url>,
    /// The language that stands beside the text (Lemmy, PeerTube, Mobilizon).
    pub said_language: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<Url>,
    /// What it quotes.
    pub quote: Option<QuoteLink>,
    /// Who may quote it.
    pub quote_policy: Option<QuotePolicyDocument>,
    /// The conversation, as the author's server names it.
    pub context: Option<String>,
    /// The collection of answers.
    pub replies: Option<Url>,
    /// Whom it is for.
    pub audience: Audience,
    /// Whether it says at all whom it is for. Discourse says so in the activity only.
    pub is_addressed: bool,
    /// Mentions, hashtags, emoji.
    pub tags: Tags,
    /// Pictures and links, at most 16.
    pub attachments: Vec<Attachment>,
    /// The picture that stands for it, of pages and events.
    pub image: Option<Url>,
    /// The poll, of questions.
    pub poll: Option<PollDocument>,
    /// Whether pictures are hidden at first.
    pub sensitive: bool,
    /// Whether the group's moderators closed it (Lemmy: `commentsEnabled` is false).
    pub closed: bool,
    /// When it was published; never ahead of now.
    pub published: Option<Moment>,
    /// When it was changed last; never ahead of now.
    pub updated: Option<Moment>,
    /// When an event begins.
    pub starts_at: Option<Moment>,
    /// When an event ends.
    pub ends_at: Option<Moment>,
    /// Where an event is: the name and the address of the place, plain text.
    pub place: Option<String>,
    /// Likes, as the author's server counted.
    pub likes: Option<u32>,
    /// Boosts, as the author's server counted.
    pub shares: Option<u32>,
}

impl NoteDocument {
    /// Reads a post.
    ///
    /// # Errors
    /// [`WireError`] when it is none, or has no id, or not exactly one author.
    pub fn read(document: &Document, now: Moment) -> Result<Self, WireError> {
        let members = document.members();
        let kind = members.kind(&KINDS).ok_or(WireError::Kind)?;
        let content_map = members.languages("contentMap");
        let id = members.id().ok_or(WireError::Bad("id"))?;
        let is_addressed = ["to", "cc"].iter().any(|name| members.many(name).iter().next().is_some());
        Ok(Self {
            kind,
            author: author(members).ok_or(WireError::Bad("attributedTo"))?,
            name: members.translated("name", "nameMap"),
            summary: members.translated("summary", "summaryMap"),
            content: members.text("content").or_else(|| content_map.values().next().cloned()),
            content_map,
            said_language: said_language(members),
            media_type: members.text("mediaType").filter(|kind| kind != "text/html" && kind.len() <= 100),
            source: source(members),
            // A page elsewhere could pass itself off as the post's.
            url: members.page("url").filter(|url| same_origin(url, &id)),
            in_reply_to: members.url("inReplyTo"),
            quote: QuoteLink::read(members),
            quote_policy: QuotePolicyDocument::read(members),
            context: ["context", "conversation"].iter().find_map(|name| members.text(name)),
            replies: members.url("replies"),
            audience: audience(members, is_addressed),
            is_addressed,
            tags: Tags::read(members),
            attachments: Attachment::read_all(members),
            image: members.media("image").map(|(url, _)| url).or_else(|| still(members, kind)),
            poll: PollDocument::read(members).filter(|_| kind == NoteKind::Question),
            sensitive: members.flag("sensitive").unwrap_or_default(),
            closed: members.flag("commentsEnabled") == Some(false),
            published: members.past("published", now),
            updated: members.past("updated", now),
            starts_at: members.moment("startTime"),
            ends_at: members.moment("endTime"),
            place: place(members),
            likes: members.count("likes"),
            shares: members.count("shares"),
            id,
        })
    }

    /// The language of the text, when the post says one and only one.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        // Friendica writes the same text twice with different markup.
        if self.content_map.len() == 1 {
            return self.content_map.keys().next().map(String::as_str);
        }
        let mut same = self.content_map.iter().filter(|(_, text)| Some(*text) == self.content.as_ref());
        match (same.next(), same.next()) {
            (Some((tag, _)), None) => Some(tag),
            (None, _) => self.said_language.as_deref(),
            _ => None,
        }
    }

    /// Whether this is a vote: a `Note` with a title, no text (snac2 sends an empty line), and an answer to something.
    #[must_use]
    pub fn is_vote(&self) -> bool {
        self.kind == NoteKind::Note
            && self.name.is_some()
            && self.attachments.is_empty()
            && !self.content.as_deref().is_some_and(has_text)
            && self.in_reply_to.is_some()
    }
}

/// The one author. Two are refused, and so is one who cannot be read (threats O5). A group beside the author is where it was published, and says so
/// itself: PeerTube names the person and the channel.
fn author(members: Members<'_>) -> Option<Url> {
    let named = members.many("attributedTo");
    if named.iter().count() != named.urls().count() {
        return None;
    }
    let groups: Vec<Url> = named.objects().filter(|one| one.is("Group")).filter_map(|one| one.id()).collect();
    let mut all: Vec<Url> = named.urls().collect();
    all.dedup();
    match all.as_slice() {
        [one] => Some(one.clone()),
        several => {
            let mut people = several.iter().filter(|one| !groups.contains(one));
            let author = people.next()?.clone();
            people.all(|other| *other == author).then_some(author)
        }
    }
}

/// Whom it is for. A post in a group that does not say whom it is for is there for everybody who comes by it: Discourse puts that into the
/// activities only, and what is fetched comes without one.
fn audience(members: Members<'_>, is_addressed: bool) -> Audience {
    let mut audience = Audience::read(members);
    audience.public_in_cc |= !is_addressed && !audience.groups.is_empty();
    audience
}

/// The language as Lemmy and PeerTube (`language.identifier`) or Mobilizon (`inLanguage`) say it.
fn said_language(members: Members<'_>) -> Option<String> {
    let object = members.object("language").and_then(|language| language.text("identifier"));
    object.or_else(|| members.text("inLanguage")).filter(|tag| tag.len() <= 35 && tag != "und")
}

/// The picture that stands for a film, a piece of sound or an event: the widest of `icon`. Elsewhere an icon may be anything.
fn still(members: Members<'_>, kind: NoteKind) -> Option<Url> {
    if !matches!(kind, NoteKind::Video | NoteKind::Audio | NoteKind::Event) {
        return None;
    }
    let pictures = members.many("icon").objects().filter(|picture| picture.url("url").is_some());
    pictures.max_by_key(|picture| picture.size("width")).and_then(|picture| picture.url("url"))
}

/// Where an event is: the name of the place, and its address if it has one (Mobilizon, Gancio). Online places are links and have no name.
fn place(members: Members<'_>) -> Option<String> {
    let place = members.object("location").filter(|place| place.is("Place"))?;
    let mut parts: Vec<String> = place.text("name").into_iter().collect();
    match place.object("address") {
        Some(address) => {
            let names = ["streetAddress", "postalCode", "addressLocality"];
            parts.extend(names.iter().filter_map(|name| address.text(name)));
        }
        None => parts.extend(place.text("address")),
    }
    parts.dedup();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// An object, or in Pleroma only the text.
fn source(members: Members<'_>) -> Option<Source> {
    let Some(source) = members.object("source") else {
        return members.text("source").map(|content| Source { content, media_type: None });
    };
    Some(Source { content: source.text("content")?, media_type: source.text("mediaType") })
}
