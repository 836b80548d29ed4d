//! Identifiers: `i64` newtypes, decimal strings in JSON, and the layout that makes them sort by time across nodes.
//!
//! Layout: milliseconds ≪ 16 | 6 bits node | 10 bits sequence. The lease of the node number is in `store`, the generator here is pure.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Moment;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        #[cfg_attr(feature = "rows", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "rows", diesel(sql_type = diesel::sql_types::BigInt))]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(&self.0, f) }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> { parse(text).map(Self) }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(&self.0) }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                parse(&text).map(Self).map_err(serde::de::Error::custom)
            }
        }

        crate::rows::big_int!($name);

        impl From<i64> for $name { fn from(n: i64) -> Self { Self(n) } }
        impl From<$name> for i64 { fn from(id: $name) -> Self { id.0 } }
    )+};
}

ids! {
    /// A person, department, group or instance actor, local or remote.
    AccountId,
    /// A post or a boost.
    StatusId,
    /// An uploaded or remote picture.
    MediaId,
    /// A registered client program.
    AppId,
    /// A bearer token of a client program.
    TokenId,
    /// A follow or follow request.
    FollowId,
    /// A notification.
    NotificationId,
    /// A device that is told of notifications.
    PushId,
    /// A hashtag.
    TagId,
    /// A custom emoji.
    EmojiId,
    /// A key of an actor.
    KeyId,
    /// An activity on its way out (arrival order).
    OutboxId,
    /// An activity that came in (arrival order).
    InboundId,
    /// A job in the queue.
    JobId,
    /// The conversation that a post belongs to.
    ThreadId,
    /// A list of accounts that somebody reads apart.
    ListId,
    /// What a link leads to.
    CardId,
    /// A poll of a post. New options make a new poll.
    PollId,
    /// A post that waits for its time.
    ScheduledId,
    /// A filter of posts.
    FilterId,
    /// A keyword of a filter.
    FilterKeywordId,
    /// A single post in a filter.
    FilterStatusId,
    /// A hashtag on a profile.
    FeaturedTagId,
    /// An exchange of direct posts, as one person has it.
    ConversationId,
    /// A report.
    ReportId,
    /// A decision of staff about somebody.
    StrikeId,
    /// An answer to such a decision.
    AppealId,
}

/// The text is not an id: ids are decimal numbers from 0 to 2⁶³−1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct BadId;

fn parse(text: &str) -> Result<i64, BadId> {
    if text.is_empty() || text.len() > 19 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadId);
    }
    text.parse().map_err(|_| BadId)
}

const SEQUENCE_BITS: u32 = 10;
const NODE_BITS: u32 = 6;
/// How many nodes may write to one database.
pub const NODES: i64 = 1 << NODE_BITS;
const TIME_SHIFT: u32 = SEQUENCE_BITS + NODE_BITS;

/// Makes ids that never go back, even when the clock does: a full millisecond borrows the next one.
#[derive(Debug)]
pub struct IdMaker {
    node: i64,
    last: i64,
}

impl IdMaker {
    /// For node `node` (0 to 63), never below `highest`, the highest id that was persisted.
    #[must_use]
    pub const fn new(node: i64, highest: i64) -> Self {
        Self {
            node: node & (NODES - 1),
            last: highest >> TIME_SHIFT << SEQUENCE_BITS | ((1 << SEQUENCE_BITS) - 1),
        }
    }

    /// The next id at `now`.
    pub fn next(&mut self, now: Moment) -> i64 {
        // `last` is milliseconds and sequence without the node, so that adding one to a full millisecond borrows the next.
        let candidate = now.0.max(0) << SEQUENCE_BITS;
        self.last = candidate.max(self.last + 1);
        let (millis, sequence) = (self.last >> SEQUENCE_BITS, self.last & ((1 << SEQUENCE_BITS) - 1));
        millis << TIME_SHIFT | self.node << SEQUENCE_BITS | sequence
    }
}

/// The lowest id of the instant `at`, for ranges by time.
#[must_use]
pub const fn floor_at(at: Moment) -> i64 {
    (if at.0 < 0 { 0 } else { at.0 }) << TIME_SHIFT
}

/// An id for something published at `at` but arriving now, with 16 random low bits. The caller retries on conflict.
#[must_use]
pub const fn late_at(at: Moment, random: u64) -> i64 {
    #[expect(clippy::as_conversions, reason = "masked to 16 bits first")]
    let low = (random & 0xffff) as i64;
    floor_at(at) | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_when_the_clock_goes_back() {
        let mut ids = IdMaker::new(3, 0);
        let mut last = 0;
        for now in [5_000, 5_000, 4_000, 5_001, 1] {
            for _ in 0..2_000 {
                let id = ids.next(Moment(now));
                assert!(id > last);
                last = id;
            }
        }
    }

    #[test]
    fn a_new_maker_starts_above_the_highest_persisted_id_of_any_node() {
        let high = IdMaker::new(63, 0).next(Moment(9_000));
        assert!(IdMaker::new(0, high).next(Moment(1)) > high);
    }

    #[test]
    fn only_plain_decimal_numbers_are_ids() {
        assert_eq!("17".parse(), Ok(StatusId(17)));
        for bad in ["", "-1", "+1", " 1", "1e3", "99999999999999999999", "9223372036854775808", "１"] {
            assert!(bad.parse::<StatusId>().is_err(), "{bad}");
        }
        assert_eq!(serde_json_like(&StatusId(12)), "12");
    }

    fn serde_json_like(id: &StatusId) -> String {
        id.to_string()
    }
}
