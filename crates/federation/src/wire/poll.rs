//! `Question`: polls as Mastodon writes them. Results of others are shown, never counted with ours.

use parvis_model::time::Moment;

use super::limits::OPTIONS;
use super::members::Members;

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOption {
    /// Its text.
    pub name: String,
    /// Votes, as the author's server counted.
    pub votes: u32,
}

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollDocument {
    /// Whether several options may be chosen (`anyOf`).
    pub multiple: bool,
    /// The options, at most 20.
    pub options: Vec<PollOption>,
    /// When it ends or ended.
    pub ends_at: Option<Moment>,
    /// Whether it is closed now, whatever the end says.
    pub closed: bool,
    /// People who voted.
    pub voters: Option<u32>,
}

impl PollDocument {
    /// The poll of a `Question`; `None` when there are no options.
    pub(super) fn read(members: Members<'_>) -> Option<Self> {
        let options = |name: &str| -> Vec<PollOption> {
            let read = |option: Members<'_>| {
                let name = option.translated("name", "nameMap")?;
                Some(PollOption { name, votes: option.count("replies").unwrap_or_default() })
            };
            members.many(name).objects().filter_map(read).take(OPTIONS).collect()
        };
        let (one, any) = (options("oneOf"), options("anyOf"));
        let (multiple, options) = if one.is_empty() { (true, any) } else { (false, one) };
        if options.is_empty() {
            return None;
        }
        let closed_at = members.moment("closed");
        Some(Self {
            multiple,
            options,
            ends_at: members.moment("endTime").or(closed_at),
            closed: closed_at.is_some() || members.flag("closed") == Some(true),
            voters: members.count("votersCount"),
        })
    }
}
