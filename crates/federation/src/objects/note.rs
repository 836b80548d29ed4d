//! Posts of this town as `Note`s (with a poll: `Question`s), and whom they are addressed to.
//!
//! Shape: Mastodon's; the addressing of the four visibilities is the one that everybody reads (docs.joinmastodon.org/spec/activitypub#properties-used).

use parvis_domain::polls::PollView;
use parvis_domain::rows::{Media, Tag};
use parvis_domain::statuses::thread::conversation_of;
use parvis_domain::views::StatusView;
use parvis_model::media::xsd_duration;
use parvis_model::urls::Urls;
use parvis_model::visibility::Visibility;
use serde_json::{Map, Value, json};

use super::emoji_tags;
use crate::wire::PUBLIC;

/// `to` and `cc`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addresses {
    /// Loudly.
    pub to: Vec<String>,
    /// Quietly.
    pub cc: Vec<String>,
}

/// Whom a post or boost with this visibility is addressed to, besides those named.
#[must_use]
pub fn addresses(visibility: Visibility, followers: &str, named: Vec<String>) -> Addresses {
    let (public, followers) = (PUBLIC.to_owned(), followers.to_owned());
    let (to, mut cc) = match visibility {
        Visibility::Public => (vec![public], vec![followers]),
        Visibility::Unlisted => (vec![followers], vec![public]),
        Visibility::Private => (vec![followers], Vec::new()),
        Visibility::Direct => return Addresses { to: named, cc: Vec::new() },
    };
    for one in named {
        if !cc.contains(&one) && !to.contains(&one) {
            cc.push(one);
        }
    }
    Addresses { to, cc }
}

/// A post of this town; without `@context`. Boosts are no documents but activities ([`super::activity::announce`]).
#[must_use]
pub fn document(urls: &Urls, view: &StatusView) -> Value {
    let status = &view.status;
    let author = &view.author.account;
    let named: Vec<String> = view.mentions.iter().map(|m| m.uri.clone()).collect();
    let Addresses { to, cc } = addresses(view.visibility, &author.followers_uri, named);
    let mut doc = Map::new();
    let mut put = |name: &str, value: Value| {
        doc.insert(name.to_owned(), value);
    };
    put("id", json!(status.uri));
    put("type", json!(if view.poll.is_some() { "Question" } else { "Note" }));
    put("summary", if status.warning.is_empty() { Value::Null } else { json!(status.warning) });
    put("inReplyTo", json!(status.in_reply_to_uri));
    put("published", json!(status.created_at.to_rfc3339()));
    if let Some(edited) = status.edited_at {
        put("updated", json!(edited.to_rfc3339()));
    }
    put("url", json!(status.url));
    put("attributedTo", json!(author.uri));
    put("to", json!(to));
    put("cc", json!(cc));
    put("sensitive", json!(status.is_sensitive));
    let html = view.html();
    put("content", json!(html));
    if let Some(language) = &status.language {
        put("contentMap", json!({ language: html }));
    }
    if let Some(quote) = view.quote.as_ref().filter(|quote| quote.is_told()) {
        // Mastodon's three ways to say it.
        for name in ["quote", "_misskey_quote", "quoteUri"] {
            put(name, json!(quote.row.quoted_uri));
        }
        if let Some(authorization) = &quote.row.approval_uri {
            put("quoteAuthorization", json!(authorization));
        }
    }
    put("interactionPolicy", super::quote::policy(author, view.quote_policy));
    put("attachment", Value::Array(view.media.iter().filter_map(|m| attachment(urls, m)).collect()));
    put("tag", Value::Array(tags(urls, view)));
    put("replies", json!(format!("{}/replies", status.uri)));
    if let Some(context) = conversation_of(status) {
        put("context", json!(context));
    }
    if !status.source.is_empty() {
        // What was typed; other programs let their people edit and quote it so.
        put("source", json!({ "content": status.source, "mediaType": "text/plain" }));
    }
    if let Some(poll) = &view.poll {
        poll_members(poll, &mut put);
    }
    Value::Object(doc)
}

/// The same post where it stands in a group: for the group, too, and its `audience` (FEP-1b12).
#[must_use]
pub fn in_group(mut doc: Value, group: &str) -> Value {
    let Some(members) = doc.as_object_mut() else { return doc };
    members.insert("audience".to_owned(), json!(group));
    let is_named = |name: &str| {
        members.get(name).and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == group))
    };
    if !is_named("to")
        && !is_named("cc")
        && let Some(Value::Array(cc)) = members.get_mut("cc")
    {
        cc.push(json!(group));
    }
    doc
}

/// What makes a post a `Question`. While the author hides the numbers they are 0 (a missing or empty number is an error to some).
fn poll_members(poll: &PollView, put: &mut impl FnMut(&str, Value)) {
    let options = poll.options.iter().map(|option| {
        let votes = poll.votes_shown(option).unwrap_or(0);
        json!({
            "type": "Note", "name": option.title,
            "replies": { "type": "Collection", "totalItems": votes },
        })
    });
    put(if poll.poll.is_multiple { "anyOf" } else { "oneOf" }, Value::Array(options.collect()));
    put("votersCount", json!(poll.voters.unwrap_or(0)));
    if let Some(end) = poll.poll.expires_at {
        put("endTime", json!(end.to_rfc3339()));
        if poll.is_expired {
            put("closed", json!(end.to_rfc3339()));
        }
    }
}

fn attachment(urls: &Urls, media: &Media) -> Option<Value> {
    let key = media.file_key.as_ref()?;
    let mut document = json!({
        "type": "Document",
        "mediaType": media.mime,
        "url": urls.media_file(key),
        "name": if media.description.is_empty() { Value::Null } else { json!(media.description) },
        "blurhash": media.blurhash,
        "focalPoint": [media.focus_x, media.focus_y],
        "width": media.width,
        "height": media.height,
    });
    if let (true, Some(members)) = (media.is_recording(), document.as_object_mut()) {
        members.insert("duration".to_owned(), json!(xsd_duration(media.duration_ms)));
        if let Some(small) = &media.small_key {
            let icon = json!({ "type": "Image", "mediaType": "image/jpeg", "url": urls.media_file(small) });
            members.insert("icon".to_owned(), icon);
        }
        if media.width == 0 {
            for name in ["width", "height", "blurhash", "focalPoint"] {
                members.remove(name);
            }
        }
    }
    Some(document)
}

fn tags(urls: &Urls, view: &StatusView) -> Vec<Value> {
    let mentions = view.mentions.iter().map(|mention| {
        let host = if mention.host.is_empty() { urls.domain() } else { &mention.host };
        json!({ "type": "Mention", "href": mention.uri, "name": format!("@{}@{host}", mention.username) })
    });
    let hashtags = view.tags.iter().map(|tag| hashtag(urls, tag));
    mentions.chain(hashtags).chain(emoji_tags(urls, &view.emojis)).collect()
}

/// A hashtag, of a post or of a profile.
#[must_use]
pub fn hashtag(urls: &Urls, tag: &Tag) -> Value {
    json!({ "type": "Hashtag", "href": urls.tag(&tag.name), "name": format!("#{}", tag.display) })
}

/// What stands where a deleted post was (ActivityPub §6.4).
#[must_use]
pub fn tombstone(uri: &str, deleted: Option<parvis_model::time::Moment>) -> Value {
    let mut doc = json!({ "id": uri, "type": "Tombstone" });
    if let (Some(at), Some(members)) = (deleted, doc.as_object_mut()) {
        members.insert("deleted".to_owned(), json!(at.to_rfc3339()));
    }
    doc
}
