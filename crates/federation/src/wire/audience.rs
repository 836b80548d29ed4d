//! Whom something is addressed to, and the three spellings of "everybody".
//!
//! Not here: what visibility follows from it; that needs to know the author's followers collection.

use url::Url;

use super::limits::RECIPIENTS;
use super::members::{Members, web_url};

/// The address of everybody (ActivityPub §5.6).
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Whether this is an address of everybody, in one of the spellings that JSON-LD allows.
#[must_use]
pub fn is_public(address: &str) -> bool {
    matches!(address, PUBLIC | "as:Public" | "Public")
}

/// The recipients of an object or activity, at most 500 together. `bto` and `bcc` are nobody's business and not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// `to` without everybody.
    pub to: Vec<Url>,
    /// `cc` without everybody.
    pub cc: Vec<Url>,
    /// `audience`: the groups it belongs to (FEP-1b12), without everybody.
    pub groups: Vec<Url>,
    /// Everybody stands in `to`: public.
    pub public_in_to: bool,
    /// Everybody stands in `cc`: unlisted, unless it stands in `to` as well.
    pub public_in_cc: bool,
}

impl Audience {
    pub(super) fn read(members: Members<'_>) -> Self {
        let mut left = RECIPIENTS;
        let (to, public_in_to) = addresses(members, "to", &mut left);
        let (cc, public_in_cc) = addresses(members, "cc", &mut left);
        let (groups, _) = addresses(members, "audience", &mut left);
        Self { to, cc, groups, public_in_to, public_in_cc }
    }

    /// Whether everybody is addressed, loudly or quietly.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.public_in_to || self.public_in_cc
    }

    /// Whether this actor or collection is addressed by name.
    #[must_use]
    pub fn names(&self, address: &Url) -> bool {
        [&self.to, &self.cc, &self.groups].into_iter().any(|list| list.contains(address))
    }
}

fn addresses(members: Members<'_>, name: &str, left: &mut usize) -> (Vec<Url>, bool) {
    let (mut found, mut public) = (Vec::new(), false);
    for value in members.many(name).iter() {
        // Everybody is found even behind the five hundredth.
        if value.as_str().is_some_and(is_public) {
            public = true;
            continue;
        }
        let address = match value.as_str() {
            Some(text) => web_url(text),
            None => value.get("id").and_then(serde_json::Value::as_str).and_then(web_url),
        };
        if let Some(address) = address.filter(|_| *left > 0)
            && !found.contains(&address)
        {
            found.push(address);
            *left -= 1;
        }
    }
    (found, public)
}
