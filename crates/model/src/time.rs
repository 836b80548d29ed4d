//! Instants and clocks. Every instant in Parvis is a [`Moment`] that came from a [`Clock`]; the system clock is read in one place, [`SystemClock`].
//!
//! Not here: time zones and calendars for people (jiff, at the doors), timeouts (tokio, monotonic).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Stored as BIGINT on both databases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Default)]
#[serde(transparent)]
#[cfg_attr(feature = "rows", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "rows", diesel(sql_type = diesel::sql_types::BigInt))]
pub struct Moment(pub i64);

crate::rows::big_int!(Moment);

/// Milliseconds in a second, minute, hour and day.
pub const SECOND: i64 = 1_000;
/// See [`SECOND`].
pub const MINUTE: i64 = 60 * SECOND;
/// See [`SECOND`].
pub const HOUR: i64 = 60 * MINUTE;
/// See [`SECOND`].
pub const DAY: i64 = 24 * HOUR;
/// See [`SECOND`].
pub const WEEK: i64 = 7 * DAY;
/// 1970-01-05, the first Monday.
const FIRST_MONDAY: i64 = 4 * DAY;

/// When the week of an instant began: Monday at midnight, UTC.
#[must_use]
pub const fn week_of(at: Moment) -> Moment {
    Moment((at.0 - FIRST_MONDAY).div_euclid(WEEK) * WEEK + FIRST_MONDAY)
}

/// The latest instant that every format of ours prints: 9998-12-31T23:59:59.999Z.
const LAST: i64 = 253_370_764_799_999;

impl Moment {
    /// This instant moved by a number of milliseconds, saturating.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// This instant moved back by a number of milliseconds, saturating.
    #[must_use]
    pub const fn minus(self, millis: i64) -> Self {
        Self(self.0.saturating_sub(millis))
    }

    /// Milliseconds from `earlier` to this instant (negative when it is later).
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds since the epoch, as HTTP signatures and OAuth print them.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// From whole seconds since the epoch, saturating.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0.clamp(-62_135_596_800_000, LAST))
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// `2026-11-22T10:00:00.000Z`: the form that Mastodon's client API and ActivityPub (xsd:dateTime) share.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
    }

    /// `2026-11-22`: the UTC day, as Mastodon prints `last_status_at`.
    #[must_use]
    pub fn to_date(self) -> String {
        self.timestamp().strftime("%Y-%m-%d").to_string()
    }

    /// `Sun, 22 Nov 2026 10:00:00 GMT` (RFC 9110 §5.6.7).
    #[must_use]
    pub fn to_http_date(self) -> String {
        self.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Reads xsd:dateTime in any of the shapes that other servers send, with or without fraction, with `Z` or an offset.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.trim().parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }

    /// Reads an HTTP date (RFC 9110 §5.6.7).
    #[must_use]
    pub fn parse_http_date(text: &str) -> Option<Self> {
        jiff::fmt::rfc2822::parse(text).ok().map(|z| Self(z.timestamp().as_millisecond()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

/// Where instants come from. A parameter everywhere, so that tests decide what time it is.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Moment;
}

/// A clock shared by all parts of a town.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system clock is read")]
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_millis()).unwrap_or(LAST))
    }
}

/// A clock that only moves when told to: for tests and for replaying.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn starting_at(start: Moment) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(start.0)))
    }

    /// Moves the clock on by `millis`.
    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the clock, backwards too (threats R16).
    pub fn set(&self, to: Moment) {
        self.0.store(to.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_print_and_parse_the_shapes_of_the_fediverse() {
        let m = Moment(1_795_341_600_123);
        assert_eq!(Moment::parse_rfc3339(&m.to_rfc3339()), Some(m));
        assert_eq!(
            Moment::parse_rfc3339("2026-01-01T00:00:00Z"),
            Moment::parse_rfc3339("2026-01-01T01:00:00+01:00")
        );
        assert_eq!(Moment::parse_rfc3339("yesterday"), None);
        assert_eq!(Moment::parse_http_date("Thu, 01 Jan 1970 00:00:01 GMT"), Some(Moment(1_000)));
        assert_eq!(Moment(1_000).to_http_date(), "Thu, 01 Jan 1970 00:00:01 GMT");
    }

    #[test]
    fn a_moment_out_of_range_prints_without_panic() {
        assert_eq!(Moment(i64::MAX).to_rfc3339(), "9998-12-31T23:59:59.999Z");
        assert!(Moment(i64::MIN).to_rfc3339().starts_with("000"));
    }
}
