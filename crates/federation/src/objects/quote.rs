//! Quotes of and by posts of this town as documents (FEP-044f): who may quote, the request, the answer, the authorization and its end.

use parvis_domain::quotes::Authorization;
use parvis_domain::rows::{Account, Status};
use parvis_model::quote::{Groups, QuotePolicy};
use serde_json::{Value, json};

use super::activity::about;
use crate::wire::PUBLIC;

/// `interactionPolicy` of a post. Nobody but the author is written as the author, as Mastodon does.
#[must_use]
pub fn policy(author: &Account, policy: QuotePolicy) -> Value {
    let mut allowed = Vec::new();
    if policy.automatic.has(Groups::PUBLIC) {
        allowed.push(PUBLIC);
    }
    if policy.automatic.has(Groups::FOLLOWERS) {
        allowed.push(author.followers_uri.as_str());
    }
    if allowed.is_empty() {
        allowed.push(author.uri.as_str());
    }
    json!({ "canQuote": { "automaticApproval": allowed } })
}

/// Somebody here asks to quote a post. The post itself is inside when its quoted author may see it.
#[must_use]
pub fn request(id: &str, actor: &str, quoted: &str, quoting: Value) -> Value {
    json!({ "id": id, "type": "QuoteRequest", "actor": actor, "object": quoted, "instrument": quoting })
}

/// The answer to a request from elsewhere; with an authorization it is a yes.
#[must_use]
pub fn answer(id: &str, actor: &str, to: &str, request: Value, authorization: Option<&str>) -> Value {
    let kind = if authorization.is_some() { "Accept" } else { "Reject" };
    let mut activity = about(kind, id, actor, request);
    if let Some(members) = activity.as_object_mut() {
        members.insert("to".to_owned(), json!([to]));
        if let Some(result) = authorization {
            members.insert("result".to_owned(), json!(result));
        }
    }
    activity
}

/// An authorization.
#[must_use]
pub fn authorization(said: &Authorization) -> Value {
    json!({
        "id": said.id, "type": "QuoteAuthorization", "attributedTo": said.author,
        "interactingObject": said.quoting, "interactionTarget": said.quoted,
    })
}

/// The end of an authorization.
#[must_use]
pub fn revocation(author: &str, approval: &str, quoting: &str, quoted: &Status) -> Value {
    let object = json!({
        "id": approval, "type": "QuoteAuthorization", "attributedTo": author,
        "interactingObject": quoting, "interactionTarget": quoted.uri,
    });
    json!({ "id": format!("{approval}#delete"), "type": "Delete", "actor": author, "to": [PUBLIC], "object": object })
}
