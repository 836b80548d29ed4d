//! Counting attempts in fixed windows: passwords tried per login and per network, requests of the client API. In memory, bounded, by the
//! town's clock. Owned by [`crate::Town`] or by a door; nothing here is global. Several nodes count each for itself.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use parvis_model::time::Moment;

/// How much is allowed in which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub count: u32,
    /// In how many milliseconds.
    pub window: i64,
}

/// Where a caller stands after one more attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the attempt is within the limit.
    pub is_allowed: bool,
    /// How many remain in this window.
    pub remaining: u32,
    /// When the window ends.
    pub resets_at: Moment,
}

/// Counters by key. At most `capacity` keys; see [`Attempts::count`] for what happens beyond.
#[derive(Debug)]
pub struct Attempts {
    capacity: usize,
    windows: Mutex<HashMap<String, Window>>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    ends: Moment,
    count: u32,
}

impl Attempts {
    /// Room for `capacity` keys.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, windows: Mutex::default() }
    }

    /// Counts one attempt. When there is no room for another key, those whose window is over go first, then those who tried only once:
    /// who is over a limit is forgotten last.
    pub fn count(&self, key: &str, limit: Limit, now: Moment) -> Standing {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= self.capacity && !windows.contains_key(key) {
            make_room(&mut windows, self.capacity, now);
        }
        let window =
            windows.entry(key.to_owned()).or_insert(Window { ends: now.plus(limit.window), count: 0 });
        // A clock that was set back must not lock anybody out for longer than a window.
        if window.ends <= now || window.ends.since(now) > limit.window {
            *window = Window { ends: now.plus(limit.window), count: 0 };
        }
        window.count = window.count.saturating_add(1);
        Standing {
            is_allowed: window.count <= limit.count,
            remaining: limit.count.saturating_sub(window.count),
            resets_at: window.ends,
        }
    }

    /// Takes one attempt back: the right password was given. Not all of them: whoever has one account must not wipe out what they tried on others.
    pub fn give_back(&self, key: &str) {
        if let Some(window) = self.windows.lock().unwrap_or_else(PoisonError::into_inner).get_mut(key) {
            window.count = window.count.saturating_sub(1);
        }
    }
}

fn make_room(windows: &mut HashMap<String, Window>, capacity: usize, now: Moment) {
    windows.retain(|_, w| w.ends > now);
    if windows.len() >= capacity {
        windows.retain(|_, w| w.count > 1);
    }
    if windows.len() >= capacity {
        windows.clear();
    }
}

/// What stands for a network in a key: an IPv4 address, or the /64 that one IPv6 customer has.
#[must_use]
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { count: 2, window: 1_000 };

    #[test]
    fn a8_attempts_beyond_the_limit_wait_for_the_next_window() {
        let attempts = Attempts::new(10);
        let at = |millis| attempts.count("ana", LIMIT, Moment(millis)).is_allowed;
        assert_eq!([at(0), at(1), at(2), at(999)], [true, true, false, false]);
        assert!(at(1_000));
        assert!(attempts.count("ben", LIMIT, Moment(999)).is_allowed);
    }

    #[test]
    fn r16_a_clock_set_back_locks_nobody_out() {
        let attempts = Attempts::new(10);
        for _ in 0..3 {
            attempts.count("ana", LIMIT, Moment(100_000));
        }
        assert!(attempts.count("ana", LIMIT, Moment(5)).is_allowed);
    }

    #[test]
    fn a8_the_memory_is_bounded_and_offenders_are_remembered_longest() {
        let attempts = Attempts::new(100);
        for _ in 0..3 {
            attempts.count("offender", LIMIT, Moment(0));
        }
        for n in 0..10_000 {
            attempts.count(&format!("visitor {n}"), LIMIT, Moment(1));
        }
        assert!(attempts.windows.lock().expect("unlocked").len() <= 100);
        assert!(!attempts.count("offender", LIMIT, Moment(2)).is_allowed);
    }

    #[test]
    fn a8_one_network_is_one_key_however_its_address_is_spelled() {
        let key = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    }
}
