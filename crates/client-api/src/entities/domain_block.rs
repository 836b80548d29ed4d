//! DomainBlock: what everybody sees of a blocked server. Source: <https://docs.joinmastodon.org/entities/DomainBlock/>.

use parvis_domain::rows::DomainBlock;
use parvis_domain::secrets;
use serde_json::{Value, json};

/// SHA-256 of a domain, so that one that is obfuscated can be recognised by who knows it.
#[must_use]
pub fn digest(host: &str) -> String {
    secrets::hash(host)
}

/// Renders a block for everybody.
#[must_use]
pub fn domain_block(row: &DomainBlock) -> Value {
    json!({
        "domain": if row.obfuscate { obfuscated(&row.host) } else { row.host.clone() },
        "digest": digest(&row.host),
        "severity": row.severity,
        "comment": Some(&row.public_comment).filter(|c| !c.is_empty()),
    })
}

/// Stars for the middle half of a name; dots stay (as Mastodon).
fn obfuscated(host: &str) -> String {
    let length = host.chars().count();
    let quarter = length / 4;
    let hidden = quarter..length.saturating_sub(quarter);
    host.chars().enumerate().map(|(n, c)| if hidden.contains(&n) && c != '.' { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_obfuscated_name_keeps_its_ends_and_dots() {
        assert_eq!(obfuscated("evil.example"), "evi*.****ple");
    }
}
