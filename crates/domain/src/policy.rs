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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    /// Nothing comes in, nothing goes out, nothing shows.
    Suspend,
    /// Posts show only to those who follow their author.
    Silence,
}

impl Severity {
    /// The text in the database and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Silence => "silence",
        }
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

/// Whether nothing may be exchanged with a host.
///
/// # Errors
/// Internal.
pub fn is_suspended(c: &mut Conn, host: &str) -> Result<bool> {
    if host.is_empty() {
        return Ok(false);
    }
    Ok(rows::domain_blocks_among(c, &with_parents(host))?
        .iter()
        .any(|b| b.severity == Severity::Suspend.as_str()))
}

/// Which of these hosts are blocked, by severity: (suspended, silenced). One statement.
///
/// # Errors
/// Internal.
pub fn barred(c: &mut Conn, hosts: &HashSet<String>) -> Result<(HashSet<String>, HashSet<String>)> {
    let names: HashSet<String> =
        hosts.iter().filter(|h| !h.is_empty()).flat_map(|h| with_parents(h)).collect();
    let blocks = rows::domain_blocks_among(c, &names.into_iter().collect::<Vec<_>>())?;
    let (mut suspended, mut silenced) = (HashSet::new(), HashSet::new());
    for host in hosts.iter().filter(|h| !h.is_empty()) {
        let names = with_parents(host);
        for block in blocks.iter().filter(|b| names.contains(&b.host)) {
            if block.severity == Severity::Suspend.as_str() {
                suspended.insert(host.clone());
            } else {
                silenced.insert(host.clone());
            }
        }
    }
    Ok((suspended, silenced))
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
    let host = host_key(host).ok_or(Error::Refused(Refusal::DomainShape))?;
    if host == context_of(tx)?.urls.domain() {
        return Err(Error::Refused(Refusal::OwnDomain));
    }
    let row = DomainBlock {
        host: host.clone(),
        severity: severity.as_str().to_owned(),
        reject_media,
        public_comment: comment.chars().take(1_000).collect(),
        private_comment: String::new(),
        created_at: tx.now(),
    };
    rows::set_domain_block(tx, &row)?;
    tx.record(Event::DomainPolicyChanged)?;
    tx.notify("policy", 0);
    Ok(host)
}

/// Lifts a block; `false` when there was none.
///
/// # Errors
/// [`Refusal::DomainShape`].
pub fn unblock(tx: &mut Tx<'_>, host: &str) -> Result<bool> {
    let host = host_key(host).ok_or(Error::Refused(Refusal::DomainShape))?;
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
