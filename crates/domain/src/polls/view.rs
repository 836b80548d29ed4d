//! What is shown of polls: numbers as far as they may show, and what the viewer chose. Loaded for a whole page at once, by `views`.

use std::collections::HashMap;

use parvis_model::ids::{PollId, StatusId};
use parvis_store::Conn;
use parvis_store::policy::Emoji;
use parvis_store::polls::{self as rows, Poll, PollOption, Tally};

use crate::access::{self, Viewer};
use crate::error::{OrNotFound, Result};

/// A poll with what it shows.
#[derive(Clone, Debug)]
pub struct PollView {
    pub poll: Poll,
    pub options: Vec<OptionView>,
    /// Votes given.
    pub votes: i64,
    /// People who voted, where it is known.
    pub voters: Option<i64>,
    pub is_expired: bool,
    /// Whether the numbers of each option may show now.
    pub shows_totals: bool,
    /// Whether the viewer voted, and for what.
    pub has_voted: bool,
    pub own: Vec<i16>,
    /// Custom emojis of the options.
    pub emojis: Vec<Emoji>,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionView {
    pub title: String,
    /// Counted, whether it may show or not.
    pub votes: i64,
}

impl PollView {
    /// The votes of an option as they may show.
    #[must_use]
    pub fn votes_shown(&self, option: &OptionView) -> Option<i64> {
        self.shows_totals.then_some(option.votes)
    }

    /// All options in one text, for finding emojis.
    #[must_use]
    pub fn text(&self) -> String {
        self.options.iter().map(|o| o.title.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The same for somebody with these votes; `None` when they did not vote.
    #[must_use]
    pub fn seen_with(&self, votes: Option<&Vec<i16>>) -> Self {
        Self { has_voted: votes.is_some(), own: votes.cloned().unwrap_or_default(), ..self.clone() }
    }

    fn new(poll: Poll, options: &[PollOption], tally: Tally, now: parvis_model::time::Moment) -> Self {
        let is_expired = poll.expires_at.is_some_and(|end| end <= now);
        let options: Vec<OptionView> = options
            .iter()
            .map(|o| OptionView {
                title: o.title.clone(),
                votes: o.remote_votes.saturating_add(tally.votes.get(&o.position).copied().unwrap_or(0)),
            })
            .collect();
        let is_ours = poll.fetched_at.is_none();
        Self {
            votes: options.iter().fold(0, |sum: i64, o| sum.saturating_add(o.votes)),
            voters: match poll.remote_voters {
                Some(elsewhere) => Some(elsewhere.saturating_add(tally.voters)),
                None => is_ours.then_some(tally.voters),
            },
            is_expired,
            shows_totals: is_expired || !poll.hides_totals,
            has_voted: false,
            own: Vec::new(),
            options,
            poll,
            emojis: Vec::new(),
        }
    }
}

/// The polls of many posts, whoever looks; emojis and [`PollView::seen_with`] are the caller's. Two statements at most.
///
/// # Errors
/// Internal.
pub fn of_statuses(c: &mut Conn, ids: &[StatusId]) -> Result<HashMap<StatusId, PollView>> {
    let now = c.now();
    let mut polls: Vec<(Poll, Vec<PollOption>)> = Vec::new();
    for (poll, option) in rows::of_statuses(c, ids)? {
        match polls.last_mut() {
            Some((last, options)) if last.id == poll.id => options.push(option),
            _ => polls.push((poll, vec![option])),
        }
    }
    let polled: Vec<StatusId> = polls.iter().map(|(poll, _)| poll.status_id).collect();
    let mut tallies = rows::tallies(c, &polled)?;
    Ok(polls
        .into_iter()
        .map(|(poll, options)| {
            let tally = tallies.remove(&poll.id).unwrap_or_default();
            (poll.status_id, PollView::new(poll, &options, tally, now))
        })
        .collect())
}

/// The post of a poll, if the viewer may see it.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn shown(c: &mut Conn, viewer: Viewer, id: PollId) -> Result<Poll> {
    let poll = rows::by_id(c, id)?.or_not_found()?;
    access::status(c, viewer, poll.status_id)?;
    Ok(poll)
}
