//! What an account is told about. Written by `domain::notifications`, shown by the client API and the stream.

/// Kinds of notification, with Mastodon's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum NotificationKind {
    /// Somebody mentioned them.
    Mention,
    /// Somebody they follow with the bell posted.
    Status,
    /// Somebody boosted their post.
    Reblog,
    /// Somebody follows them.
    Follow,
    /// Somebody asks to follow them.
    FollowRequest,
    /// Somebody favourited their post.
    Favourite,
    /// A post they boosted was edited.
    Update,
}

impl NotificationKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Mention,
        Self::Status,
        Self::Reblog,
        Self::Follow,
        Self::FollowRequest,
        Self::Favourite,
        Self::Update,
    ];

    /// Mastodon's word, also the text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Status => "status",
            Self::Reblog => "reblog",
            Self::Follow => "follow",
            Self::FollowRequest => "follow_request",
            Self::Favourite => "favourite",
            Self::Update => "update",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}
