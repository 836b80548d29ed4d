//! From wire documents to what the domain keeps: plain structs, nothing believed or sanitised yet.

use parvis_domain::remote::{
    RemoteActor, RemoteEmoji, RemoteKey, RemoteKind, RemoteMedia, RemoteNote, RemotePolicy, RemotePoll,
    RemoteQuote,
};
use parvis_model::account::ActorKind as Kind;
use url::Url;

use crate::signature::KeyKind;
use crate::wire::{
    ActorDocument, ActorKind, Attachment, AttachmentKind, EmojiTag, NoteDocument, NoteKind, PollDocument,
};

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

/// A post; `None` for a vote in a poll, which is no post.
#[must_use]
pub fn note(doc: &NoteDocument) -> Option<RemoteNote> {
    if doc.is_vote() {
        return None;
    }
    let has_title = !matches!(doc.kind, NoteKind::Note | NoteKind::Question);
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
        title: doc.name.clone().filter(|_| has_title || doc.content.is_none()),
        html: html(doc),
        warning: doc.summary.clone().filter(|_| !has_title).unwrap_or_default(),
        is_sensitive: doc.sensitive,
        language: doc.language().map(str::to_owned),
        published: doc.published,
        updated: doc.updated,
        in_reply_to: doc.in_reply_to.as_ref().map(Url::to_string),
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

/// The text, with what has no place of its own: links (Lemmy), the page of a film.
fn html(doc: &NoteDocument) -> String {
    let content = doc.content.clone().unwrap_or_default();
    let mut html = match doc.media_type.as_deref() {
        Some(kind) if kind.starts_with("text/") => {
            format!("<p>{}</p>", escaped(&content).replace('\n', "<br>"))
        }
        _ => content,
    };
    let links = doc.attachments.iter().filter(|a| a.kind == AttachmentKind::Link).map(|a| &a.url);
    let page =
        doc.url.as_ref().filter(|_| matches!(doc.kind, NoteKind::Video | NoteKind::Audio | NoteKind::Event));
    for link in links.chain(page) {
        let link = escaped(link.as_str());
        html.push_str(&format!("<p><a href=\"{link}\">{link}</a></p>"));
    }
    html
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
