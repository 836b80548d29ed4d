//! How each server fares: cursors, failures, when to try again, death and return (federation.md §5, threats R1–R4). Cursors are moved in
//! `Database::claim` by the one delivering node.

use std::time::Duration;

use parvis_model::time::{DAY, HOUR, MINUTE, Moment, SECOND};
use parvis_store::peers::{self as rows, Peer};
use parvis_store::{Conn, Tx, outbox};

use crate::error::Result;
use crate::follows;

/// A server that failed for so long is dead: tried once a day only.
pub const DEAD_AFTER: i64 = 7 * DAY;
/// The longest pause between two tries of a living server.
const LONGEST_PAUSE: i64 = 12 * HOUR;
/// How often inbound traffic may bring a try forward.
const REVIVED_EVERY: i64 = 10 * MINUTE;
/// How long activities can still be sent.
const KEPT: i64 = 14 * DAY;
/// How long servers are remembered that hear nobody.
const REMEMBERED: i64 = 90 * DAY;

/// Why a server could not take something now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// It said how long to wait.
    pub after: Option<Duration>,
    /// Its inbox for everybody is gone for good (410).
    pub is_gone: bool,
}

/// One server.
///
/// # Errors
/// Internal.
pub fn peer(c: &mut Conn, host: &str) -> Result<Option<Peer>> {
    Ok(rows::by_host(c, host)?)
}

/// Servers that took something from us, the latest first.
///
/// # Errors
/// Internal.
pub fn lately_reached(c: &mut Conn, limit: i64) -> Result<Vec<String>> {
    Ok(rows::lately_reached(c, limit)?)
}

/// The highest number.
///
/// # Errors
/// Internal.
pub fn head(c: &mut Conn) -> Result<i64> {
    Ok(outbox::highest_seq(c)?)
}

/// Numbers committed rows on PostgreSQL (`store::outbox::number`). Run it in `Database::claim`.
///
/// # Errors
/// Internal.
pub fn number(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    Ok(outbox::number(tx, limit)?)
}

/// The server has, or does not want, everything up to `to`.
///
/// # Errors
/// Internal.
pub fn advance(tx: &mut Tx<'_>, host: &str, to: i64) -> Result<()> {
    Ok(rows::advance(tx, host, to)?)
}

/// The server took something.
///
/// # Errors
/// Internal.
pub fn record_success(tx: &mut Tx<'_>, host: &str) -> Result<()> {
    Ok(rows::succeeded(tx, host)?)
}

/// The server could not take something; returns when it is tried again. Pauses double from `federation.first_retry_seconds` to 12 hours,
/// ±20 %; never shorter than the server asked for; once a day when it is dead.
///
/// # Errors
/// Internal.
pub fn record_failure(tx: &mut Tx<'_>, host: &str, trouble: Trouble, first_retry: i64) -> Result<Moment> {
    let now = tx.now();
    let Some(peer) = rows::by_host(tx, host)? else { return Ok(now.plus(DAY)) };
    let first = peer.first_failure_at.unwrap_or(now);
    let is_dead = trouble.is_gone || peer.is_dead || now.since(first) >= DEAD_AFTER;
    let pause = if is_dead { DAY } else { pause_after(peer.failures, first_retry * SECOND) };
    let jittered = jittered(pause, tx.random().below(401));
    let asked = trouble.after.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(DAY)).min(DAY);
    let next = now.plus(jittered.max(asked).max(SECOND));
    rows::failed(tx, host, first, next, is_dead)?;
    Ok(next)
}

/// The pause after so many failures that went before.
fn pause_after(failures: i32, first: i64) -> i64 {
    let doublings = u32::try_from(failures.clamp(0, 30)).unwrap_or(0);
    first.max(SECOND).saturating_mul(2_i64.saturating_pow(doublings)).min(LONGEST_PAUSE)
}

/// 80 % to 120 % of a pause; `dice` is 0 to 400.
fn jittered(pause: i64, dice: u64) -> i64 {
    let thousandths = 800 + i64::try_from(dice).unwrap_or(0).min(400);
    pause.saturating_mul(thousandths) / 1_000
}

