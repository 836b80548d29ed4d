//! How hard a network is kept out. Rows are in `store::barriers`, rules in `domain::barriers`.

/// How hard a block of a network is. Ordered: each does what those before it do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum NetworkSeverity {
    /// Staff look at each who signs up.
    SignUpRequiresApproval,
    /// Nobody signs up.
    SignUpBlock,
    /// Nobody comes in at all.
    NoAccess,
}

impl NetworkSeverity {
    /// All of them, the mildest first.
    pub const ALL: [Self; 3] = [Self::SignUpRequiresApproval, Self::SignUpBlock, Self::NoAccess];

    /// Mastodon's word, also the text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignUpRequiresApproval => "sign_up_requires_approval",
            Self::SignUpBlock => "sign_up_block",
            Self::NoAccess => "no_access",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}
