//! Polls: limits, and the rules that need no database. Rows are in `store::polls`, use cases in `domain::polls`; a poll comes with a post
//! (`domain::statuses`). These are opinions: ballots of a debate are another topic.

use crate::refusal::Refusal;
use crate::time::{Moment, SECOND};

/// Options of a poll written here.
pub const OPTIONS_MAX: usize = 4;
/// Characters of an option written here.
pub const OPTION_CHARACTERS_MAX: usize = 50;
/// Seconds that a poll may be open at most: a month, as Mastodon counts it.
pub const SECONDS_MAX: i64 = 2_629_746;
/// Options of a remote poll that we show (threats J3).
pub const REMOTE_OPTIONS_MAX: usize = 20;
/// Characters of an option of a remote poll that we keep.
pub const REMOTE_OPTION_CHARACTERS_MAX: usize = 500;

/// The options as they are kept: trimmed, two to four, each once, none empty or too long.
///
/// # Errors
/// [`Refusal::PollOptions`].
pub fn checked_options(options: &[String]) -> Result<Vec<String>, Refusal> {
    let kept: Vec<String> = options
        .iter()
        .map(|o| o.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|o| !o.is_empty())
        .collect();
    let are_different = kept.iter().enumerate().all(|(n, o)| !kept.iter().take(n).any(|other| other == o));
    let fit = kept.iter().all(|o| o.chars().count() <= OPTION_CHARACTERS_MAX);
    if (2..=OPTIONS_MAX).contains(&kept.len()) && are_different && fit {
        Ok(kept)
    } else {
        Err(Refusal::PollOptions)
    }
}

/// When a poll ends that is opened now for `seconds`; `shortest` is the town's setting.
///
/// # Errors
/// [`Refusal::PollDuration`].
pub const fn checked_end(seconds: i64, shortest: i64, now: Moment) -> Result<Moment, Refusal> {
    if seconds < shortest || seconds < 1 || seconds > SECONDS_MAX {
        return Err(Refusal::PollDuration);
    }
    Ok(now.plus(seconds * SECOND))
}

/// The positions that somebody chose, in order: at least one, each once, each there, one only unless the poll allows more (threats V1).
///
/// # Errors
/// [`Refusal::PollChoices`].
pub fn checked_choices(choices: &[i64], options: usize, is_multiple: bool) -> Result<Vec<i16>, Refusal> {
    if choices.is_empty() || choices.len() > options || (choices.len() > 1 && !is_multiple) {
        return Err(Refusal::PollChoices);
    }
    let mut kept = Vec::with_capacity(choices.len());
    for choice in choices {
        let is_there = usize::try_from(*choice).is_ok_and(|c| c < options);
        let position = i16::try_from(*choice).map_err(|_| Refusal::PollChoices)?;
        if !is_there || kept.contains(&position) {
            return Err(Refusal::PollChoices);
        }
        kept.push(position);
    }
    kept.sort_unstable();
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(texts: &[&str]) -> Result<Vec<String>, Refusal> {
        checked_options(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_two_to_four_different_short_texts() {
        assert_eq!(options(&[" Friday\n", "Saturday", ""]).unwrap(), ["Friday", "Saturday"]);
        let long = "x".repeat(51);
        for bad in [&["one"][..], &["a", " a"], &["a", "b", "c", "d", "e"], &["a", &long], &["", " "], &[]] {
            assert_eq!(options(bad), Err(Refusal::PollOptions), "{bad:?}");
        }
        assert!(options(&["ä".repeat(50).as_str(), "b"]).is_ok());
    }

    #[test]
    fn a_poll_is_open_for_the_town_s_shortest_time_at_least_and_a_month_at_most() {
        let now = Moment(1_000);
        assert_eq!(checked_end(300, 300, now), Ok(Moment(301_000)));
        assert_eq!(checked_end(SECONDS_MAX, 300, now), Ok(now.plus(SECONDS_MAX * SECOND)));
        for bad in [299, 0, -1, SECONDS_MAX + 1, i64::MAX, i64::MIN] {
            assert_eq!(checked_end(bad, 300, now), Err(Refusal::PollDuration), "{bad}");
        }
        assert_eq!(checked_end(0, 0, now), Err(Refusal::PollDuration), "a poll that ends at once is none");
    }

    #[test]
    fn v1_choices_are_there_each_once_and_one_only_unless_several_are_allowed() {
        assert_eq!(checked_choices(&[1], 2, false), Ok(vec![1]));
        assert_eq!(checked_choices(&[1, 0], 2, true), Ok(vec![0, 1]));
        for (choices, is_multiple) in [
            (&[][..], true),
            (&[0, 0], true),
            (&[2], true),
            (&[-1], true),
            (&[0, 1], false),
            (&[0, 1, 0], true),
        ] {
            assert_eq!(checked_choices(choices, 2, is_multiple), Err(Refusal::PollChoices), "{choices:?}");
        }
    }
}
