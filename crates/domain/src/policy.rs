//! What the town decided about other servers: blocked ones are nobody's neighbours on any path (threats O14). Asked by access, inbox, outbox,
//! fetching and search. The list is written by the command line.

use std::collections::HashSet;

use parvis_model::event::Event;
use parvis_model::refusal::Refusal;
use parvis_model::urls::host_key;
use parvis_store::policy::{self as rows, DomainBlock};
use parvis_store::{Conn, Tx};

use crate::error::{Error, Result};
use crate::events::{Record, context_of};

/// How hard a block is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Nothing but what the other switches say.
    Noop,
    /// Posts show only to those who follow their author.
    Silence,
    /// Nothing comes in, nothing goes out, nothing shows.
    Suspend,
}

/// The name that stands for all servers: blocking it shuts out whatever is not allowed (Mastodon's limited federation).
pub const EVERYBODY: &str = "*";

/// A name as typed → as it is kept.
///
/// # Errors
/// [`Refusal::DomainShape`].
pub fn name(host: &str) -> Result<String> {
    let host = host.trim();
    if host == EVERYBODY {
        Ok(host.to_owned())
    } else {
        host_key(host).ok_or(Error::Refused(Refusal::DomainShape))
    }
}

impl Severity {
    /// The text in the database and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Silence => "silence",
            Self::Noop => "noop",
        }
    }

    /// From [`Severity::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Suspend, Self::Silence, Self::Noop].into_iter().find(|s| s.as_str() == text)
    }
}

/// The host and the names above it: `a.b.example:8443` → itself, `a.b.example`, `b.example`, `example`. At most 12.
pub(crate) fn with_parents(host: &str) -> Vec<String> {
    let mut out = vec![host.to_owned()];
    let mut name = host.split(':').next().unwrap_or(host);
    if name != host {
        out.push(name.to_owned());
    }
    while let Some((_, parent)) = name.split_once('.') {
        if out.len() >= 12 {
            break;
        }
        out.push(parent.to_owned());
        name = parent;
    }
    out
}

/// The names whose blocks count for a host.
fn with_everybody(host: &str) -> Vec<String> {
    let mut names = with_parents(host);
    names.push(EVERYBODY.to_owned());
    names
}

/// Of these hosts, those that are not allowed, nor are servers above them: asked only where everybody else is shut out.
fn not_allowed(c: &mut Conn, hosts: &HashSet<String>) -> Result<HashSet<String>> {
    let names: HashSet<String> = hosts.iter().flat_map(|h| with_parents(h)).collect();
    let allowed = rows::domain_allows_among(c, &names.into_iter().collect::<Vec<_>>())?;
    Ok(hosts.iter().filter(|h| !with_parents(h).iter().any(|n| allowed.contains(n))).cloned().collect())
}

/// Whether nothing may be exchanged with a host.
///
/// # Errors
/// Internal.
pub fn is_suspended(c: &mut Conn, host: &str) -> Result<bool> {
    if host.is_empty() {
        return Ok(false);
    }
    Ok(!barred(c, &HashSet::from([host.to_owned()]))?.0.is_empty())
}

/// Which of these hosts are blocked, by severity: (suspended, silenced). One statement; one more where only allowed servers are dealt with.
///
/// # Errors
/// Internal.
pub fn barred(c: &mut Conn, hosts: &HashSet<String>) -> Result<(HashSet<String>, HashSet<String>)> {
    let names: HashSet<String> =
        hosts.iter().filter(|h| !h.is_empty()).flat_map(|h| with_everybody(h)).collect();
    let blocks = rows::domain_blocks_among(c, &names.into_iter().collect::<Vec<_>>())?;
    let (mut suspended, mut silenced) = (HashSet::new(), HashSet::new());
    let everybody = blocks.iter().find(|b| b.host == EVERYBODY).and_then(|b| Severity::parse(&b.severity));
    if let Some(severity) = everybody.filter(|s| *s > Severity::Noop) {
        let others: HashSet<String> = hosts.iter().filter(|h| !h.is_empty()).cloned().collect();
        let others = not_allowed(c, &others)?;
        if severity == Severity::Suspend { suspended.extend(others) } else { silenced.extend(others) }
    }
    for host in hosts.iter().filter(|h| !h.is_empty()) {
        let names = with_parents(host);
        for block in blocks.iter().filter(|b| names.contains(&b.host)) {
            if block.severity == Severity::Suspend.as_str() {
                suspended.insert(host.clone());
            } else if block.severity == Severity::Silence.as_str() {
                silenced.insert(host.clone());
            }
        }
    }
    Ok((suspended, silenced))
}

/// Whether reports that a host sends are not heard: it is blocked so, or nothing is exchanged with it.
///
/// # Errors
/// Internal.
pub fn rejects_reports(c: &mut Conn, host: &str) -> Result<bool> {
    let blocks = rows::domain_blocks_among(c, &with_parents(host))?;
    Ok(blocks.iter().any(|b| b.reject_reports || b.severity == Severity::Suspend.as_str()))
}

