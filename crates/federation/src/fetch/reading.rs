//! From wire documents to what the domain keeps: plain structs, nothing believed or sanitised yet.

use parvis_domain::remote::reactions::RemoteReaction;
use parvis_domain::remote::{
    RemoteActor, RemoteEmoji, RemoteKey, RemoteKind, RemoteMedia, RemoteNote, RemotePolicy, RemotePoll,
    RemoteQuote,
};
use parvis_model::account::ActorKind as Kind;
use parvis_model::time::Moment;
use url::Url;

use crate::signature::KeyKind;
use crate::wire::{
    ActivityDocument, ActorDocument, ActorKind, Attachment, AttachmentKind, EmojiTag, NoteDocument, NoteKind,
    PollDocument, web_url,
};

/// Bytes of an article's text that are shown whole; a longer one gives way to its summary, if it has one.
const ARTICLE_SHOWN: usize = 2_000;

/// An actor.
#[must_use]
pub fn actor(doc: &ActorDocument) -> RemoteActor {
    let text = |url: &Option<Url>| url.as_ref().map(Url::to_string);
    RemoteActor {
        uri: doc.id.to_string(),
        url: text(&doc.url),
        kind: match doc.kind {
            ActorKind::Person => Kind::Person,
            ActorKind::Group => Kind::Group,
            ActorKind::Organization => Kind::Organization,
            ActorKind::Service => Kind::Service,
            ActorKind::Application => Kind::Application,
        },
        username: doc.username.clone(),
        name: doc.name.clone().unwrap_or_default(),
        bio: doc.summary.clone().unwrap_or_default(),
        fields: doc.fields.iter().map(|f| (f.name.clone(), f.value.clone())).collect(),
        avatar: text(&doc.icon),
        header: text(&doc.image),
        is_locked: doc.manually_approves_followers,
        is_discoverable: doc.discoverable.unwrap_or(false),
        is_indexable: doc.indexable.unwrap_or(false),
        attribution_domains: doc.attribution_domains.clone(),
        inbox: doc.inbox.to_string(),
        shared_inbox: text(&doc.shared_inbox),
        outbox: text(&doc.outbox),
        followers: text(&doc.followers),
        featured: text(&doc.featured),
        emojis: emojis(&doc.emoji),
        keys: doc
            .keys
            .iter()
            .map(|key| RemoteKey {
                uri: key.id.to_string(),
                algorithm: match key.key.kind() {
                    KeyKind::Rsa => "rsa",
                    KeyKind::Ed25519 => "ed25519",
                }
                .to_owned(),
                public_der: key.key.spki_der().to_vec(),
            })
            .collect(),
        moved_to: text(&doc.moved_to),
        aliases: doc.also_known_as.iter().map(Url::to_string).collect(),
        published: doc.published,
    }
}

/// A favourite, perhaps with an emoji.
#[must_use]
pub fn reaction(like: &ActivityDocument, uri: Option<&Url>) -> RemoteReaction {
    RemoteReaction {
        uri: uri.map(Url::to_string),
        content: like.content.clone(),
        emojis: emojis(&like.emoji),
    }
}

/// A post; `None` for a vote in a poll, which is no post.
#[must_use]
pub fn note(doc: &NoteDocument) -> Option<RemoteNote> {
    if doc.is_vote() {
        return None;
    }
    let has_title = !matches!(doc.kind, NoteKind::Note | NoteKind::Question);
    // A forum's topic is a Note with a title (Discourse), and its answers repeat it (NodeBB); programs that put it into the text as well say it once.
    let is_title_told = |name: &String| {
        doc.content.as_ref().is_some_and(|text| text.contains(name) || text.contains(&escaped(name)))
    };
    let text = |url: &Option<Url>| url.as_ref().map(Url::to_string);
    let recipients = [&doc.audience.to, &doc.audience.cc, &doc.audience.groups];
    let mut media: Vec<RemoteMedia> =
        doc.attachments.iter().filter(|a| a.kind != AttachmentKind::Link).map(picture).collect();
    if media.is_empty()
        && let Some(image) = &doc.image
    {
        media.push(RemoteMedia { url: image.to_string(), kind: RemoteKind::Image, ..RemoteMedia::default() });
    }
    Some(RemoteNote {
        uri: doc.id.to_string(),
        url: doc.url.as_ref().map(Url::to_string),
        author: doc.author.to_string(),
        title: doc
            .name
            .clone()
            .filter(|name| has_title || (doc.in_reply_to.is_none() && !is_title_told(name))),
        html: html(doc),
        warning: doc.summary.clone().filter(|_| !has_title).unwrap_or_default(),
        is_sensitive: doc.sensitive,
        language: doc.language().map(str::to_owned),
        published: doc.published,
        updated: doc.updated,
        in_reply_to: doc.in_reply_to.as_ref().map(Url::to_string),
        context: doc.context.as_deref().and_then(web_url).map(|url| url.to_string()),
        quote: doc.quote.as_ref().map(|quote| RemoteQuote {
            uri: quote.url.to_string(),
            authorization: text(&quote.authorization),
            is_legacy: quote.is_legacy,
        }),
        quote_policy: doc.quote_policy.as_ref().map(|policy| RemotePolicy {
            automatic: policy.automatic.clone(),
            manual: policy.manual.clone(),
        }),
        is_public: doc.audience.public_in_to,
        is_unlisted: doc.audience.public_in_cc,
        recipients: recipients.into_iter().flatten().map(Url::to_string).collect(),
        mentions: doc.tags.mentions.iter().map(|m| m.href.to_string()).collect(),
        hashtags: doc.tags.hashtags.clone(),
        emojis: emojis(&doc.tags.emoji),
        media,
        poll: doc.poll.as_ref().map(poll),
    })
}

