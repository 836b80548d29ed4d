//! How often somebody may ask, as Mastodon counts it: 300 requests in 5 minutes for an account or, without a token, for a network; less for
//! what costs more. Told in `X-RateLimit-*` (threats A8). Keys are accounts and networks, never paths or headers that a client chooses.
//!
//! Not here: attempts at passwords and codes (`domain::attempts`), limits of the inbox (`federation`).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue};
use parvis_model::ids::{AccountId, AppId};
use parvis_model::time::{MINUTE, Moment};

/// What a route costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Budget {
    /// Not counted: pictures that never change.
    Free,
    /// Any request.
    Usual,
    /// Uploads.
    Upload,
    /// Deleting and taking boosts back: each one travels to other servers.
    Delete,
    /// Registering a client program.
    Program,
    /// Opening an account.
    SignUp,
}

impl Budget {
    /// So many requests in so many milliseconds.
    const fn allowance(self) -> (u32, i64) {
        match self {
            Self::Free => (u32::MAX, MINUTE),
            Self::Usual => (300, 5 * MINUTE),
            Self::Upload | Self::Delete => (30, 30 * MINUTE),
            Self::Program => (25, 10 * MINUTE),
            Self::SignUp => (25, 30 * MINUTE),
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Somebody with a token, whichever token it is.
    Account(AccountId),
    /// A program with a token of its own, from one network.
    Program(AppId, IpAddr),
    /// Anybody, by network.
    Network(IpAddr),
}

impl Who {
    /// A visitor's network: the address, of IPv6 the /64 that a household has.
    #[must_use]
    pub fn network(ip: IpAddr) -> Self {
        Self::Network(household(ip))
    }

    /// A program's own token.
    #[must_use]
    pub fn program(app: AppId, ip: IpAddr) -> Self {
        Self::Program(app, household(ip))
    }
}

/// The part of an address that a household has: of IPv6 the /64.
#[must_use]
pub fn household(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

/// How a count stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    limit: u32,
    remaining: u32,
    /// When the window ends.
    reset: Moment,
    /// This request was one too many.
    pub is_over: bool,
}

impl Standing {
    /// Seconds until the window ends, at least one.
    #[must_use]
    pub fn wait(&self, now: Moment) -> u32 {
        u32::try_from(self.reset.since(now) / 1_000 + 1).unwrap_or(1)
    }

    /// Says it in headers.
    pub fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static("x-ratelimit-limit"), HeaderValue::from(self.limit));
        headers.insert(HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from(self.remaining));
        if let Ok(reset) = HeaderValue::from_str(&self.reset.to_rfc3339()) {
            headers.insert(HeaderName::from_static("x-ratelimit-reset"), reset);
        }
    }
}

/// More keys than this are not kept: those who come later share a few counts.
const KEYS_MAX: usize = 50_000;
/// How many counts the late ones share.
const SHARED: u16 = 4_096;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Single(Budget, Who),
    Shared(Budget, u16),
}

/// Counts of one process. Bounded: see [`KEYS_MAX`].
#[derive(Debug, Default)]
pub struct Counts(Mutex<HashMap<Key, (i64, u32)>>);

impl Counts {
    /// Counts one request.
    pub fn count(&self, budget: Budget, who: Who, now: Moment) -> Standing {
        let (limit, length) = budget.allowance();
        let window = now.0.div_euclid(length);
        let reset = Moment(window.saturating_add(1).saturating_mul(length));
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Key::Single(budget, who);
        if counts.len() >= KEYS_MAX && !counts.contains_key(&key) {
            counts.retain(|k, (at, _)| *at == now.0.div_euclid(k.budget().allowance().1));
            if counts.len() >= KEYS_MAX {
                key = Key::Shared(budget, shared(who));
            }
        }
        let (at, used) = counts.entry(key).or_insert((window, 0));
        if *at != window {
            (*at, *used) = (window, 0);
        }
        *used = used.saturating_add(1);
        Standing { limit, remaining: limit.saturating_sub(*used), reset, is_over: *used > limit }
    }
}

impl Key {
    const fn budget(&self) -> Budget {
        match self {
            Self::Single(budget, _) | Self::Shared(budget, _) => *budget,
        }
    }
}

fn shared(who: Who) -> u16 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    who.hash(&mut hasher);
    u16::try_from(hasher.finish() % u64::from(SHARED)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_800_000_000_000);

    #[test]
    fn a8_the_three_hundred_and_first_request_is_one_too_many() {
        let counts = Counts::default();
        let ana = Who::Account(AccountId(1));
        for n in 1..=300 {
            let standing = counts.count(Budget::Usual, ana, NOW);
            assert!(!standing.is_over, "request {n}");
        }
        assert!(counts.count(Budget::Usual, ana, NOW).is_over);
        assert!(
            !counts.count(Budget::Usual, Who::Account(AccountId(2)), NOW).is_over,
            "others are not held back"
        );
        assert!(!counts.count(Budget::Upload, ana, NOW).is_over, "other budgets are their own");
        assert!(
            !counts.count(Budget::Usual, ana, NOW.plus(5 * MINUTE)).is_over,
            "the next window begins anew"
        );
    }

    #[test]
    fn a8_a_household_cannot_ask_more_by_changing_its_address() {
        let one = Who::network("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(one, Who::network("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_ne!(one, Who::network("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(
            Who::network("::ffff:192.0.2.1".parse().unwrap()),
            Who::network("192.0.2.1".parse().unwrap())
        );
    }

    #[test]
    fn the_counts_do_not_grow_without_end() {
        let counts = Counts::default();
        for n in 0..60_000 {
            counts.count(Budget::Usual, Who::Account(AccountId(n)), NOW);
        }
        assert!(counts.0.lock().unwrap().len() <= KEYS_MAX + usize::from(SHARED));
        counts.count(Budget::Usual, Who::Account(AccountId(99_999)), NOW.plus(5 * MINUTE));
        assert!(counts.0.lock().unwrap().len() <= 1, "counts of windows that ended go");
    }
}
