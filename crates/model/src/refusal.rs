//! Why something cannot be done, as small cases that are sentences for people. The words are in `i18n` under [`Refusal::key`];
//! the English sentences, which APIs send, in `sentences`.

mod sentences;

/// A rule said no.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Refusal {
    /// The handle has a character or a length that is not allowed.
    HandleShape,
    /// The handle is kept for the institution.
    HandleReserved,
    /// The handle is taken, or looks like one that is.
    HandleTaken,
    /// The e-mail address cannot be used (unreadable or taken: the same answer on purpose).
    EmailUnusable,
    /// The password is too short or too long.
    PasswordLength,
    /// The rules were not accepted.
    RulesNotAccepted,
    /// Nobody can sign up here.
    RegistrationClosed,
    /// Handle or password is wrong.
    WrongCredentials,
    /// The e-mail address is not confirmed yet.
    EmailNotConfirmed,
    /// A moderator has not approved the account yet.
    AwaitingApproval,
    /// The account is suspended.
    Suspended,
    /// The link is used, wrong or too old.
    LinkExpired,
    /// Nothing was written and no picture attached.
    EmptyPost,
    /// The text is too long.
    TextTooLong,
    /// More pictures than allowed.
    TooManyMedia,
    /// The picture is not there, not theirs, or used already.
    MediaUnusable,
    /// The file is no picture that we take.
    MediaType,
    /// The file is too large.
    MediaSize,
    /// The file is still being processed.
    MediaNotReady,
    /// Video or sound together with something else.
    MediaMixed,
    /// Video or sound, and no program for it.
    MediaNeedsFfmpeg,
    /// A HEIC picture.
    MediaHeic,
    /// An AVIF picture.
    MediaAvif,
    /// It says what it is and is something else.
    MediaDamaged,
    /// A recording without end.
    MediaTooLong,
    /// Too many pixels or frames.
    MediaTooLarge,
    /// It takes too long.
    MediaTooCostly,
    /// Too many recordings without a post.
    MediaWaiting,
    /// More files on their way than can be.
    TooManyUploads,
    /// Processing broke off.
    MediaLost,
    /// The post cannot be boosted.
    CannotBoost,
    /// Only own public or unlisted posts can be pinned.
    CannotPin,
    /// No more pins.
    TooManyPins,
    /// Nobody follows, blocks or mutes themselves.
    NotOneself,
    /// A block stands between the two.
    BlockedBetween,
    /// The account has moved or is gone.
    AccountGone,
    /// A request with this key is under way or was other than this one.
    IdempotencyReuse,
    /// The server of that account is blocked by the town.
    ServerBlocked,
    /// Too many attempts.
    TooManyAttempts,
    /// The role does not allow it.
    RoleTooLow,
    /// The domain name is none.
    DomainShape,
    /// The domain is the town's own.
    OwnDomain,
    /// The short code of an emoji is not `[a-z0-9_]{2,64}` or is taken.
    EmojiShape,
    /// A direct post quotes somebody whom it does not mention.
    QuotedNotMentioned,
    /// There is no title.
    TitleMissing,
    /// No more of these for one person.
    TooManyKept,
    /// It is there already.
    AlreadyThere,
    /// No account was found at this address.
    AliasUnusable,
    /// The other account does not name this one as its former address.
    MoveUnproven,
    /// The last move was not long enough ago.
    MoveTooSoon,
    /// The account lives elsewhere now.
    AccountMoved,
    /// One's own account lives elsewhere now.
    HasMoved,
    /// A hashtag that staff do not want here.
    TagForbidden,
    /// Another spelling of a hashtag is another hashtag.
    TagSpelling,
    /// A post that is for few, or a language that the translation service does not know.
    NotTranslatable,
    /// Only those whom one follows can be recommended.
    EndorseWithoutFollow,
    /// The address or the keys of a device's push service cannot be used.
    PushUnusable,
    /// The poll's options are too few, too many, too long or the same.
    PollOptions,
    /// The poll would be open too short or too long.
    PollDuration,
    /// A post cannot have pictures and a poll.
    PollAndMedia,
    /// The poll has ended.
    PollClosed,
    /// The choices are none, twice the same, too many, or not there.
    PollChoices,
    /// They have voted already.
    AlreadyVoted,
    /// Nobody votes in their own poll.
    OwnPoll,
    /// The post would be published too soon.
    ScheduledTooSoon,
    /// No more posts that wait, at all or on that day.
    TooManyScheduled,
    /// The text is no hashtag.
    HashtagShape,
    /// There is no keyword.
    KeywordMissing,
    /// A filter works nowhere.
    ContextMissing,
    /// An old client would change a filter of several keywords.
    FilterShared,
    /// The login is switched off.
    LoginDisabled,
    /// A report of rules names none, or unknown ones.
    ReportEmpty,
    /// The time for an appeal is over, or there is one.
    AppealOver,
    /// Somebody must be able to run the town.
    LastAdmin,
    /// Nobody waits for approval here.
    NotPending,
    /// Only what a suspended account left can be deleted.
    NotSuspended,
    /// Accounts of other servers have no login here.
    NotLocal,
    /// It is blocked already.
    BlockedAlready,
    /// What was typed is no network.
    NetworkShape,
    /// The network is blocked for sign-ups.
    NetworkBarred,
    /// An end before its start.
    DatesTurned,
    /// A reaction that is no emoji.
    NoEmoji,
    /// No more kinds of reactions.
    TooManyReactions,
    /// The file is no list.
    FileUnreadable,
    /// The file has too many rows.
    FileTooLong,
    /// Enough files are being worked through.
    TooManyImports,
    /// The account is of another server, or does not want to be found there.
    CannotCollect,
    /// The thread of a group takes no more answers.
    ThreadLocked,
    /// Those who look after a group keep somebody out of it.
    BannedFromGroup,
    /// Only those who look after a group may do this.
    NotModerator,
}

