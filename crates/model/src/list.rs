//! Lists of accounts that people read apart from the rest: limits, and which answers a list shows.

/// Lists of one person (Mastodon's limit).
pub const LISTS_MAX: i64 = 50;
/// Characters of a title.
pub const TITLE_MAX: usize = 256;
/// Accounts in one list.
pub const MEMBERS_MAX: i64 = 1_000;
/// Accounts that one request may add.
pub const ADDED_AT_ONCE: usize = 100;

/// Which answers of members to somebody else a list shows; answers to its owner it always shows. Stored as 0 to 2, as Mastodon does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum RepliesPolicy {
    /// Answers to members of the list.
    #[default]
    List,
    /// Answers to anybody whom the owner follows.
    Followed,
    /// None.
    None,
}

impl RepliesPolicy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::List, Self::Followed, Self::None];

    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::List => 0,
            Self::Followed => 1,
            Self::None => 2,
        }
    }

    /// From the number; anything unknown shows least.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        match code {
            0 => Self::List,
            1 => Self::Followed,
            _ => Self::None,
        }
    }

    /// Mastodon's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Followed => "followed",
            Self::None => "none",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }
}
