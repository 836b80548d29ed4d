//! How many requests are taken in which time, counted by account, by program, or by network for those who have no token (threats A8). The counters
//! are those of `domain::attempts`; paths do not matter, so no spelling of one gets around them.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::response::Response;
use http::HeaderValue;
use parvis_domain::attempts::{Attempts, Limit, Standing, network};
use parvis_domain::oauth::Grant;
use parvis_domain::outside::ClientIp;
use parvis_model::time::{MINUTE, Moment};

/// What everybody has: 300 requests in five minutes, as Mastodon.
const GENERAL: Limit = Limit { count: 300, window: 5 * MINUTE };

/// How many accounts and networks are counted at once.
const COUNTED: usize = 50_000;

/// A limit of its own for something costly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Costly {
    /// Uploads: 60 in half an hour.
    Upload,
    /// Deleting and unboosting: 60 in half an hour.
    Delete,
    /// Opening accounts: 5 in half an hour and network.
    SignUp,
    /// Registering programs: 30 in an hour and network.
    Register,
}

impl Costly {
    const fn limit(self) -> Limit {
        match self {
            Self::Upload | Self::Delete => Limit { count: 60, window: 30 * MINUTE },
            Self::SignUp => Limit { count: 5, window: 30 * MINUTE },
            Self::Register => Limit { count: 30, window: 60 * MINUTE },
        }
    }
}

/// The counters of one town's client API.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    attempts: Arc<Attempts>,
    are_enforced: bool,
}

/// Where a request stands, for its answer's headers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    limit: Limit,
    standing: Standing,
    /// Whether it goes on.
    pub(crate) is_allowed: bool,
}

impl Limits {
    pub(crate) fn new(are_enforced: bool) -> Self {
        Self { attempts: Arc::new(Attempts::new(COUNTED)), are_enforced }
    }

    /// Counts one request.
    pub(crate) fn count(
        &self,
        grant: Option<&Grant>,
        from: Option<ClientIp>,
        costly: Option<Costly>,
        now: Moment,
    ) -> Counted {
        let network = || network(from.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ip| ip.0));
        let who = match grant {
            Some(Grant { account: Some(account), .. }) => format!("account {account}"),
            Some(grant) => format!("app {} {}", grant.app, network()),
            None => network(),
        };
        let general = (GENERAL, self.attempts.count(&who, GENERAL, now));
        let special = costly.map(|costly| {
            let who =
                if matches!(costly, Costly::SignUp | Costly::Register) { network() } else { who.clone() };
            (costly.limit(), self.attempts.count(&format!("{costly:?} {who}"), costly.limit(), now))
        });
        let is_allowed = general.1.is_allowed && special.is_none_or(|(_, s)| s.is_allowed);
        // The one that matters to the program is the one with less left.
        let (limit, standing) = match special {
            Some(special) if special.1.remaining < general.1.remaining || !special.1.is_allowed => special,
            _ => general,
        };
        Counted { limit, standing, is_allowed: is_allowed || !self.are_enforced }
    }
}

impl Counted {
    /// Mastodon's three headers.
    pub(crate) fn mark(&self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.insert("x-ratelimit-limit", self.limit.count.into());
        headers.insert("x-ratelimit-remaining", self.standing.remaining.into());
        if let Ok(value) = HeaderValue::from_str(&self.standing.resets_at.to_rfc3339()) {
            headers.insert("x-ratelimit-reset", value);
        }
    }
}
