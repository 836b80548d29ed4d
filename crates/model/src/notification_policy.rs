//! What happens with notifications of people whom their receiver does not know: told, held back until looked at, or not written. Applied by
//! `domain::notifications::policy`.

/// What happens with a notification; the later the stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Told.
    #[default]
    Accept,
    /// Written, and held back until its receiver looks at it.
    Filter,
    /// Not written.
    Drop,
}

impl Verdict {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Accept, Self::Filter, Self::Drop];

    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Accept => 0,
            Self::Filter => 1,
            Self::Drop => 2,
        }
    }

    /// From the number in the database.
    #[must_use]
    pub fn from_code(code: i16) -> Self {
        Self::ALL.into_iter().find(|v| v.code() == code).unwrap_or_default()
    }

    /// Mastodon's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Filter => "filter",
            Self::Drop => "drop",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.as_str() == text)
    }
}

/// What somebody wants of strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotificationPolicy {
    /// Of whom the receiver does not follow.
    pub for_not_following: Verdict,
    /// Of who does not follow the receiver, or not for long.
    pub for_not_followers: Verdict,
    /// Of accounts that are new.
    pub for_new_accounts: Verdict,
    /// Of private mentions that answer nothing.
    pub for_private_mentions: Verdict,
    /// Of accounts that the town limits.
    pub for_limited_accounts: Verdict,
}

impl Default for NotificationPolicy {
    /// Mastodon's.
    fn default() -> Self {
        Self {
            for_not_following: Verdict::Accept,
            for_not_followers: Verdict::Accept,
            for_new_accounts: Verdict::Accept,
            for_private_mentions: Verdict::Filter,
            for_limited_accounts: Verdict::Filter,
        }
    }
}

/// What is known of a sender and what they did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stranger {
    /// The receiver follows them.
    pub is_followed: bool,
    /// They follow the receiver, and not since yesterday.
    pub is_old_follower: bool,
    /// Their account is new.
    pub is_new: bool,
    /// The town limits them.
    pub is_limited: bool,
    /// It is a private mention that answers nothing of the receiver's.
    pub is_private_mention: bool,
}

impl NotificationPolicy {
    /// What happens with a notification of this sender. Whom one follows is no stranger, except by the rule about followers.
    #[must_use]
    pub fn verdict(&self, of: Stranger) -> Verdict {
        [
            (!of.is_followed, self.for_not_following),
            (!of.is_old_follower, self.for_not_followers),
            (of.is_new && !of.is_followed, self.for_new_accounts),
            (of.is_private_mention && !of.is_followed, self.for_private_mentions),
            (of.is_limited && !of.is_followed, self.for_limited_accounts),
        ]
        .into_iter()
        .filter_map(|(applies, verdict)| applies.then_some(verdict))
        .max()
        .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_rule_that_applies_decides() {
        let policy = NotificationPolicy { for_new_accounts: Verdict::Drop, ..NotificationPolicy::default() };
        let friend = Stranger {
            is_followed: true,
            is_new: true,
            is_limited: true,
            is_private_mention: true,
            ..Stranger::default()
        };
        assert_eq!(policy.verdict(friend), Verdict::Accept);
        let stranger = Stranger { is_followed: false, ..friend };
        assert_eq!(policy.verdict(stranger), Verdict::Drop);
        assert_eq!(policy.verdict(Stranger { is_new: false, ..stranger }), Verdict::Filter);
        assert_eq!(policy.verdict(Stranger::default()), Verdict::Accept);
        let shy = NotificationPolicy { for_not_followers: Verdict::Filter, ..policy };
        assert_eq!(shy.verdict(friend), Verdict::Filter, "this rule is about followers, not about followed");
    }

    #[test]
    fn verdicts_survive_the_database_and_the_wire() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::from_code(verdict.code()), verdict);
            assert_eq!(Verdict::parse(verdict.as_str()), Some(verdict));
        }
        assert_eq!(Verdict::parse("perhaps"), None);
    }
}
