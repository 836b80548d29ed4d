//! Quoting posts: who may, and how far a quote has come. The one rule is [`may_quote`]; `domain::quotes` feeds it. Source: FEP-044f
//! (<https://codeberg.org/fediverse/fep/src/branch/main/fep/044f/fep-044f.md>), and Mastodon's words for it.

use serde::{Deserialize, Serialize};

use crate::visibility::Visibility;

/// How far a quote has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum QuoteState {
    /// The quoted author has not answered.
    Pending,
    /// They allow it, or quote themselves.
    Accepted,
    /// They said no.
    Rejected,
    /// They allowed it and took that back.
    Revoked,
}

impl QuoteState {
    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Pending => 0,
            Self::Accepted => 1,
            Self::Rejected => 2,
            Self::Revoked => 3,
        }
    }

    /// From the number; anything unknown is not allowed.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        match code {
            0 => Self::Pending,
            1 => Self::Accepted,
            2 => Self::Rejected,
            _ => Self::Revoked,
        }
    }
}

/// Groups of people, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default, Serialize, Deserialize)]
pub struct Groups(pub i16);

impl Groups {
    /// Nobody.
    pub const NOBODY: Self = Self(0);
    /// A group that we do not know.
    pub const UNKNOWN: Self = Self(1);
    /// Everybody.
    pub const PUBLIC: Self = Self(2);
    /// Those who follow the author.
    pub const FOLLOWERS: Self = Self(4);
    /// Those whom the author follows.
    pub const FOLLOWING: Self = Self(8);

    const NAMES: [(Self, &'static str); 4] = [
        (Self::UNKNOWN, "unsupported_policy"),
        (Self::PUBLIC, "public"),
        (Self::FOLLOWERS, "followers"),
        (Self::FOLLOWING, "following"),
    ];

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the groups of `other` are among these.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0 && other.0 != 0
    }

    /// Mastodon's words.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        Self::NAMES.iter().filter(|(group, _)| self.has(*group)).map(|(_, name)| *name).collect()
    }
}

/// Who may quote a post.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default, Serialize, Deserialize)]
pub struct QuotePolicy {
    /// Whose quotes are allowed at once.
    pub automatic: Groups,
    /// Whose quotes the author looks at.
    pub manual: Groups,
}

impl QuotePolicy {
    /// Only the author.
    pub const NOBODY: Self = Self { automatic: Groups::NOBODY, manual: Groups::NOBODY };
    /// Everybody.
    pub const PUBLIC: Self = Self { automatic: Groups::PUBLIC, manual: Groups::NOBODY };
    /// Followers.
    pub const FOLLOWERS: Self = Self { automatic: Groups::FOLLOWERS, manual: Groups::NOBODY };

    /// What people here may choose, in Mastodon's words.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "public" => Some(Self::PUBLIC),
            "followers" => Some(Self::FOLLOWERS),
            "nobody" => Some(Self::NOBODY),
            _ => None,
        }
    }

    /// A default as it is stored.
    #[must_use]
    pub const fn from_default(code: i16) -> Self {
        Self { automatic: Groups(code), manual: Groups::NOBODY }
    }

    /// The word of what people here may choose.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self.automatic {
            Groups::PUBLIC => "public",
            Groups::FOLLOWERS => "followers",
            _ => "nobody",
        }
    }

    /// What holds for a post: one for few can be quoted by its author only.
    #[must_use]
    pub const fn of_post(self, visibility: Visibility) -> Self {
        if visibility.is_for_everybody() { self } else { Self::NOBODY }
    }
}

/// What somebody who wants to quote a post can expect.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Permission {
    /// It is allowed at once.
    Automatic,
    /// The author decides.
    Manual,
    /// The policy names groups that we do not know.
    Unknown,
    /// It will not be allowed.
    Denied,
}

impl Permission {
    /// Mastodon's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Manual => "manual",
            Self::Unknown => "unknown",
            Self::Denied => "denied",
        }
    }
}

