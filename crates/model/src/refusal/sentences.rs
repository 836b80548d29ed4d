//! What APIs say for each refusal, in English. The same sentence is in `i18n`, in every language.

use super::Refusal;

impl Refusal {
    /// The English sentence.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one line for each refusal, and nothing else")]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::HandleShape => {
                "A username has 1 to 30 letters without accents, digits or underscores, and at least one letter."
            }
            Self::HandleReserved => "This username is kept for the town. Please choose another one.",
            Self::HandleTaken => "This username is taken, or looks too much like one that is.",
            Self::EmailUnusable => "This e-mail address cannot be used.",
            Self::PasswordLength => "A password has at least 10 characters and at most 256.",
            Self::RulesNotAccepted => "Please read and accept the rules first.",
            Self::RegistrationClosed => "This town does not take new accounts at the moment.",
            Self::WrongCredentials => "The e-mail address, username or password is wrong.",
            Self::EmailNotConfirmed => "Please confirm your e-mail address first: a link was sent to you.",
            Self::AwaitingApproval => "Your account awaits the approval of a moderator.",
            Self::Suspended => "This account is suspended.",
            Self::LinkExpired => "This link was used already or is too old. Please ask for a new one.",
            Self::EmptyPost => "Write something or attach a picture.",
            Self::TextTooLong => "The text is too long.",
            Self::TooManyMedia => "A post has at most four pictures.",
            Self::MediaUnusable => "This picture is not there, not yours, or already used.",
            Self::MediaType => {
                "This kind of file is not accepted. Please send a JPEG, PNG, GIF or WebP picture."
            }
            Self::MediaSize => "This file is too large.",
            Self::MediaNotReady => {
                "Cannot attach files that have not finished processing. Try again in a moment!"
            }
            Self::MediaMixed => "Cannot attach a video to a post that already contains other media.",
            Self::MediaNeedsFfmpeg => {
                "This town does not take video or sound: the program for it (ffmpeg) is not installed. Please send a picture."
            }
            Self::MediaHeic => {
                "HEIC pictures cannot be used here. Please save the picture as JPEG and send that (on an iPhone: Settings, Camera, Formats, Most Compatible)."
            }
            Self::MediaAvif => {
                "AVIF pictures cannot be used here. Please save the picture as JPEG or WebP and send that."
            }
            Self::MediaDamaged => "This file is damaged or of a rare kind and could not be read.",
            Self::MediaTooLong => "This recording is too long: at most four hours are accepted.",
            Self::MediaTooLarge => {
                "This picture or video has too many pixels or frames. Please send a smaller one."
            }
            Self::MediaTooCostly => {
                "This file takes too long to convert. Please send a shorter one, or an MP4 with H.264 and AAC."
            }
            Self::MediaWaiting => {
                "You have uploaded many recordings that are in no post. Please publish or delete some first."
            }
            Self::TooManyUploads => {
                "You are sending many files at the same time. Please wait until the first ones are here."
            }
            Self::MediaLost => "This file could not be processed. Please send it again.",
            Self::CannotBoost => "This post cannot be boosted.",
            Self::CannotPin => "Only your own public or unlisted posts can be pinned.",
            Self::TooManyPins => "You have pinned the greatest number of posts already.",
            Self::NotOneself => "You cannot do this to your own account.",
            Self::BlockedBetween => "One of you has blocked the other.",
            Self::AccountGone => "This account is no longer there.",
            Self::IdempotencyReuse => "This request was already made with other content.",
            Self::ServerBlocked => "This server is blocked by the town.",
            Self::TooManyAttempts => "Too many attempts. Please wait a while.",
            Self::RoleTooLow => "Your role does not allow this.",
            Self::DomainShape => "This is not the name of a server.",
            Self::OwnDomain => "This is our own domain.",
            Self::EmojiShape => "A short code has 2 to 64 letters, digits or underscores and is used once.",
            Self::QuotedNotMentioned => "A direct post can only quote somebody whom it mentions.",
            Self::TitleMissing => "A title is missing.",
            Self::TooManyKept => "You have the greatest number of these already.",
            Self::AlreadyThere => "This has been added already.",
            Self::AliasUnusable => "No account can be found at this address, or it is this one.",
            Self::MoveUnproven => {
                "The new account does not name this one as its former address. Please enter it there first."
            }
            Self::MoveTooSoon => "This account has moved not long ago. Please wait before it moves again.",
            Self::AccountMoved => "This account has moved. Please follow the new one.",
            Self::HasMoved => {
                "Your account has moved. Use the new one, or take the move back in the settings of this one."
            }
            Self::TagForbidden => "This post has a hashtag that is not wanted here.",
            Self::TagSpelling => "Only the capitals of a hashtag can change.",
            Self::NotTranslatable => "This post cannot be translated into this language.",
            Self::EndorseWithoutFollow => "You must be following the person you want to recommend.",
            Self::PushUnusable => "The address or the keys of this push service cannot be used.",
            Self::PollOptions => "A poll has two to four different options of at most 50 characters.",
            Self::PollDuration => "A poll cannot be open for that long, or for so short a time.",
            Self::PollAndMedia => "A post has either pictures or a poll.",
            Self::PollClosed => "The poll has already ended.",
            Self::PollChoices => "Choose one of the options, or several where the poll allows it, each once.",
            Self::AlreadyVoted => "You have already voted in this poll.",
            Self::OwnPoll => "You cannot vote in your own poll.",
            Self::ScheduledTooSoon => "A post can be planned for five minutes from now or later.",
            Self::TooManyScheduled => {
                "You have planned the greatest number of posts already, on that day or altogether."
            }
            Self::HashtagShape => "This is not a hashtag.",
            Self::KeywordMissing => "A keyword is missing.",
            Self::ContextMissing => "Say where the filter is to work.",
            Self::FilterShared => {
                "This cannot be changed from this application because it applies to more than one keyword. Use a newer application."
            }
            Self::LoginDisabled => "Nobody can sign in to this account: staff decided so.",
            Self::ReportEmpty => "Please say what the report is about.",
            Self::AppealOver => "It is too late to appeal, or you have done so already.",
            Self::LastAdmin => "This is the last administrator: make somebody else one first.",
            Self::NotPending => "This account does not wait for approval.",
            Self::NotSuspended => "This account must be suspended first.",
            Self::NotLocal => "This is possible for accounts of this town only.",
            Self::BlockedAlready => "This is on the list already.",
            Self::NetworkShape => {
                "This is not the address of a network, or one so wide that it would shut everybody out."
            }
            Self::NetworkBarred => "Nobody can sign up from this network.",
            Self::DatesTurned => "The end is before the beginning.",
            Self::NoEmoji => "This is not an emoji.",
            Self::TooManyReactions => "There are as many different reactions as can be.",
            Self::FileUnreadable => {
                "This file cannot be read as a list. Please choose a CSV file that a server has made."
            }
            Self::FileTooLong => "This file has more than 10,000 rows. Please divide it.",
            Self::TooManyImports => {
                "Some of your files are still being worked through. Please wait until they are done."
            }
            Self::CannotCollect => "This account cannot be put into a collection.",
            Self::ThreadLocked => "This discussion is closed: it takes no more answers.",
            Self::BannedFromGroup => "The facilitators of this group have excluded you from it.",
            Self::NotModerator => "Only the facilitators of the group can do this.",
        }
    }
}
