//! Asking other servers what an address leads to (RFC 7033). An address is believed when its own host points to the actor and the actor's host agrees
//! (threats O11).
//!
//! Neighbour: [`crate::serve`] answers for our own people.

use parvis_model::handle::Address;
use serde::Deserialize;
use url::Url;

use super::Problem;
use crate::client::{Accepted, Client};
use crate::wire::web_url;

/// Bytes of an answer that are read.
const LARGEST: usize = 64 * 1024;

#[derive(Deserialize)]
struct Jrd {
    subject: Option<String>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    rel: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    href: Option<String>,
}

/// What a host says about an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finger {
    /// The name it prefers; what was asked when it says none.
    pub(super) subject: Address,
    /// The actor's id.
    pub(super) actor: Url,
}

/// Asks `host` about `username@of`.
pub(super) async fn ask(
    client: &Client,
    scheme: &str,
    host: &str,
    username: &str,
    of: &str,
) -> Result<Finger, Problem> {
    let bad = || Problem::Dropped("a WebFinger answer that cannot be used");
    let mut url = Url::parse(&format!("{scheme}://{host}/.well-known/webfinger")).map_err(|_| bad())?;
    url.query_pairs_mut().append_pair("resource", &format!("acct:{username}@{of}"));
    let answer = client.get(&url, Accepted::Json).await?;
    if answer.bytes.len() > LARGEST {
        return Err(bad());
    }
    let jrd: Jrd = serde_json::from_slice(&answer.bytes).map_err(|_| bad())?;
    let actor = jrd.links.iter().find_map(actor_link).ok_or_else(bad)?;
    let asked = Address { username: username.to_ascii_lowercase(), host: Some(of.to_owned()) };
    let subject = match jrd.subject.as_deref() {
        // Some programs answer with the actor's address as the subject.
        Some(text) if text.starts_with("acct:") => Address::parse(text, "").ok_or_else(bad)?,
        _ => asked,
    };
    if subject.host.is_none() {
        return Err(bad());
    }
    Ok(Finger { subject, actor })
}

fn actor_link(link: &Link) -> Option<Url> {
    let kind: mime::Mime = link.kind.as_deref()?.parse().ok()?;
    let is_actor = link.rel.as_deref() == Some("self") && crate::client::is_activity_type(&kind);
    web_url(link.href.as_deref().filter(|_| is_actor)?)
}
