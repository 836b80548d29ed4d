//! Quotes on the wire (FEP-044f): what a post quotes, who may quote it, and the document by which an author allows it. The older ways to quote
//! (`quoteUrl`, `quoteUri`, `_misskey_quote`) are read too; they know no consent.

use url::Url;

use super::limits::FIELDS;
use super::members::Members;
use super::parse::{Document, WireError};

/// What a post quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteLink {
    /// The quoted post.
    pub url: Url,
    /// The document by which its author allows it.
    pub authorization: Option<Url>,
    /// Said only in one of the older ways.
    pub is_legacy: bool,
}

impl QuoteLink {
    pub(super) fn read(members: Members<'_>) -> Option<Self> {
        if let Some(url) = members.url("quote") {
            return Some(Self { url, authorization: members.url("quoteAuthorization"), is_legacy: false });
        }
        let named = ["quoteUrl", "quoteUri", "_misskey_quote"].iter().find_map(|name| members.url(name));
        let url = named.or_else(|| linked(members))?;
        Some(Self { url, authorization: None, is_legacy: true })
    }
}

/// A quote as a link among the tags (FEP-e232), which says so by its relation.
fn linked(members: Members<'_>) -> Option<Url> {
    let says_so = |link: &Members<'_>| {
        link.is("Link")
            && link.many("rel").texts().any(|rel| rel == "https://misskey-hub.net/ns#_misskey_quote")
    };
    members.many("tag").objects().take(super::limits::TAGS).find(says_so)?.url("href")
}

/// Who may quote a post: ids of actors, collections, and everybody's address, as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuotePolicyDocument {
    /// At once.
    pub automatic: Vec<String>,
    /// After a look.
    pub manual: Vec<String>,
}

impl QuotePolicyDocument {
    pub(super) fn read(members: Members<'_>) -> Option<Self> {
        let rules = members.object("interactionPolicy")?.object("canQuote")?;
        // GoToSocial's first words for the same.
        let list = |names: [&str; 2]| {
            names
                .iter()
                .flat_map(|name| rules.many(name).texts())
                .filter(|t| t.len() <= 2_048)
                .take(FIELDS)
                .collect()
        };
        Some(Self {
            automatic: list(["automaticApproval", "always"]),
            manual: list(["manualApproval", "approvalRequired"]),
        })
    }
}

/// A QuoteAuthorization: its author lets one post quote one of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteAuthorizationDocument {
    /// Which.
    pub id: Url,
    /// The quoted author.
    pub author: Url,
    /// The post that quotes.
    pub quoting: Url,
    /// The quoted post.
    pub quoted: Url,
}

impl QuoteAuthorizationDocument {
    /// Reads an authorization.
    ///
    /// # Errors
    /// [`WireError`] when it is none or lacks a member.
    pub fn read(document: &Document) -> Result<Self, WireError> {
        let members = document.members();
        if !members.is("QuoteAuthorization") {
            return Err(WireError::Kind);
        }
        let url = |name| members.url(name).ok_or(WireError::Bad(name));
        Ok(Self {
            id: members.id().ok_or(WireError::Bad("id"))?,
            author: url("attributedTo")?,
            quoting: url("interactingObject")?,
            quoted: url("interactionTarget")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_quote_is_read_in_each_of_its_ways() {
        let read = |value: serde_json::Value| {
            QuoteLink::read(Document::parse(value.to_string().as_bytes()).unwrap().members())
        };
        let new = read(json!({
            "quote": "https://a.example/1", "quoteAuthorization": "https://a.example/stamps/1", "quoteUrl": "https://a.example/2",
        }))
        .unwrap();
        assert_eq!((new.url.as_str(), new.is_legacy), ("https://a.example/1", false));
        assert_eq!(new.authorization.unwrap().as_str(), "https://a.example/stamps/1");
        for name in ["quoteUrl", "quoteUri", "_misskey_quote"] {
            let old = read(
                json!({ name: "https://a.example/1", "quoteAuthorization": "https://a.example/stamps/1" }),
            );
            assert_eq!(old.map(|q| (q.is_legacy, q.authorization)), Some((true, None)), "{name}");
        }
        assert_eq!(read(json!({ "quote": null })), None);
        assert_eq!(read(json!({ "quote": { "type": "Tombstone" } })), None);
    }

    #[test]
    fn a_policy_is_a_list_or_one() {
        let document = Document::parse(
            br#"{"interactionPolicy":{"canQuote":{"automaticApproval":"as:Public","manualApproval":["https://a.example/followers"]}}}"#,
        )
        .unwrap();
        let policy = QuotePolicyDocument::read(document.members()).unwrap();
        assert_eq!(policy.automatic, ["as:Public"]);
        assert_eq!(policy.manual, ["https://a.example/followers"]);
    }
}