impl Refusal {
    /// All cases, for the test that every language has words for each.
    pub const ALL: [Self; 90] = [
        Self::HandleShape,
        Self::HandleReserved,
        Self::HandleTaken,
        Self::EmailUnusable,
        Self::PasswordLength,
        Self::RulesNotAccepted,
        Self::RegistrationClosed,
        Self::WrongCredentials,
        Self::EmailNotConfirmed,
        Self::AwaitingApproval,
        Self::Suspended,
        Self::LinkExpired,
        Self::EmptyPost,
        Self::TextTooLong,
        Self::TooManyMedia,
        Self::MediaUnusable,
        Self::MediaType,
        Self::MediaSize,
        Self::MediaNotReady,
        Self::MediaMixed,
        Self::MediaNeedsFfmpeg,
        Self::MediaHeic,
        Self::MediaAvif,
        Self::MediaDamaged,
        Self::MediaTooLong,
        Self::MediaTooLarge,
        Self::MediaTooCostly,
        Self::MediaWaiting,
        Self::TooManyUploads,
        Self::MediaLost,
        Self::CannotBoost,
        Self::CannotPin,
        Self::TooManyPins,
        Self::NotOneself,
        Self::BlockedBetween,
        Self::AccountGone,
        Self::IdempotencyReuse,
        Self::ServerBlocked,
        Self::TooManyAttempts,
        Self::RoleTooLow,
        Self::DomainShape,
        Self::OwnDomain,
        Self::EmojiShape,
        Self::QuotedNotMentioned,
        Self::TitleMissing,
        Self::TooManyKept,
        Self::AlreadyThere,
        Self::AliasUnusable,
        Self::MoveUnproven,
        Self::MoveTooSoon,
        Self::AccountMoved,
        Self::HasMoved,
        Self::TagForbidden,
        Self::TagSpelling,
        Self::NotTranslatable,
        Self::EndorseWithoutFollow,
        Self::PushUnusable,
        Self::PollOptions,
        Self::PollDuration,
        Self::PollAndMedia,
        Self::PollClosed,
        Self::PollChoices,
        Self::AlreadyVoted,
        Self::OwnPoll,
        Self::ScheduledTooSoon,
        Self::TooManyScheduled,
        Self::HashtagShape,
        Self::KeywordMissing,
        Self::ContextMissing,
        Self::FilterShared,
        Self::LoginDisabled,
        Self::ReportEmpty,
        Self::AppealOver,
        Self::LastAdmin,
        Self::NotPending,
        Self::NotSuspended,
        Self::NotLocal,
        Self::BlockedAlready,
        Self::NetworkShape,
        Self::NetworkBarred,
        Self::DatesTurned,
        Self::NoEmoji,
        Self::TooManyReactions,
        Self::FileUnreadable,
        Self::FileTooLong,
        Self::TooManyImports,
        Self::CannotCollect,
        Self::ThreadLocked,
        Self::BannedFromGroup,
        Self::NotModerator,
    ];

