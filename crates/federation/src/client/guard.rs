//! Which addresses we speak to: an allow-list, because every deny-list so far had a hole (threats F1, F2).
//!
//! Public addresses are allowed. Loopback is allowed when the settings say so (development), and so is each exact
//! `ip:port` that the settings name. Neighbours: [`super::resolver`] asks about every address that a name has,
//! [`super::transport`] asks about every URL of every hop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// IPv4 ranges in the IANA special-purpose registry, multicast and class E: network and prefix length.
const V4_SPECIAL: [(Ipv4Addr, u32); 18] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The part of IPv6 that is given out to networks.
const V6_PUBLIC: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Ranges inside [`V6_PUBLIC`] that lead elsewhere: protocol assignments with Teredo, documentation, 6to4, AS112.
const V6_SPECIAL: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
];

/// Why we do not send a request at all. Trying again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither https nor, where it is allowed, http.
    #[error("only https addresses are asked")]
    Scheme,
    /// There is a login in the URL.
    #[error("addresses with a login are not asked")]
    UserInfo,
    /// There is no host in the URL.
    #[error("the address has no host")]
    NoHost,
    /// The address is not a public one.
    #[error("{0} is not a public address")]
    Address(IpAddr),
    /// It is this town: what is asked for is in the database.
    #[error("this is our own address")]
    Ourselves,
    /// More redirects than we follow.
    #[error("too many redirects")]
    TooManyRedirects,
    /// A redirect from https to http, or to nowhere.
    #[error("the redirect is not followed")]
    Redirect,
}

/// The rules of one town.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) allow_http: bool,
    pub(super) allow_loopback: bool,
    pub(super) exceptions: Vec<SocketAddr>,
}

impl Guard {
    /// Whether a request may go to `url`: scheme, login and, when the host is an address, the address. Names are judged
    /// when they are resolved.
    pub(super) fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            _ => return Err(Refusal::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserInfo);
        }
        let port = url.port_or_known_default().unwrap_or_default();
        match url.host().ok_or(Refusal::NoHost)? {
            Host::Ipv4(ip) => self.check_address(SocketAddr::new(ip.into(), port)),
            Host::Ipv6(ip) => self.check_address(SocketAddr::new(ip.into(), port)),
            Host::Domain(_) => Ok(()),
        }
    }

    /// Whether we may connect to `address`.
    pub(super) fn check_address(&self, address: SocketAddr) -> Result<(), Refusal> {
        let ip = address.ip().to_canonical();
        let excepted = self
            .exceptions
            .iter()
            .any(|allowed| allowed.ip().to_canonical() == ip && allowed.port() == address.port());
        if is_public(ip) || (self.allow_loopback && ip.is_loopback()) || excepted {
            Ok(())
        } else {
            Err(Refusal::Address(address.ip()))
        }
    }
}

/// Whether an address belongs to the public internet.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => v4_is_public(ip),
        IpAddr::V6(ip) => v6_is_public(ip),
    }
}

fn v4_is_public(ip: Ipv4Addr) -> bool {
    let within =
        |&(network, length): &(Ipv4Addr, u32)| (ip.to_bits() ^ network.to_bits()) >> (32 - length) == 0;
    !V4_SPECIAL.iter().any(within)
}

fn v6_is_public(ip: Ipv6Addr) -> bool {
    // An IPv4 address in disguise is what it hides: mapped (::ffff:0:0/96) and translated (64:ff9b::/96, RFC 6052).
    // Compatible (::/96) and 6to4 (2002::/16) addresses are obsolete: nothing public is there, whatever they hide.
    if let Some(inner) = ip.to_ipv4_mapped() {
        return v4_is_public(inner);
    }
    if let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = ip.segments() {
        return v4_is_public(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    }
    let within =
        |&(network, length): &(Ipv6Addr, u32)| (ip.to_bits() ^ network.to_bits()) >> (128 - length) == 0;
    within(&V6_PUBLIC) && !V6_SPECIAL.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict() -> Guard {
        Guard { allow_http: false, allow_loopback: false, exceptions: Vec::new() }
    }

    #[test]
    fn f2_every_special_range_is_refused_at_both_ends() {
        for special in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "192.175.48.1",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::192.168.1.1",
            "64:ff9b:1::1",
            "100::1",
            "1fff:ffff::1",
            "2001::1",
            "2001:20::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "2620:4f:8000::1",
            "3fff::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(special.parse().unwrap()), "{special}");
        }
    }

    #[test]
    fn f2_public_addresses_beside_the_special_ranges_are_allowed() {
        for public in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.0.3.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2001:200::1",
            "2001:db7::1",
            "2003::1",
            "2606:4700::1",
            "2620:4f:8001::1",
            "2a00:1450::1",
            "3ffe::1",
            "3fff:1000::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn f2_addresses_in_any_spelling_are_addresses() {
        for spelling in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://１２７.0.0.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::]/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            let url = Url::parse(spelling).unwrap();
            assert!(matches!(strict().check_url(&url), Err(Refusal::Address(_))), "{spelling}");
        }
    }

    #[test]
    fn f3_only_web_addresses_without_a_login_are_asked() {
        for (text, expected) in [
            ("https://away.example/", Ok(())),
            ("https://8.8.8.8/", Ok(())),
            ("http://away.example/", Err(Refusal::Scheme)),
            ("ftp://away.example/", Err(Refusal::Scheme)),
            ("file:///etc/passwd", Err(Refusal::Scheme)),
            ("gopher://127.0.0.1:25/x", Err(Refusal::Scheme)),
            ("https://ana@away.example/", Err(Refusal::UserInfo)),
            ("https://:pw@away.example/", Err(Refusal::UserInfo)),
        ] {
            assert_eq!(strict().check_url(&Url::parse(text).unwrap()), expected, "{text}");
        }
        let lax = Guard { allow_http: true, ..strict() };
        assert_eq!(lax.check_url(&Url::parse("http://away.example/").unwrap()), Ok(()));
    }

    #[test]
    fn f1_exceptions_are_exact_addresses_with_their_port() {
        let guard = Guard { exceptions: vec!["10.1.2.3:8443".parse().unwrap()], ..strict() };
        let check = |address: &str| guard.check_address(address.parse().unwrap()).is_ok();
        assert!(check("10.1.2.3:8443") && check("[::ffff:10.1.2.3]:8443"));
        assert!(!check("10.1.2.3:443") && !check("10.1.2.4:8443") && !check("127.0.0.1:8443"));
        let developing = Guard { allow_loopback: true, ..strict() };
        assert!(developing.check_address("127.0.0.2:1".parse().unwrap()).is_ok());
        assert!(developing.check_address("[::1]:1".parse().unwrap()).is_ok());
        assert!(developing.check_address("10.0.0.1:1".parse().unwrap()).is_err());
    }
}
