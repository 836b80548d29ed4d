//! Who a post is for, and the one rule that decides who may see it (threats rule 0.3). `domain::access` feeds it, every door relies on it.

use serde::{Deserialize, Serialize};

/// Mastodon's four visibilities. Ordered from widest to narrowest; stored as 0 to 3.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// For everybody, in public timelines.
    #[default]
    Public,
    /// For everybody, not in public timelines.
    Unlisted,
    /// For followers and those mentioned.
    Private,
    /// For those mentioned.
    Direct,
}

impl Visibility {
    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Public => 0,
            Self::Unlisted => 1,
            Self::Private => 2,
            Self::Direct => 3,
        }
    }

    /// From the number; anything unknown is read as the narrowest.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        match code {
            0 => Self::Public,
            1 => Self::Unlisted,
            2 => Self::Private,
            _ => Self::Direct,
        }
    }

    /// Mastodon's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Public, Self::Unlisted, Self::Private, Self::Direct].into_iter().find(|v| v.as_str() == text)
    }

    /// Whether everybody may see it.
    #[must_use]
    pub const fn is_for_everybody(self) -> bool {
        matches!(self, Self::Public | Self::Unlisted)
    }
}

/// What is known of a viewer in relation to one post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// Wrote it.
    pub is_author: bool,
    /// Is mentioned in it.
    pub is_mentioned: bool,
    /// Follows its author (accepted).
    pub is_follower: bool,
    /// One of the two has blocked the other, or the viewer blocked the author's whole server.
    pub is_blocked: bool,
    /// The author is suspended or their server is blocked by the town.
    pub is_author_barred: bool,
}

/// Whether a viewer may see a post. `None` is somebody not signed in.
#[must_use]
pub const fn may_see(visibility: Visibility, viewer: Option<Relation>) -> bool {
    let Some(relation) = viewer else { return visibility.is_for_everybody() };
    if relation.is_author_barred {
        return false;
    }
    if relation.is_author {
        return true;
    }
    if relation.is_blocked {
        return false;
    }
    match visibility {
        Visibility::Public | Visibility::Unlisted => true,
        Visibility::Private => relation.is_follower || relation.is_mentioned,
        Visibility::Direct => relation.is_mentioned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_visibility_is_seen_by_whom_it_is_for() {
        let nobody = Relation::default();
        let follower = Relation { is_follower: true, ..nobody };
        let mentioned = Relation { is_mentioned: true, ..nobody };
        let seen = |v| [None, Some(nobody), Some(follower), Some(mentioned)].map(|r| may_see(v, r));
        assert_eq!(seen(Visibility::Public), [true; 4]);
        assert_eq!(seen(Visibility::Unlisted), [true; 4]);
        assert_eq!(seen(Visibility::Private), [false, false, true, true]);
        assert_eq!(seen(Visibility::Direct), [false, false, false, true]);
    }

    #[test]
    fn o14_a_block_hides_even_public_posts_and_barred_authors_are_gone() {
        let blocked =
            Relation { is_blocked: true, is_follower: true, is_mentioned: true, ..Relation::default() };
        assert!(!may_see(Visibility::Public, Some(blocked)));
        let barred = Relation { is_author_barred: true, is_author: true, ..Relation::default() };
        assert!(!may_see(Visibility::Public, Some(barred)));
    }
}