/// Something signed came from a server: if we wait to try it again, we try now. For the inbox. Failures stay counted, and it works once in ten
/// minutes, so that a server that talks but does not listen is not hammered (mastodon#31118).
///
/// # Errors
/// Internal.
pub fn revive(tx: &mut Tx<'_>, host: &str) -> Result<bool> {
    let since = tx.now().minus(REVIVED_EVERY);
    let is_revived = rows::try_now(tx, host, since)?;
    if is_revived {
        tx.notify("outbox", 0);
    }
    Ok(is_revived)
}

/// An inbox answered 410: whoever had it for itself follows nobody here any more. True when it is the inbox for everybody of that server,
/// which then counts as a failure with [`Trouble::is_gone`].
///
/// # Errors
/// Internal.
pub fn inbox_is_gone(tx: &mut Tx<'_>, host: &str, inbox: &str) -> Result<bool> {
    let is_shared = rows::is_shared_inbox(tx, host, inbox)?
        || rows::by_host(tx, host)?.is_some_and(|p| p.shared_inbox.as_deref() == Some(inbox));
    if is_shared {
        return Ok(true);
    }
    for (_, follower, followee) in rows::follows_from_inbox(tx, host, inbox)? {
        follows::unfollow(tx, follower, followee)?;
    }
    Ok(false)
}

/// Remembers which signature a server understands: `cavage` or `rfc9421`.
///
/// # Errors
/// Internal.
pub fn set_signature(tx: &mut Tx<'_>, host: &str, scheme: &str) -> Result<()> {
    Ok(rows::set_signature(tx, host, scheme)?)
}

/// Servers that have not everything up to `head` yet and may be tried now; with `only_retries` only those that failed before.
///
/// # Errors
/// Internal.
pub fn behind(c: &mut Conn, head: i64, only_retries: bool, limit: i64) -> Result<Vec<String>> {
    Ok(rows::behind(c, head, only_retries, limit)?)
}

/// When the next server that has not everything up to `head` is to be tried again.
///
/// # Errors
/// Internal.
pub fn next_try(c: &mut Conn, head: i64) -> Result<Option<Moment>> {
    Ok(rows::next_try(c, head)?)
}

/// Lifts the cursors of all servers that wait for nothing, except those that are `busy`, to `through`: everything up to there was handed out.
///
/// # Errors
/// Internal.
pub fn lift(tx: &mut Tx<'_>, busy: &[String], through: i64) -> Result<()> {
    let mut idle = rows::idle_below(tx, through)?;
    idle.retain(|host| !busy.contains(host));
    Ok(rows::lift(tx, &idle, through)?)
}

/// Becomes or stays the node that delivers. Run it in `Database::claim`.
///
/// # Errors
/// Internal.
pub fn take_lead(tx: &mut Tx<'_>, holder: i64, until: Moment) -> Result<bool> {
    Ok(rows::take_lead(tx, "delivery", holder, until)?)
}

/// Lets another node deliver.
///
/// # Errors
/// Internal.
pub fn leave_lead(tx: &mut Tx<'_>, holder: i64) -> Result<()> {
    Ok(rows::leave_lead(tx, "delivery", holder)?)
}

/// Forgets activities that are too old to be sent, and servers that hear nobody. Returns how many of each.
///
/// # Errors
/// Internal.
pub fn forget_old(tx: &mut Tx<'_>) -> Result<(usize, usize)> {
    let now = tx.now();
    let activities = outbox::forget(tx, now.minus(KEPT))?;
    let servers = rows::forget_idle(tx, now.minus(REMEMBERED))?;
    Ok((activities, servers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_pauses_double_up_to_twelve_hours() {
        let minutes: Vec<i64> = (0..12).map(|n| pause_after(n, MINUTE) / MINUTE).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720]);
        assert_eq!(pause_after(i32::MAX, MINUTE), LONGEST_PAUSE);
        assert_eq!(pause_after(-1, 0), SECOND);
    }

    #[test]
    fn pauses_spread_by_a_fifth() {
        assert_eq!(
            (jittered(HOUR, 0), jittered(HOUR, 200), jittered(HOUR, 400)),
            (48 * MINUTE, HOUR, 72 * MINUTE)
        );
    }
}
