//! E-mail addresses as people give them when they sign up (threats A7): one plain `local@domain`, compared
//! after parsing. Names beside addresses, quoted local parts, comments, address literals and lists, all of which
//! the standard knows and tricks are made of, are not addresses here.

use std::{fmt, str::FromStr};

/// The longest local part, in bytes (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;
/// The longest address, in bytes (RFC 5321 §4.5.3.1.3, without the angle brackets).
const MAX_BYTES: usize = 254;

/// One address. Equal and ordered as it was given; use [`Address::key`] to ask whether it is known already.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    local: String,
    domain: String,
}

/// A text that is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not an e-mail address. Give one address like ana@example.org, without a name.")]
pub struct NotAnAddress;

impl Address {
    /// The part before `@`, as it was given.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain in lower case and in its ASCII form (`xn--…`).
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// What makes an address unique: all of it in lower case. Mail servers that tell `Ana@` from `ana@` hardly
    /// exist; people who type one for the other do.
    pub fn key(&self) -> String {
        format!("{}@{}", self.local.to_ascii_lowercase(), self.domain)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.local, self.domain)
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        address(text)
    }
}

/// Parses an address. White space around it is not forgiven; forms may trim.
///
/// # Errors
/// [`NotAnAddress`] for everything that is not a dot-atom (RFC 5322 §3.2.3) of at most 64 bytes, one `@` and a
/// domain name.
pub fn address(text: &str) -> Result<Address, NotAnAddress> {
    let (local, domain) = text.split_once('@').ok_or(NotAnAddress)?;
    let domain = domain_name(domain).ok_or(NotAnAddress)?;
    if !is_dot_atom(local) || local.len() > MAX_LOCAL_BYTES || local.len() + 1 + domain.len() > MAX_BYTES {
        return Err(NotAnAddress);
    }
    Ok(Address { local: local.to_owned(), domain })
}

fn is_dot_atom(local: &str) -> bool {
    let atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext))
}

/// The ASCII form of a domain name; `None` for address literals, IPv4 addresses and whatever DNS cannot hold.
fn domain_name(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let label = |label: &str| {
        let inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(inside) && !label.starts_with('-') && !label.ends_with('-')
    };
    let last_is_number = ascii.rsplit('.').next()?.bytes().all(|byte| byte.is_ascii_digit());
    (ascii.split('.').all(label) && !last_is_number).then(|| ascii.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_addresses() {
        for text in [
            "ana@town.example",
            "a.b+c_d-e@x.y.example",
            "o'neil@localhost",
            "1@town-a.localhost",
            "a@1a.example",
        ] {
            assert_eq!(address(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a7_one_plain_address_and_nothing_else() {
        for text in [
            "",
            "@",
            "ana",
            "ana@",
            "@town.example",
            "Ana <ana@town.example>",
            "<ana@town.example>",
            "ana@town.example,eve@evil.example",
            "ana@town.example eve@evil.example",
            "ana@town.example;eve@evil.example",
            "ana@evil.example@town.example",
            "\"ana@evil.example\"@town.example",
            "\"ana\"@town.example",
            "ana(comment)@town.example",
            "ana@town.example(comment)",
            "ana@[127.0.0.1]",
            "ana@127.0.0.1",
            "ana@[IPv6:::1]",
            "ana@0x7f.1",
            ".ana@town.example",
            "ana.@town.example",
            "a..b@town.example",
            " ana@town.example",
            "ana@town.example ",
            "ana@town.example\n",
            "ana@town.example\r\nBcc: eve@evil.example",
            "an\0a@town.example",
            "ana\t@town.example",
            "ana@town_hall.example",
            "ana@-town.example",
            "ana@town..example",
            "ana@.example",
            "ana@town.example.",
            "ana@town%2Eexample",
            "ana@town.example:25",
            "ana@town.example/x",
            "añá@town.example",
            "ana@xn--a.example",
            "ana\u{202E}@town.example",
            "ana@to\u{200B}.\u{2066}example",
            "ana@ex!mple.org",
        ] {
            assert_eq!(address(text), Err(NotAnAddress), "{text:?}");
        }
    }

    #[test]
    fn a7_addresses_are_compared_after_parsing() {
        let key = |text: &str| address(text).unwrap().key();
        assert_eq!(key("Ana@Town.EXAMPLE"), "ana@town.example");
        assert_eq!(key("ana@MÜNCHEN.example"), "ana@xn--mnchen-3ya.example");
        assert_eq!(key("ana@münchen.example"), key("ANA@xn--mnchen-3ya.example"));
        assert_eq!(key("ana@ｔown。example"), "ana@town.example", "full-width letters and dots are the same");
        assert_ne!(key("ana+x@town.example"), key("ana@town.example"), "a mailbox of its own to its server");
        assert_eq!(address("Ana@Town.EXAMPLE").unwrap().to_string(), "Ana@town.example");
    }

    #[test]
    fn a7_lengths_are_those_of_the_standard() {
        let local = "a".repeat(MAX_LOCAL_BYTES);
        assert!(address(&format!("{local}@town.example")).is_ok());
        assert!(address(&format!("{local}a@town.example")).is_err());
        let domain = |labels: usize| format!("{}.example", vec!["a".repeat(60); labels].join("."));
        assert!(address(&format!("ana@{}", domain(3))).is_ok());
        assert!(address(&format!("ana@{}", domain(5))).is_err());
        assert!(address(&format!("{local}@{}", domain(4))).is_err(), "too long together");
        assert!(address(&format!("a@{}.example", "a".repeat(64))).is_err());
        assert!(address(&"a".repeat(500_000)).is_err());
    }
}
