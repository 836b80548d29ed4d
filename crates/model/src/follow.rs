//! Follows: their states and what a viewer's relationship to another account is made of.

use crate::time::Moment;

/// Where a follow stands. Stored as 0 or 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum FollowState {
    /// Asked; the other side has not answered.
    Requested,
    /// In force.
    Accepted,
}

impl FollowState {
    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Requested => 0,
            Self::Accepted => 1,
        }
    }

    /// From the number in the database.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        if code == 1 { Self::Accepted } else { Self::Requested }
    }
}

/// What one account has to do with another, as Mastodon's Relationship entity shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Relationship {
    /// Viewer follows them.
    pub following: bool,
    /// Viewer sees their boosts.
    pub showing_reblogs: bool,
    /// Viewer is told of each post.
    pub notifying: bool,
    /// Languages the viewer wants of them; empty is all.
    pub languages: Vec<String>,
    /// They follow the viewer.
    pub followed_by: bool,
    /// Viewer blocks them.
    pub blocking: bool,
    /// They block the viewer.
    pub blocked_by: bool,
    /// Viewer mutes them.
    pub muting: bool,
    /// Viewer mutes their notifications too.
    pub muting_notifications: bool,
    /// Until when; `None` is for ever.
    pub muting_expires_at: Option<Moment>,
    /// Viewer asked to follow.
    pub requested: bool,
    /// They asked to follow the viewer.
    pub requested_by: bool,
    /// Viewer blocks their whole server.
    pub domain_blocking: bool,
    /// Viewer recommends them on their profile.
    pub endorsed: bool,
    /// Viewer's private note on them.
    pub note: String,
}
