//! Posts: `Note` and everything else that is shown like one (`Article`, `Page`, `Question`, `Event`, `Video`, …).
//!
//! Not here: whether the author is who sent it (threats O4–O6), sanitising, and what visibility follows from the audience.

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

const KINDS: [(&str, NoteKind); 8] = [
    ("Question", NoteKind::Question),
    ("Article", NoteKind::Article),
    ("Page", NoteKind::Page),
    ("Event", NoteKind::Event),
    ("Video", NoteKind::Video),
    ("Audio", NoteKind::Audio),
    ("Image", NoteKind::Image),
    ("Note", NoteKind::Note),
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
        Ok(Self {
            kind,
            author: author(members).ok_or(WireError::Bad("attributedTo"))?,
            name: members.translated("name", "nameMap"),
            summary: members.translated("summary", "summaryMap"),
            content: members.text("content").or_else(|| content_map.values().next().cloned()),
            content_map,
            media_type: members.text("mediaType").filter(|kind| kind != "text/html" && kind.len() <= 100),
            source: source(members),
            // A page elsewhere could pass itself off as the post's.
            url: members.page("url").filter(|url| same_origin(url, &id)),
            in_reply_to: members.url("inReplyTo"),
            quote: QuoteLink::read(members),
            quote_policy: QuotePolicyDocument::read(members),
            context: ["context", "conversation"].iter().find_map(|name| members.text(name)),
            replies: members.url("replies"),
            audience: Audience::read(members),
            tags: Tags::read(members),
            attachments: Attachment::read_all(members),
            image: members.media("image").map(|(url, _)| url),
            poll: PollDocument::read(members).filter(|_| kind == NoteKind::Question),
            sensitive: members.flag("sensitive").unwrap_or_default(),
            closed: members.flag("commentsEnabled") == Some(false),
            published: members.past("published", now),
            updated: members.past("updated", now),
            starts_at: members.moment("startTime"),
            ends_at: members.moment("endTime"),
            likes: members.count("likes"),
            shares: members.count("shares"),
            id,
        })
    }

    /// The language of the text, when the post says one and only one.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        let mut same = self.content_map.iter().filter(|(_, text)| Some(*text) == self.content.as_ref());
        match (same.next(), same.next()) {
            (Some((tag, _)), None) => Some(tag),
            _ => None,
        }
    }

    /// Whether this is a vote: a title, no text, and an answer to something.
    #[must_use]
    pub const fn is_vote(&self) -> bool {
        self.name.is_some() && self.content.is_none() && self.in_reply_to.is_some()
    }
}

/// The one author. Two are refused, and so is one who cannot be read (threats O5).
fn author(members: Members<'_>) -> Option<Url> {
    let named = members.many("attributedTo");
    let mut authors = named.urls();
    let author = authors.next()?;
    (authors.all(|other| other == author) && named.iter().count() == named.urls().count()).then_some(author)
}

/// An object, or in Pleroma only the text.
fn source(members: Members<'_>) -> Option<Source> {
    let Some(source) = members.object("source") else {
        return members.text("source").map(|content| Source { content, media_type: None });
    };
    Some(Source { content: source.text("content")?, media_type: source.text("mediaType") })
}