    /// The message id in the translations (`refusal-…`).
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a line for each case")]
    pub const fn key(self) -> &'static str {
        match self {
            Self::HandleShape => "refusal-handle-shape",
            Self::HandleReserved => "refusal-handle-reserved",
            Self::HandleTaken => "refusal-handle-taken",
            Self::EmailUnusable => "refusal-email-unusable",
            Self::PasswordLength => "refusal-password-length",
            Self::RulesNotAccepted => "refusal-rules-not-accepted",
            Self::RegistrationClosed => "refusal-registration-closed",
            Self::WrongCredentials => "refusal-wrong-credentials",
            Self::EmailNotConfirmed => "refusal-email-not-confirmed",
            Self::AwaitingApproval => "refusal-awaiting-approval",
            Self::Suspended => "refusal-suspended",
            Self::LinkExpired => "refusal-link-expired",
            Self::EmptyPost => "refusal-empty-post",
            Self::TextTooLong => "refusal-text-too-long",
            Self::TooManyMedia => "refusal-too-many-media",
            Self::MediaUnusable => "refusal-media-unusable",
            Self::MediaType => "refusal-media-type",
            Self::MediaSize => "refusal-media-size",
            Self::MediaNotReady => "refusal-media-not-ready",
            Self::MediaMixed => "refusal-media-mixed",
            Self::MediaNeedsFfmpeg => "refusal-media-needs-ffmpeg",
            Self::MediaHeic => "refusal-media-heic",
            Self::MediaAvif => "refusal-media-avif",
            Self::MediaDamaged => "refusal-media-damaged",
            Self::MediaTooLong => "refusal-media-too-long",
            Self::MediaTooLarge => "refusal-media-too-large",
            Self::MediaTooCostly => "refusal-media-too-costly",
            Self::MediaWaiting => "refusal-media-waiting",
            Self::TooManyUploads => "refusal-too-many-uploads",
            Self::MediaLost => "refusal-media-lost",
            Self::CannotBoost => "refusal-cannot-boost",
            Self::CannotPin => "refusal-cannot-pin",
            Self::TooManyPins => "refusal-too-many-pins",
            Self::NotOneself => "refusal-not-oneself",
            Self::BlockedBetween => "refusal-blocked-between",
            Self::AccountGone => "refusal-account-gone",
            Self::IdempotencyReuse => "refusal-idempotency-reuse",
            Self::ServerBlocked => "refusal-server-blocked",
            Self::TooManyAttempts => "refusal-too-many-attempts",
            Self::RoleTooLow => "refusal-role-too-low",
            Self::DomainShape => "refusal-domain-shape",
            Self::OwnDomain => "refusal-own-domain",
            Self::EmojiShape => "refusal-emoji-shape",
            Self::QuotedNotMentioned => "refusal-quoted-not-mentioned",
            Self::TitleMissing => "refusal-title-missing",
            Self::TooManyKept => "refusal-too-many-kept",
            Self::AlreadyThere => "refusal-already-there",
            Self::AliasUnusable => "refusal-alias-unusable",
            Self::MoveUnproven => "refusal-move-unproven",
            Self::MoveTooSoon => "refusal-move-too-soon",
            Self::AccountMoved => "refusal-account-moved",
            Self::HasMoved => "refusal-has-moved",
            Self::TagForbidden => "refusal-tag-forbidden",
            Self::TagSpelling => "refusal-tag-spelling",
            Self::NotTranslatable => "refusal-not-translatable",
            Self::EndorseWithoutFollow => "refusal-endorse-without-follow",
            Self::PushUnusable => "refusal-push-unusable",
            Self::PollOptions => "refusal-poll-options",
            Self::PollDuration => "refusal-poll-duration",
            Self::PollAndMedia => "refusal-poll-and-media",
            Self::PollClosed => "refusal-poll-closed",
            Self::PollChoices => "refusal-poll-choices",
            Self::AlreadyVoted => "refusal-already-voted",
            Self::OwnPoll => "refusal-own-poll",
            Self::ScheduledTooSoon => "refusal-scheduled-too-soon",
            Self::TooManyScheduled => "refusal-too-many-scheduled",
            Self::HashtagShape => "refusal-hashtag-shape",
            Self::KeywordMissing => "refusal-keyword-missing",
            Self::ContextMissing => "refusal-context-missing",
            Self::FilterShared => "refusal-filter-shared",
            Self::LoginDisabled => "refusal-login-disabled",
            Self::ReportEmpty => "refusal-report-empty",
            Self::AppealOver => "refusal-appeal-over",
            Self::LastAdmin => "refusal-last-admin",
            Self::NotPending => "refusal-not-pending",
            Self::NotSuspended => "refusal-not-suspended",
            Self::NotLocal => "refusal-not-local",
            Self::BlockedAlready => "refusal-blocked-already",
            Self::NetworkShape => "refusal-network-shape",
            Self::NetworkBarred => "refusal-network-barred",
            Self::DatesTurned => "refusal-dates-turned",
            Self::NoEmoji => "refusal-no-emoji",
            Self::TooManyReactions => "refusal-too-many-reactions",
            Self::FileUnreadable => "refusal-file-unreadable",
            Self::FileTooLong => "refusal-file-too-long",
            Self::TooManyImports => "refusal-too-many-imports",
            Self::CannotCollect => "refusal-cannot-collect",
            Self::ThreadLocked => "refusal-thread-locked",
            Self::BannedFromGroup => "refusal-banned-from-group",
            Self::NotModerator => "refusal-not-moderator",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sentence())
    }
}
