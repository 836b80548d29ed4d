//! Actor documents of this town: people, departments, groups, and the town itself at `/`.
//!
//! Shape: Mastodon's (docs.joinmastodon.org/spec/activitypub), with one `publicKey` object as Lemmy demands, and its other
//! keys in `assertionMethod` (FEP-521a).

use parvis_domain::keys::public_pem;
use parvis_domain::rows::{Account, ActorKey};
use parvis_domain::views::AccountView;
use parvis_model::account::ActorKind;
use parvis_model::urls::Urls;
use serde_json::{Map, Value, json};

use super::{emoji_tags, media_type};
use crate::signature::PublicKey;

/// Where those whom an actor follows are listed: beside its followers.
#[must_use]
pub fn following_uri(followers_uri: &str) -> String {
    followers_uri.strip_suffix("followers").map_or_else(String::new, |start| format!("{start}following"))
}

/// Where those are listed who look after a group of this town.
#[must_use]
pub fn moderators_uri(group: &Account) -> String {
    format!("{}/moderators", group.uri)
}

/// An Ed25519 key as FEP-521a wants it.
fn multikey(actor: &str, key: &ActorKey) -> Option<Value> {
    let text = PublicKey::from_spki_der(&key.public_der).ok()?.to_multibase()?;
    Some(json!({ "id": key.uri, "type": "Multikey", "controller": actor, "publicKeyMultibase": text }))
}

/// An actor of this town with its keys and former addresses; without `@context`. Of a suspended one only what others need to know that it is suspended.
#[must_use]
pub fn document(urls: &Urls, view: &AccountView, keys: &[ActorKey], aliases: &[String]) -> Value {
    let account = &view.account;
    let mut doc = Map::new();
    let mut put = |name: &str, value: Value| {
        doc.insert(name.to_owned(), value);
    };
    put("id", json!(account.uri));
    put("type", json!(view.kind.type_name()));
    put("preferredUsername", json!(account.username));
    let is_suspended = account.suspended_at.is_some();
    let is_nameless = is_suspended || account.display_name.is_empty();
    put("name", json!(if is_nameless { &account.username } else { &account.display_name }));
    put("summary", json!(if is_suspended { "" } else { &account.bio_html }));
    put("url", json!(account.url));
    put("inbox", json!(account.inbox));
    put("outbox", json!(account.outbox));
    put("followers", json!(account.followers_uri));
    put("following", json!(following_uri(&account.followers_uri)));
    if let Some(featured) = &account.featured_uri {
        put("featured", json!(featured));
        put("featuredTags", json!(urls.actor_part(&account.username, "collections/tags")));
    }
    put("endpoints", json!({ "sharedInbox": urls.shared_inbox() }));
    put("manuallyApprovesFollowers", json!(account.is_locked));
    put("discoverable", json!(account.is_discoverable));
    put("indexable", json!(view.chosen.is_indexable));
    let sites: Vec<&str> = view.chosen.attribution_domains.split_whitespace().collect();
    if !sites.is_empty() {
        put("attributionDomains", json!(sites));
    }
    // The day only: the minute in which somebody signed up is nobody's business.
    put("published", json!(format!("{}T00:00:00Z", account.created_at.to_date())));
    if view.kind == ActorKind::Group {
        put("attributedTo", json!(moderators_uri(account)));
        put("postingRestrictedToMods", json!(false));
    }
    if let Some(key) = keys.iter().find(|key| key.algorithm == "rsa") {
        let pem = public_pem(&key.public_der);
        put("publicKey", json!({ "id": key.uri, "owner": account.uri, "publicKeyPem": pem }));
    }
    let multikeys: Vec<Value> = keys.iter().filter_map(|key| multikey(&account.uri, key)).collect();
    if !multikeys.is_empty() {
        put("assertionMethod", Value::Array(multikeys));
    }
    if is_suspended {
        put("suspended", json!(true));
        return Value::Object(doc);
    }
    if !aliases.is_empty() {
        put("alsoKnownAs", json!(aliases));
    }
    if let Some(moved) = &view.moved {
        put("movedTo", json!(moved.account.uri));
    }
    put("tag", Value::Array(emoji_tags(urls, &view.emojis)));
    let lines: Vec<Value> = view
        .fields
        .iter()
        .map(|line| json!({ "type": "PropertyValue", "name": line.name, "value": line.value }))
        .collect();
    put("attachment", Value::Array(lines));
    for (name, key) in [("icon", &account.avatar), ("image", &account.header)] {
        if let Some(key) = key {
            put(name, json!({ "type": "Image", "mediaType": media_type(key), "url": urls.media_file(key) }));
        }
    }
    Value::Object(doc)
}
