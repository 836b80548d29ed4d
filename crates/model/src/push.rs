//! Web push: which notifications somebody wants on a device, and of whom. Kept by `domain::push`, sent by a job.

use crate::notification::NotificationKind;

/// The kinds of which a device can be told.
pub const PUSHED: [NotificationKind; 12] = [
    NotificationKind::Mention,
    NotificationKind::Quote,
    NotificationKind::Status,
    NotificationKind::Reblog,
    NotificationKind::Follow,
    NotificationKind::FollowRequest,
    NotificationKind::Favourite,
    NotificationKind::Poll,
    NotificationKind::Update,
    NotificationKind::QuotedUpdate,
    NotificationKind::AdminSignUp,
    NotificationKind::AdminReport,
];

/// The kinds of which a device is told. In the database their words with blanks between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alerts(Vec<NotificationKind>);

impl Alerts {
    /// Those of [`PUSHED`] that are wanted.
    #[must_use]
    pub fn of(is_wanted: impl Fn(NotificationKind) -> bool) -> Self {
        Self(PUSHED.into_iter().filter(|k| is_wanted(*k)).collect())
    }

    /// From the text in the database.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::of(|kind| text.split_whitespace().any(|w| w == kind.as_str()))
    }

    /// Whether a kind is wanted.
    #[must_use]
    pub fn want(&self, kind: NotificationKind) -> bool {
        self.0.contains(&kind)
    }
}

impl std::fmt::Display for Alerts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|k| k.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

/// Of whom a device is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PushPolicy {
    /// Of everybody.
    #[default]
    All,
    /// Of those whom the owner follows.
    Followed,
    /// Of those who follow the owner.
    Follower,
    /// Of nobody.
    Nobody,
}

impl PushPolicy {
    /// Mastodon's word, also the text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Followed => "followed",
            Self::Follower => "follower",
            Self::Nobody => "none",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::All, Self::Followed, Self::Follower, Self::Nobody].into_iter().find(|p| p.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_survive_the_database_and_know_what_can_be_pushed() {
        let alerts = Alerts::of(|k| {
            matches!(
                k,
                NotificationKind::Mention
                    | NotificationKind::AdminReport
                    | NotificationKind::ModerationWarning
            )
        });
        assert_eq!(alerts.to_string(), "mention admin.report");
        assert_eq!(Alerts::parse(&alerts.to_string()), alerts);
        assert!(alerts.want(NotificationKind::Mention) && !alerts.want(NotificationKind::Follow));
        assert_eq!(Alerts::parse("nonsense"), Alerts::default());
    }
}
