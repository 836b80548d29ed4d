//! Posts: limits and the rules that need no database. Rows are in `store::statuses`, use cases in `domain::statuses`.

use crate::refusal::Refusal;
use crate::time::{DAY, MINUTE, Moment};
use crate::visibility::Visibility;

/// Characters of a post (links count 23, remote mentions without their host).
pub const CHARACTERS_MAX: usize = 1_000;
/// Pictures of a post.
pub const MEDIA_MAX: usize = 4;
/// Characters of a content warning.
pub const WARNING_MAX: usize = 500;
/// Characters of a picture's description.
pub const DESCRIPTION_MAX: usize = 1_500;
/// Pinned posts of an account.
pub const PINS_MAX: usize = 5;
/// Posts pinned by one account of another server that are kept: Lemmy knows no limit.
pub const REMOTE_PINS_MAX: usize = 20;
/// How far ahead a post that waits must be, in milliseconds.
pub const SCHEDULED_AHEAD: i64 = 5 * MINUTE;
/// Posts of one account that wait.
pub const SCHEDULED_MAX: usize = 300;
/// Posts of one account that wait for the same day (UTC).
pub const SCHEDULED_PER_DAY_MAX: usize = 25;
/// Bytes of a remote post's HTML that we keep.
pub const REMOTE_CONTENT_MAX: usize = 100_000;
/// Recipients, tags, attachments of a remote post that we read (threats J3).
pub const REMOTE_RECIPIENTS_MAX: usize = 500;
/// See [`REMOTE_RECIPIENTS_MAX`].
pub const REMOTE_TAGS_MAX: usize = 100;
/// See [`REMOTE_RECIPIENTS_MAX`].
pub const REMOTE_MEDIA_MAX: usize = 16;

/// 1 January 2000. Nothing of the Fediverse is older, so a time before it is a mistake or a trick.
const EARLIEST: Moment = Moment(946_684_800_000);

/// The time that something foreign says of itself; now, when it cannot be: ahead, or before there was anything (threats J1).
#[must_use]
pub fn believable(said: Moment, now: Moment) -> Moment {
    if said < EARLIEST.min(now) || said > now { now } else { said }
}

/// Where a post that arrives late stands: its published time, within the last 7 days and not in the future.
#[must_use]
pub fn clamp_published(published: Moment, now: Moment) -> Moment {
    Moment(published.0.clamp(now.minus(7 * DAY).0, now.0))
}

/// Whether a boost may have this visibility: never wider than the post, public or unlisted posts by anybody, private ones by their author.
///
/// # Errors
/// [`Refusal::CannotBoost`].
pub fn boost_visibility(
    original: Visibility,
    asked: Option<Visibility>,
    is_author: bool,
) -> Result<Visibility, Refusal> {
    match original {
        Visibility::Direct => Err(Refusal::CannotBoost),
        Visibility::Private if !is_author => Err(Refusal::CannotBoost),
        _ => {
            let wanted = asked.unwrap_or(Visibility::Public).max(original);
            if wanted == Visibility::Direct { Err(Refusal::CannotBoost) } else { Ok(wanted) }
        }
    }
}

/// Whether a text is a language tag that we keep (BCP 47 primary tag with optional subtags), in the case that RFC 5646 §2.1.1
/// recommends; unreadable ones are none.
#[must_use]
pub fn language_tag(text: &str) -> Option<String> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', '_']).collect();
    let primary = parts.first()?;
    let fits = text.len() <= 35
        && (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && parts
            .iter()
            .skip(1)
            .all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    let cased = |(place, part): (usize, &&str)| match part.len() {
        2 if place > 0 => part.to_ascii_uppercase(),
        4 if place > 0 && part.bytes().all(|b| b.is_ascii_alphabetic()) => {
            part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase()
        }
        _ => part.to_ascii_lowercase(),
    };
    fits.then(|| parts.iter().enumerate().map(cased).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boost_is_never_wider_than_the_post() {
        use Visibility::{Direct, Private, Public, Unlisted};
        assert_eq!(boost_visibility(Public, None, false), Ok(Public));
        assert_eq!(boost_visibility(Unlisted, None, false), Ok(Unlisted));
        assert_eq!(boost_visibility(Private, Some(Public), true), Ok(Private));
        assert_eq!(boost_visibility(Private, None, false), Err(Refusal::CannotBoost));
        assert_eq!(boost_visibility(Direct, None, true), Err(Refusal::CannotBoost));
    }

    #[test]
    fn j1_a_time_that_cannot_be_is_now() {
        let now = Moment(1_800_000_000_000);
        let old = Moment(1_200_000_000_000);
        assert_eq!(believable(old, now), old);
        for bad in [Moment(i64::MIN), Moment(-62_135_596_800_000), Moment(0), Moment(i64::MAX)] {
            assert_eq!(believable(bad, now), now, "{bad:?}");
        }
    }

    #[test]
    fn j1_published_times_are_clamped_to_the_last_week() {
        let now = Moment(100 * DAY);
        assert_eq!(clamp_published(Moment(i64::MAX), now), now);
        assert_eq!(clamp_published(Moment(0), now), Moment(93 * DAY));
    }

    #[test]
    fn language_tags_are_read_or_left_out() {
        assert_eq!(language_tag("fr_FR").as_deref(), Some("fr-FR"));
        assert_eq!(language_tag("ZH-hant-tw").as_deref(), Some("zh-Hant-TW"));
        assert_eq!(language_tag("english please"), None);
        assert_eq!(language_tag(""), None);
    }
}
