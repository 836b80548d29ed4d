//! The JSON-LD context of everything that we send. One for all documents: receivers compare texts, few process it.
//!
//! Terms of our own live under `urn:parvis:ns:`, and nothing depends on them (design.md §3).

use serde_json::{Map, Value, json};

/// The context as JSON.
pub const CONTEXT: &str = r##"["https://www.w3.org/ns/activitystreams","https://w3id.org/security/v1","https://w3id.org/security/data-integrity/v1","https://w3id.org/security/multikey/v1",{"toot":"http://joinmastodon.org/ns#","schema":"http://schema.org#","lemmy":"https://join-lemmy.org/ns#","parvis":"urn:parvis:ns:","manuallyApprovesFollowers":"as:manuallyApprovesFollowers","sensitive":"as:sensitive","Hashtag":"as:Hashtag","movedTo":{"@id":"as:movedTo","@type":"@id"},"alsoKnownAs":{"@id":"as:alsoKnownAs","@type":"@id"},"Emoji":"toot:Emoji","featured":{"@id":"toot:featured","@type":"@id"},"featuredTags":{"@id":"toot:featuredTags","@type":"@id"},"discoverable":"toot:discoverable","indexable":"toot:indexable","attributionDomains":{"@id":"toot:attributionDomains","@type":"@id"},"suspended":"toot:suspended","memorial":"toot:memorial","votersCount":"toot:votersCount","blurhash":"toot:blurhash","focalPoint":{"@container":"@list","@id":"toot:focalPoint"},"PropertyValue":"schema:PropertyValue","value":"schema:value","gts":"https://gotosocial.org/ns#","quote":{"@id":"https://w3id.org/fep/044f#quote","@type":"@id"},"quoteAuthorization":{"@id":"https://w3id.org/fep/044f#quoteAuthorization","@type":"@id"},"QuoteRequest":"https://w3id.org/fep/044f#QuoteRequest","QuoteAuthorization":"https://w3id.org/fep/044f#QuoteAuthorization","interactingObject":{"@id":"gts:interactingObject","@type":"@id"},"interactionTarget":{"@id":"gts:interactionTarget","@type":"@id"},"interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},"canQuote":{"@id":"gts:canQuote","@type":"@id"},"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"},"manualApproval":{"@id":"gts:manualApproval","@type":"@id"},"quoteUri":"http://fedibird.com/ns#quoteUri","_misskey_quote":"https://misskey-hub.net/ns#_misskey_quote","postingRestrictedToMods":"lemmy:postingRestrictedToMods","assertionMethod":{"@id":"https://w3id.org/security#assertionMethod","@type":"@id","@container":"@set"},"moderators":{"@id":"lemmy:moderators","@type":"@id"}}]"##;

/// Puts the context in front of an object that is sent or served by itself. What stands inside another needs none.
#[must_use]
pub fn with_context(object: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("@context".to_owned(), serde_json::from_str(CONTEXT).unwrap_or_else(|_| json!([])));
    if let Value::Object(members) = object {
        whole.extend(members);
    }
    Value::Object(whole)
}
