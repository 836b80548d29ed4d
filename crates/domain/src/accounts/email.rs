//! E-mail addresses as people type them: strict, one address, compared after reading (threats A7). Sending is in `parvis-mail`.

use parvis_model::refusal::Refusal;

/// An address that letters can be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// As typed, the domain in its ASCII form.
    pub address: String,
    /// What it is compared by: lower case.
    pub key: String,
}

impl Email {
    /// Reads one bare address (RFC 5321 §4.1.2: dot-atom and domain name; no quotes, comments, lists, address literals).
    ///
    /// # Errors
    /// [`Refusal::EmailUnusable`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        read(text.trim()).ok_or(Refusal::EmailUnusable)
    }
}

fn read(text: &str) -> Option<Email> {
    let (local, domain) = text.split_once('@')?;
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    if local.len() > 64 || !local.split('.').all(is_atom) || domain.contains(':') {
        return None;
    }
    let domain = parvis_model::urls::host_key(domain).filter(|d| !d.ends_with('.'))?;
    let address = format!("{local}@{domain}");
    (address.len() <= 254).then(|| Email { key: address.to_lowercase(), address })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a7_only_one_bare_address_is_read() {
        for bad in [
            "",
            "ana",
            "@town.example",
            "ana@",
            "ana@town.example,ben@town.example",
            "ana@town.example ben@town.example",
            "Ana <ana@town.example>",
            "\"ana@a\"@town.example",
            "ana@town.example\r\nBcc: ben@town.example",
            "ana(comment)@town.example",
            "ana@[127.0.0.1]",
            "ana@127.0.0.1",
            "ana@town.example:25",
            "ana@town.example@evil.example",
            ".ana@town.example",
            "an..a@town.example",
            "ana@town.example.",
        ] {
            assert_eq!(Email::parse(bad), Err(Refusal::EmailUnusable), "{bad:?}");
        }
    }

    #[test]
    fn a7_addresses_are_compared_after_reading() {
        let one = Email::parse(" Ana@Bücher.Example ").expect("an address");
        let other = Email::parse("ana@xn--bcher-kva.example").expect("an address");
        assert_eq!(one.key, other.key);
        assert_eq!(one.address, "Ana@xn--bcher-kva.example");
    }
}
