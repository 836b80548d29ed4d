//! Handles: which names an account may have, which are reserved, and when two look alike (threats V10, O12).
//!
//! Neighbours: `domain::accounts::register` asks these rules, `store::accounts` keeps the key and the skeleton unique.

use unicode_normalization::UnicodeNormalization;

use crate::refusal::Refusal;

/// Longest local username.
pub const LOCAL_MAX: usize = 30;
/// Longest remote username that we keep.
pub const REMOTE_MAX: usize = 64;

/// Names that would pass for the institution or for the machine, or that are paths of ours. Compared by skeleton.
const RESERVED: &[&str] = &[
    "about",
    "abuse",
    "account",
    "accounts",
    "admin",
    "administration",
    "administrator",
    "administrateur",
    "agglo",
    "alert",
    "alerts",
    "api",
    "assets",
    "auth",
    "city",
    "cityhall",
    "city_hall",
    "commune",
    "conseil",
    "contact",
    "council",
    "debate",
    "debates",
    "debat",
    "debats",
    "department",
    "departments",
    "elu",
    "elus",
    "everyone",
    "explore",
    "federation",
    "help",
    "healthz",
    "home",
    "hostmaster",
    "hotel_de_ville",
    "hoteldeville",
    "inbox",
    "info",
    "instance",
    "legal",
    "local",
    "login",
    "mairie",
    "maire",
    "mayor",
    "media",
    "metrics",
    "metropole",
    "mod",
    "moderation",
    "moderator",
    "moderators",
    "municipality",
    "municipal",
    "nodeinfo",
    "notice",
    "notices",
    "notifications",
    "oauth",
    "official",
    "officiel",
    "outbox",
    "parvis",
    "police",
    "police_municipale",
    "policemunicipale",
    "postmaster",
    "prefecture",
    "prefet",
    "privacy",
    "public",
    "readyz",
    "register",
    "root",
    "rules",
    "search",
    "security",
    "service",
    "services",
    "settings",
    "shared",
    "sign_in",
    "sign_up",
    "signin",
    "signup",
    "source",
    "staff",
    "streaming",
    "support",
    "sysadmin",
    "system",
    "tag",
    "tags",
    "team",
    "town",
    "townhall",
    "town_hall",
    "urgences",
    "users",
    "verified",
    "verify",
    "ville",
    "webmaster",
    "well_known",
    "www",
];

/// A local username in its one spelling: lower-case ASCII letters, digits and `_`.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Username(String);

impl Username {
    /// Checks the shape only: 1 to 30 of `a-z`, `0-9`, `_`, not all digits or underscores. Upper case is folded.
    ///
    /// # Errors
    /// [`Refusal::HandleShape`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let fits = !text.is_empty() && text.len() <= LOCAL_MAX;
        let shape = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && text.bytes().any(|b| b.is_ascii_alphabetic());
        if fits && shape { Ok(Self(text.to_ascii_lowercase())) } else { Err(Refusal::HandleShape) }
    }

    /// The same, and not a name that residents may not take.
    ///
    /// # Errors
    /// [`Refusal::HandleShape`], [`Refusal::HandleReserved`].
    pub fn for_resident(text: &str) -> Result<Self, Refusal> {
        let name = Self::parse(text)?;
        let mine = name.skeleton();
        if RESERVED.iter().any(|r| skeleton(r) == mine) { Err(Refusal::HandleReserved) } else { Ok(name) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it looks like; see [`skeleton`].
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton(&self.0)
    }
}

/// What a name looks like to a hurried reader: the UTS-39 skeleton of its lower case, then the pairs that plain ASCII confuses
/// (`rn`/`m`, `vv`/`w`, `0`/`o`, `1`/`l`/`i`, `5`/`s`), separators dropped. Two local accounts never share one.
#[must_use]
pub fn skeleton(name: &str) -> String {
    let lower: String =
        name.nfkc().flat_map(char::to_lowercase).filter(|c| !matches!(c, '_' | '-' | '.')).collect();
    let shape: String = unicode_security::skeleton(&lower).collect();
    shape
        .to_lowercase()
        .replace("rn", "m")
        .replace("vv", "w")
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' | 'ı' => 'l',
            '5' => 's',
            c => c,
        })
        .collect()
}

/// Whether a remote `preferredUsername` can be kept: `[A-Za-z0-9_.-]{1,64}` after NFC (threats O12).
#[must_use]
pub fn is_acceptable_remote(name: &str) -> bool {
    let name: String = name.nfc().take(REMOTE_MAX + 1).collect();
    !name.is_empty()
        && name.len() <= REMOTE_MAX
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
        && name.bytes().any(|b| b.is_ascii_alphanumeric())
}

/// `user` or `user@host`, as people type it, with or without a leading `@` or `acct:`.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Address {
    /// Lower-case username.
    pub username: String,
    /// Lower-case host with port, `None` for a local account.
    pub host: Option<String>,
}

impl Address {
    /// Reads an address; `our_domain` counts as local. The host must be a name with an optional port, in ASCII (punycode) form.
    #[must_use]
    pub fn parse(text: &str, our_domain: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("acct:").unwrap_or(text);
        let text = text.strip_prefix('@').unwrap_or(text);
        let (name, host) = text.split_once('@').map_or((text, None), |(n, h)| (n, Some(h)));
        if !is_acceptable_remote(name) {
            return None;
        }
        let host = match host {
            None => None,
            Some(h) => Some(crate::urls::host_key(h)?),
        };
        Some(Self { username: name.to_ascii_lowercase(), host: host.filter(|h| h != our_domain) })
    }

    /// `user` or `user@host`: Mastodon's `acct`.
    #[must_use]
    pub fn acct(&self) -> String {
        self.host.as_ref().map_or_else(|| self.username.clone(), |h| format!("{}@{h}", self.username))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v10_a_resident_cannot_take_the_name_of_the_institution_nor_one_that_looks_like_it() {
        for bad in [
            "mairie",
            "Mairie",
            "MAlRlE",
            "rnairie",
            "ma1rie",
            "mai_rie",
            "adm1n",
            "p0lice",
            "city_hall",
            "cityha11",
        ] {
            assert_eq!(Username::for_resident(bad), Err(Refusal::HandleReserved), "{bad}");
        }
        assert!(Username::for_resident("ana").is_ok());
    }

    #[test]
    fn v10_names_that_look_alike_share_a_skeleton() {
        assert_eq!(skeleton("paul"), skeleton("pau1"));
        assert_eq!(skeleton("аna"), skeleton("ana"), "cyrillic a");
        assert_ne!(skeleton("ana"), skeleton("anna"));
    }

    #[test]
    fn o12_hostile_remote_names_are_refused() {
        let long = "a".repeat(5_000);
        for bad in ["", "a/b", "a@b", "\u{202e}ana", "ana\u{200b}", "...", long.as_str(), "a b"] {
            assert!(!is_acceptable_remote(bad), "{bad:?}");
        }
        assert!(is_acceptable_remote("Ana.Maria-2_x"));
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let read = |t| Address::parse(t, "town.example").map(|a| a.acct());
        assert_eq!(read("@Ana@Town.example").as_deref(), Some("ana"));
        assert_eq!(read("acct:ana@other.example:8443").as_deref(), Some("ana@other.example:8443"));
        assert_eq!(read("ana").as_deref(), Some("ana"));
        assert_eq!(read("ana@"), None);
        assert_eq!(read("ana@evil.example/path"), None);
        assert_eq!(read("ana@user@evil"), None);
    }
}
