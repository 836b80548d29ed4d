//! Reports, what staff can decide about somebody, and answers to that: words and limits. Rows are in `store::{reports, strikes, audit}`, use cases in
//! `domain::moderation`. Words are Mastodon's.

use crate::time::DAY;

/// Characters of a report that is written here.
pub const COMMENT_MAX: usize = 1_000;
/// Characters of a report from another server that are kept.
pub const REMOTE_COMMENT_MAX: usize = 5_000;
/// Posts that one report shows.
pub const REPORTED_POSTS_MAX: usize = 50;
/// Rules that one report names.
pub const REPORTED_RULES_MAX: usize = 30;
/// Reports that one person writes in a day, and that one server sends.
pub const REPORTS_A_DAY: i64 = 100;
/// Characters of what staff write to somebody with a decision.
pub const STRIKE_TEXT_MAX: usize = 5_000;
/// Characters of an appeal.
pub const APPEAL_MAX: usize = 2_000;
/// How long somebody can appeal, in milliseconds.
pub const APPEAL_WITHIN: i64 = 20 * DAY;

/// What a report is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum Category {
    /// Malicious links, fake engagement, repeated answers.
    Spam,
    /// Against the law.
    Legal,
    /// Against rules of the house, which the report names.
    Violation,
    /// Anything else.
    #[default]
    Other,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Spam, Self::Legal, Self::Violation, Self::Other];

    /// Mastodon's word, also the text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Legal => "legal",
            Self::Violation => "violation",
            Self::Other => "other",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == text)
    }
}

/// What staff decide about an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Action {
    /// A warning and nothing more.
    None,
    /// All pictures are hidden behind a warning.
    Sensitive,
    /// The owner cannot sign in.
    Disable,
    /// Only followers see the posts.
    Silence,
    /// Nobody sees anything.
    Suspend,
}

impl Action {
    /// All of them, the mildest first.
    pub const ALL: [Self; 5] = [Self::None, Self::Sensitive, Self::Disable, Self::Silence, Self::Suspend];

    /// Mastodon's word, also the text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Sensitive => "sensitive",
            Self::Disable => "disable",
            Self::Silence => "silence",
            Self::Suspend => "suspend",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_what_they_were() {
        assert!(Category::ALL.into_iter().all(|c| Category::parse(c.as_str()) == Some(c)));
        assert!(Action::ALL.into_iter().all(|a| Action::parse(a.as_str()) == Some(a)));
        assert_eq!(Action::parse("unsilence"), None);
    }
}
