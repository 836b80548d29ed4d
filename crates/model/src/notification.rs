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
    /// A poll ended in which they voted, or that they made.
    Poll,
    /// A post they boosted was edited.
    Update,
    /// Somebody quoted their post.
    Quote,
    /// A post they quoted was edited.
    QuotedUpdate,
    /// Follows of theirs ended because of what the town or they decided.
    SeveredRelationships,
    /// The moderators did something about their account.
    ModerationWarning,
    /// Somebody signed up (for staff).
    AdminSignUp,
    /// Somebody was reported (for staff).
    AdminReport,
}

impl NotificationKind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::Mention,
        Self::Status,
        Self::Reblog,
        Self::Follow,
        Self::FollowRequest,
        Self::Favourite,
        Self::Poll,
        Self::Update,
        Self::Quote,
        Self::QuotedUpdate,
        Self::SeveredRelationships,
        Self::ModerationWarning,
        Self::AdminSignUp,
        Self::AdminReport,
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
            Self::Poll => "poll",
            Self::Update => "update",
            Self::Quote => "quote",
            Self::QuotedUpdate => "quoted_update",
            Self::SeveredRelationships => "severed_relationships",
            Self::ModerationWarning => "moderation_warning",
            Self::AdminSignUp => "admin.sign_up",
            Self::AdminReport => "admin.report",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}