/// What is known of somebody in relation to the author of a post that they may see.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Quoter {
    /// Wrote it.
    pub is_author: bool,
    /// Follows the author.
    pub is_follower: bool,
    /// Is followed by the author.
    pub is_followed: bool,
}

/// Whether somebody may quote a post that they may see. `None` is somebody not signed in.
#[must_use]
pub const fn may_quote(visibility: Visibility, policy: QuotePolicy, who: Option<Quoter>) -> Permission {
    let Some(who) = who else { return Permission::Denied };
    // What was said to a few by name is repeated by nobody.
    if matches!(visibility, Visibility::Direct) {
        return Permission::Denied;
    }
    if who.is_author {
        return Permission::Automatic;
    }
    if !visibility.is_for_everybody() {
        return Permission::Denied;
    }
    if holds(policy.automatic, who) {
        return Permission::Automatic;
    }
    if holds(policy.manual, who) {
        return Permission::Manual;
    }
    if policy.automatic.and(policy.manual).has(Groups::UNKNOWN) {
        Permission::Unknown
    } else {
        Permission::Denied
    }
}

const fn holds(groups: Groups, who: Quoter) -> bool {
    groups.has(Groups::PUBLIC)
        || (groups.has(Groups::FOLLOWERS) && who.is_follower)
        || (groups.has(Groups::FOLLOWING) && who.is_followed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_quote_is_what_the_author_chose() {
        let nobody = Quoter::default();
        let follower = Quoter { is_follower: true, ..nobody };
        let author = Quoter { is_author: true, ..nobody };
        let asked =
            |policy| [nobody, follower, author].map(|who| may_quote(Visibility::Public, policy, Some(who)));
        use Permission::{Automatic, Denied, Manual, Unknown};
        assert_eq!(asked(QuotePolicy::PUBLIC), [Automatic; 3]);
        assert_eq!(asked(QuotePolicy::FOLLOWERS), [Denied, Automatic, Automatic]);
        assert_eq!(asked(QuotePolicy::NOBODY), [Denied, Denied, Automatic]);
        let slow = QuotePolicy { automatic: Groups::FOLLOWERS, manual: Groups::PUBLIC };
        assert_eq!(asked(slow), [Manual, Automatic, Automatic]);
        let strange = QuotePolicy { automatic: Groups::UNKNOWN, manual: Groups::NOBODY };
        assert_eq!(asked(strange), [Unknown, Unknown, Automatic]);
        assert_eq!(may_quote(Visibility::Public, QuotePolicy::PUBLIC, None), Denied);
    }

    #[test]
    fn a_post_for_few_is_quoted_by_its_author_only_and_a_direct_one_by_nobody() {
        let anybody = Some(Quoter { is_follower: true, is_followed: true, is_author: false });
        let author = Some(Quoter { is_author: true, ..Quoter::default() });
        let policy = QuotePolicy::PUBLIC;
        assert_eq!(may_quote(Visibility::Private, policy, anybody), Permission::Denied);
        assert_eq!(may_quote(Visibility::Private, policy, author), Permission::Automatic);
        assert_eq!(may_quote(Visibility::Direct, policy, author), Permission::Denied);
        assert_eq!(policy.of_post(Visibility::Private), QuotePolicy::NOBODY);
        assert_eq!(policy.of_post(Visibility::Unlisted), policy);
    }

    #[test]
    fn words_and_numbers_go_back_and_forth() {
        for word in ["public", "followers", "nobody"] {
            let policy = QuotePolicy::parse(word).unwrap();
            assert_eq!(policy.as_str(), word);
            assert_eq!(QuotePolicy::from_default(policy.automatic.0), policy);
        }
        assert_eq!(QuotePolicy::parse("everybody"), None);
        for state in [QuoteState::Pending, QuoteState::Accepted, QuoteState::Rejected, QuoteState::Revoked] {
            assert_eq!(QuoteState::from_code(state.code()), state);
        }
        assert_eq!(Groups::PUBLIC.and(Groups::FOLLOWING).names(), ["public", "following"]);
    }
}
