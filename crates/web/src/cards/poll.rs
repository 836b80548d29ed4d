//! The poll of a post as pages show it: options with their numbers, and on a post's own page the form to vote with.

use parvis_domain::polls::PollView;
use parvis_model::time::Moment;

/// See the module.
#[derive(Clone, Debug)]
pub struct PollCard {
    pub options: Vec<OptionCard>,
    pub is_multiple: bool,
    /// Votes given, or people who voted where several options may be chosen.
    pub total: i64,
    /// Whether `total` is people.
    pub counts_people: bool,
    pub ends: Option<Moment>,
    pub is_over: bool,
    /// Whether the author shows the numbers now.
    pub shows_totals: bool,
    /// Whether the visitor may vote: set by the post's own page.
    pub can_vote: bool,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionCard {
    pub position: usize,
    pub title: String,
    pub votes: i64,
    /// Of `total`, 0 to 100.
    pub percent: i64,
    /// The visitor chose it.
    pub is_own: bool,
}

impl PollCard {
    /// From what `domain` loaded.
    #[must_use]
    pub fn new(view: &PollView) -> Self {
        let people = view.voters.filter(|_| view.poll.is_multiple);
        let total = people.unwrap_or(view.votes);
        let options = view.options.iter().enumerate().map(|(position, option)| OptionCard {
            position,
            title: option.title.clone(),
            votes: option.votes,
            percent: percent(option.votes, total),
            is_own: view.own.iter().any(|own| usize::try_from(*own) == Ok(position)),
        });
        Self {
            options: options.collect(),
            is_multiple: view.poll.is_multiple,
            total,
            counts_people: people.is_some(),
            ends: view.poll.expires_at,
            is_over: view.is_expired,
            shows_totals: view.shows_totals,
            can_vote: false,
        }
    }
}

/// Rounded. Other servers may send numbers that do not fit together.
fn percent(votes: i64, total: i64) -> i64 {
    if total <= 0 {
        return 0;
    }
    (votes.saturating_mul(200).saturating_add(total) / total.saturating_mul(2)).clamp(0, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_and_never_more_than_all() {
        let shares = [(0, 0), (1, 3), (2, 3), (3, 3), (7, 3), (1, 0), (i64::MAX, 1)];
        assert_eq!(shares.map(|(votes, total)| percent(votes, total)), [0, 33, 67, 100, 100, 0, 100]);
    }
}