/// The text, with what has no place of its own: when and where an event is, links (Lemmy), the page of what is read, seen or heard elsewhere.
fn html(doc: &NoteDocument) -> String {
    let long = doc.content.clone().unwrap_or_default();
    let summary = doc.summary.as_ref().filter(|_| has_page(doc.kind) && long.len() > ARTICLE_SHOWN);
    let mut html = when_and_where(doc);
    html.push_str(&match (summary, doc.media_type.as_deref()) {
        (Some(summary), _) => format!("<p>{summary}</p>"),
        (None, Some(kind)) if kind.starts_with("text/") => {
            format!("<p>{}</p>", escaped(&long).replace('\n', "<br>"))
        }
        _ => long,
    });
    let page = doc.url.as_ref().unwrap_or(&doc.id);
    let mut links: Vec<&Url> =
        doc.attachments.iter().filter(|a| a.kind == AttachmentKind::Link).map(|a| &a.url).collect();
    if has_page(doc.kind) && !links.contains(&page) {
        links.push(page);
    }
    for link in links {
        let link = escaped(link.as_str());
        html.push_str(&format!("<p><a href=\"{link}\">{link}</a></p>"));
    }
    html
}

/// Whether people read, see or hear it on its own page: a post here tells of it (title, summary, link).
const fn has_page(kind: NoteKind) -> bool {
    matches!(kind, NoteKind::Article | NoteKind::Video | NoteKind::Audio | NoteKind::Event)
}

/// One line without words, so that it is in every language: `2026-12-01 18:30 UTC – 2026-12-01 20:00 UTC · Town hall, Main street 1`.
fn when_and_where(doc: &NoteDocument) -> String {
    if doc.kind != NoteKind::Event {
        return String::new();
    }
    let minute =
        |at: &Moment| at.to_rfc3339().get(..16).map(|text| format!("{} UTC", text.replace('T', " ")));
    let times: Vec<String> =
        [&doc.starts_at, &doc.ends_at].into_iter().flatten().filter_map(minute).collect();
    let parts: Vec<String> = [times.join(" – "), doc.place.clone().unwrap_or_default()]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect();
    if parts.is_empty() { String::new() } else { format!("<p>{}</p>", escaped(&parts.join(" · "))) }
}

fn poll(doc: &PollDocument) -> RemotePoll {
    RemotePoll {
        is_multiple: doc.multiple,
        options: doc.options.iter().map(|o| (o.name.clone(), o.votes)).collect(),
        ends_at: doc.ends_at,
        is_closed: doc.closed,
        voters: doc.voters.map(i64::from),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn picture(attachment: &Attachment) -> RemoteMedia {
    RemoteMedia {
        url: attachment.url.to_string(),
        mime: attachment.media_type.clone().unwrap_or_default(),
        kind: match attachment.kind {
            AttachmentKind::Image => RemoteKind::Image,
            AttachmentKind::Video => RemoteKind::Video,
            AttachmentKind::Audio => RemoteKind::Audio,
            AttachmentKind::Link | AttachmentKind::File => RemoteKind::Other,
        },
        preview: attachment.preview.as_ref().map(Url::to_string),
        duration: attachment.duration.unwrap_or_default(),
        description: attachment.description.clone().unwrap_or_default(),
        blurhash: attachment.blurhash.clone(),
        width: attachment.width.unwrap_or_default(),
        height: attachment.height.unwrap_or_default(),
        focus: attachment.focal_point.unwrap_or_default(),
    }
}

fn emojis(tags: &[EmojiTag]) -> Vec<RemoteEmoji> {
    tags.iter().map(|e| RemoteEmoji { shortcode: e.shortcode.clone(), url: e.url.to_string() }).collect()
}
