//! What an account is told about. Written by `domain::notifications`, shown by the client API and the stream.

use crate::ids::{NotificationId, StatusId};
use crate::time::{HOUR, Moment};

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

/// Hours that a group spans (Mastodon's).
const GROUP_HOURS: i64 = 12;
/// Notifications of one group; then another begins.
pub const GROUP_MAX: usize = 200;

impl NotificationKind {
    /// Whether notifications of this kind about the same thing show as one.
    #[must_use]
    pub const fn is_groupable(self) -> bool {
        matches!(self, Self::Favourite | Self::Reblog | Self::Follow | Self::AdminSignUp)
    }

    /// Whether a policy may hold it back: what somebody asked for, is about the account itself or comes from staff's work never is.
    #[must_use]
    pub const fn is_filterable(self) -> bool {
        !matches!(
            self,
            Self::Status
                | Self::Poll
                | Self::Update
                | Self::QuotedUpdate
                | Self::SeveredRelationships
                | Self::ModerationWarning
                | Self::AdminSignUp
                | Self::AdminReport
        )
    }
}

/// What a new notification of a groupable kind is grouped by. `previous` is the group of the latest one of the same kind about the same thing, and
/// how many it has. A group spans half a day and has at most [`GROUP_MAX`] notifications. At most 70 characters.
#[must_use]
pub fn group_key(
    kind: NotificationKind,
    status: Option<StatusId>,
    id: NotificationId,
    now: Moment,
    previous: Option<(&str, usize)>,
) -> String {
    let subject = status.map(|s| format!("-{s}")).unwrap_or_default();
    let prefix = format!("{}{subject}-", kind.as_str());
    let hour = now.0.div_euclid(HOUR);
    let Some((key, size)) = previous else { return format!("{prefix}{hour}") };
    let begun = key.strip_prefix(&prefix).and_then(|rest| rest.split('-').next()?.parse::<i64>().ok());
    match begun {
        Some(begun) if hour < begun + GROUP_HOURS && size < GROUP_MAX => key.to_owned(),
        // Full within its time: the id makes another one.
        Some(begun) if hour < begun + GROUP_HOURS => format!("{prefix}{hour}-{id}"),
        _ => format!("{prefix}{hour}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_to_a_post_within_half_a_day_is_one_group() {
        let post = Some(StatusId(7));
        let (id, start) = (NotificationId(99), Moment(1_000 * HOUR + 5));
        let key = |now, previous| group_key(NotificationKind::Favourite, post, id, now, previous);
        let first = key(start, None);
        assert_eq!(first, "favourite-7-1000");
        assert_eq!(key(start.plus(11 * HOUR), Some((&first, 1))), first);
        assert_eq!(key(start.plus(12 * HOUR), Some((&first, 1))), "favourite-7-1012");
        let full = key(start.plus(HOUR), Some((&first, GROUP_MAX)));
        assert_eq!(full, "favourite-7-1001-99");
        assert_eq!(key(start.plus(2 * HOUR), Some((&full, 1))), full);
        assert_eq!(group_key(NotificationKind::Follow, None, id, start, None), "follow-1000");
        assert_eq!(key(start, Some(("nonsense", 1))), "favourite-7-1000");
    }
}
