//! OAuth scopes of the client API: what a token may do. The table of routes that uses them is in `client-api::access`.
//! Source: Mastodon's OAuth scopes documentation.

use std::collections::BTreeSet;
use std::fmt;

/// Every scope that may be asked for.
pub const KNOWN: &[&str] = &[
    "profile",
    "read",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:collections",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:collections",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "follow",
    "push",
    "admin:read",
    "admin:read:accounts",
    "admin:read:reports",
    "admin:read:domain_allows",
    "admin:read:domain_blocks",
    "admin:read:ip_blocks",
    "admin:read:email_domain_blocks",
    "admin:read:canonical_email_blocks",
    "admin:write",
    "admin:write:accounts",
    "admin:write:reports",
    "admin:write:domain_allows",
    "admin:write:domain_blocks",
    "admin:write:ip_blocks",
    "admin:write:email_domain_blocks",
    "admin:write:canonical_email_blocks",
];

/// A set of scopes, printed in the order of [`KNOWN`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scopes(BTreeSet<&'static str>);

impl Scopes {
    /// Reads scopes separated by blanks or `+`; an unknown one is an error that names it.
    ///
    /// # Errors
    /// The unknown scope.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split([' ', '+', ',', '\n'])
            .filter(|s| !s.is_empty())
            .map(|s| KNOWN.iter().find(|k| **k == s).copied().ok_or_else(|| s.chars().take(40).collect()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether a token with these scopes may do what needs `needed`: itself, its family (`write` for `write:media`), or `follow`,
    /// which stands for reading and writing follows, blocks and mutes.
    #[must_use]
    pub fn allow(&self, needed: &str) -> bool {
        if self.0.contains(needed) {
            return true;
        }
        // `admin:read:accounts` is of the family `admin:read`, and `admin` alone is no scope: `read` never opens what is for staff.
        let family = needed.rsplit_once(':').is_some_and(|(f, _)| self.0.contains(f));
        let by_follow = matches!(
            needed,
            "read:follows" | "write:follows" | "read:blocks" | "write:blocks" | "read:mutes" | "write:mutes"
        ) && self.0.contains("follow");
        family || by_follow
    }

    /// Whether every scope here is covered by `granted` (threats A4: never more than was registered).
    #[must_use]
    pub fn is_within(&self, granted: &Self) -> bool {
        self.0.iter().all(|s| granted.allow(s))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes, one by one.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> + '_ {
        KNOWN.iter().copied().filter(|k| self.0.contains(k))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        Scopes::parse(text).expect("known scopes")
    }

    #[test]
    fn a4_a_family_covers_its_members_and_nothing_else() {
        assert!(scopes("read").allow("read:statuses"));
        assert!(!scopes("read").allow("write:statuses"));
        assert!(!scopes("read:statuses").allow("read"));
        assert!(scopes("follow").allow("write:blocks"));
        assert!(!scopes("follow").allow("write:statuses"));
        assert!(!scopes("read write").allow("admin:read"));
    }

    #[test]
    fn a4_scopes_for_staff_are_a_family_of_their_own() {
        assert!(scopes("admin:read").allow("admin:read:accounts"));
        assert!(!scopes("admin:read").allow("admin:write:accounts"));
        assert!(!scopes("admin:read:accounts").allow("admin:read"));
        assert!(!scopes("admin:read:accounts").allow("admin:read:reports"));
        for needed in KNOWN.iter().filter(|k| k.starts_with("admin")) {
            assert!(
                !scopes("read write follow push profile read:accounts write:accounts").allow(needed),
                "{needed}"
            );
        }
    }

    #[test]
    fn all_scopes_together_fit_into_their_column() {
        assert!(KNOWN.join(" ").len() <= 1_000, "oauth_apps.scopes");
    }

    #[test]
    fn a4_asked_scopes_stay_within_the_registered_ones() {
        assert!(scopes("read:accounts").is_within(&scopes("read")));
        assert!(!scopes("read write").is_within(&scopes("read")));
        assert_eq!(Scopes::parse("read everything"), Err("everything".to_owned()));
        assert_eq!(scopes("write+read").to_string(), "read write");
    }
}
