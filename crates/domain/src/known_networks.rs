//! The blocked networks as they were read last: the door asks at every request, so they are kept in memory for some seconds. Owned by
//! [`crate::Town`]; the rules are `barriers::networks`.

use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use ipnet::IpNet;
use parvis_model::barrier::NetworkSeverity;
use parvis_model::time::{Moment, SECOND};

/// How long the list is believed.
const FRESH: i64 = 10 * SECOND;

/// Networks with how hard they are kept out.
pub type List = Vec<(IpNet, NetworkSeverity)>;

/// See the module.
#[derive(Debug, Default)]
pub struct KnownNetworks(RwLock<Option<(Moment, List)>>);

impl KnownNetworks {
    /// How an address is kept out, by what was read lately; `None` when the list must be read again.
    #[must_use]
    pub fn ask(&self, ip: IpAddr, now: Moment) -> Option<Option<NetworkSeverity>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (at, list) = known.as_ref()?;
        (0..FRESH).contains(&now.since(*at)).then(|| hardest(list, ip))
    }

    /// Keeps what was read, and says how an address is kept out.
    pub fn keep(&self, ip: IpAddr, now: Moment, list: List) -> Option<NetworkSeverity> {
        let found = hardest(&list, ip);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, list));
        found
    }

    /// Forgets what was read: a block was changed here.
    pub fn forget(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn hardest(list: &List, ip: IpAddr) -> Option<NetworkSeverity> {
    let ip = ip.to_canonical();
    list.iter().filter(|(net, _)| net.contains(&ip)).map(|(_, severity)| *severity).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hardest_block_counts_and_an_old_list_does_not() {
        let net = |text: &str| text.parse::<IpNet>().unwrap();
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let known = KnownNetworks::default();
        let now = Moment(1_000_000);
        assert_eq!(known.ask(ip("192.0.2.1"), now), None);
        let list = vec![
            (net("192.0.2.0/24"), NetworkSeverity::SignUpBlock),
            (net("192.0.2.1/32"), NetworkSeverity::NoAccess),
        ];
        assert_eq!(known.keep(ip("192.0.2.9"), now, list), Some(NetworkSeverity::SignUpBlock));
        assert_eq!(known.ask(ip("::ffff:192.0.2.1"), now), Some(Some(NetworkSeverity::NoAccess)));
        assert_eq!(known.ask(ip("198.51.100.1"), now), Some(None));
        assert_eq!(known.ask(ip("192.0.2.1"), now.plus(FRESH)), None);
        known.forget();
        assert_eq!(known.ask(ip("192.0.2.1"), now), None);
    }
}