/// Whether the town wants no pictures of a host: neither fetched nor shown.
///
/// # Errors
/// Internal.
pub fn rejects_media(c: &mut Conn, host: &str) -> Result<bool> {
    Ok(rows::domain_blocks_among(c, &with_parents(host))?.iter().any(|b| b.reject_media))
}

/// What is decided about a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub severity: Severity,
    /// Take no pictures from there.
    pub reject_media: bool,
    /// Do not hear what it says of people here.
    pub reject_reports: bool,
    /// Show the name with stars in public.
    pub obfuscate: bool,
    /// Why, for everybody.
    pub public_comment: String,
    /// Why, for staff.
    pub private_comment: String,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            severity: Severity::Silence,
            reject_media: false,
            reject_reports: false,
            obfuscate: false,
            public_comment: String::new(),
            private_comment: String::new(),
        }
    }
}

impl Terms {
    /// What a block says.
    #[must_use]
    pub fn of(row: &DomainBlock) -> Self {
        Self {
            severity: Severity::parse(&row.severity).unwrap_or(Severity::Suspend),
            reject_media: row.reject_media,
            reject_reports: row.reject_reports,
            obfuscate: row.obfuscate,
            public_comment: row.public_comment.clone(),
            private_comment: row.private_comment.clone(),
        }
    }
}

/// The blocks that everybody may know of, by name: those that do something.
///
/// # Errors
/// Internal.
pub fn public_list(c: &mut Conn) -> Result<Vec<DomainBlock>> {
    let all = rows::domain_blocks(c)?;
    Ok(all.into_iter().filter(|b| b.severity != Severity::Noop.as_str()).collect())
}

/// Whether the town deals only with servers that it allows.
///
/// # Errors
/// Internal.
pub fn is_limited(c: &mut Conn) -> Result<bool> {
    Ok(rows::domain_blocks_among(c, &[EVERYBODY.to_owned()])?
        .iter()
        .any(|b| b.severity == Severity::Suspend.as_str()))
}

/// Blocks a host and its subdomains, or changes the block.
///
/// # Errors
/// [`Refusal::DomainShape`]; [`Refusal::OwnDomain`].
pub fn block(
    tx: &mut Tx<'_>,
    host: &str,
    severity: Severity,
    reject_media: bool,
    comment: &str,
) -> Result<String> {
    let terms = Terms { severity, reject_media, public_comment: comment.to_owned(), ..Terms::default() };
    Ok(set(tx, host, &terms)?.host)
}

/// Writes what is decided about a host, in place of what was.
///
/// # Errors
/// [`Refusal::DomainShape`]; [`Refusal::OwnDomain`]; `Invalid` for comments.
pub fn set(tx: &mut Tx<'_>, host: &str, terms: &Terms) -> Result<DomainBlock> {
    let host = name(host)?;
    if host == context_of(tx)?.urls.domain() {
        return Err(Error::Refused(Refusal::OwnDomain));
    }
    let comment = |text: &str| text.replace('\0', "").chars().take(1_000).collect::<String>();
    let known = rows::domain_blocks_among(tx, std::slice::from_ref(&host))?.pop();
    let suspend = Severity::Suspend.as_str();
    let is_news = terms.severity == Severity::Suspend && known.as_ref().is_none_or(|k| k.severity != suspend);
    let row = DomainBlock {
        host,
        severity: terms.severity.as_str().to_owned(),
        reject_media: terms.reject_media,
        reject_reports: terms.reject_reports,
        obfuscate: terms.obfuscate,
        public_comment: comment(&terms.public_comment),
        private_comment: comment(&terms.private_comment),
        created_at: known.as_ref().map_or(tx.now(), |k| k.created_at),
        id: known.map_or_else(|| tx.new_id(), |k| k.id),
    };
    rows::set_domain_block(tx, &row)?;
    tx.record(Event::DomainPolicyChanged)?;
    if is_news {
        tx.record(Event::ServerShutOut { host: row.host.clone() })?;
    }
    tx.notify("policy", 0);
    Ok(row)
}

/// Lifts a block; `false` when there was none.
///
/// # Errors
/// [`Refusal::DomainShape`].
pub fn unblock(tx: &mut Tx<'_>, host: &str) -> Result<bool> {
    let host = name(host)?;
    let was_there = rows::remove_domain_block(tx, &host)?;
    tx.record(Event::DomainPolicyChanged)?;
    tx.notify("policy", 0);
    Ok(was_there)
}

/// All blocks.
///
/// # Errors
/// Internal.
pub fn list(c: &mut Conn) -> Result<Vec<DomainBlock>> {
    Ok(rows::domain_blocks(c)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o14_a_block_covers_subdomains_and_ports() {
        assert_eq!(
            with_parents("a.b.example:8443"),
            ["a.b.example:8443", "a.b.example", "b.example", "example"]
        );
        assert_eq!(with_parents("localhost"), ["localhost"]);
    }
}
