//! Names to addresses: resolved once, every address checked, and the connection goes to what was checked (threats F1).
//!
//! Neighbour: [`super::transport`] makes one resolver for each port that has exceptions, since a resolver is not told
//! the port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::{Guard, Refusal};

/// The resolver of one `reqwest::Client`.
pub(super) struct GuardedResolver {
    pub(super) guard: Arc<Guard>,
    /// The one port that this client connects to; 0 when it may be any port without exceptions.
    pub(super) port: u16,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, port) = (Arc::clone(&self.guard), self.port);
        Box::pin(async move {
            let name = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            let checked = if is_localhost(&name) {
                localhost(&guard, port)?
            } else {
                // The port is the caller's: reqwest writes the URL's over it.
                let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
                every(&guard, port, found)?
            };
            Ok::<Addrs, _>(Box::new(checked.into_iter()))
        })
    }
}

/// All addresses, or a refusal when a single one is not allowed: a name that points inside is not trusted outside.
fn every(guard: &Guard, port: u16, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refusal> {
    for address in &found {
        guard.check_address(SocketAddr::new(address.ip(), port))?;
    }
    Ok(found)
}

/// `localhost` and everything under it is loopback (RFC 6761 §6.3), whatever a name server says.
#[must_use]
pub fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// These addresses come from us, so that the allowed ones may be picked out.
fn localhost(guard: &Guard, port: u16) -> Result<Vec<SocketAddr>, Refusal> {
    let addresses = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let allowed: Vec<SocketAddr> = addresses
        .into_iter()
        .filter(|ip| guard.check_address(SocketAddr::new(*ip, port)).is_ok())
        .map(|ip| SocketAddr::new(ip, 0))
        .collect();
    if allowed.is_empty() { Err(Refusal::Address(Ipv4Addr::LOCALHOST.into())) } else { Ok(allowed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn f1_one_private_address_among_public_ones_spoils_the_name() {
        let guard = Guard { allow_http: false, allow_loopback: false, exceptions: Vec::new() };
        assert!(every(&guard, 0, addresses(&["8.8.8.8", "2606:4700::1"])).is_ok());
        for bad in ["127.0.0.1", "::", "10.0.0.1", "::ffff:10.0.0.1"] {
            assert!(every(&guard, 0, addresses(&["8.8.8.8", bad])).is_err(), "{bad}");
        }
    }

    #[test]
    fn f1_a_name_with_an_excepted_address_is_resolved_for_its_port_only() {
        let guard = Guard {
            allow_http: false,
            allow_loopback: false,
            exceptions: vec!["10.0.0.1:8443".parse().unwrap()],
        };
        assert!(every(&guard, 8443, addresses(&["10.0.0.1"])).is_ok());
        assert!(every(&guard, 0, addresses(&["10.0.0.1"])).is_err());
        assert!(every(&guard, 8443, addresses(&["10.0.0.1", "10.0.0.2"])).is_err());
    }

    #[test]
    fn localhost_is_loopback_where_loopback_is_allowed() {
        let mut guard = Guard { allow_http: true, allow_loopback: true, exceptions: Vec::new() };
        assert_eq!(localhost(&guard, 0).unwrap(), addresses(&["127.0.0.1", "::1"]));
        guard.allow_loopback = false;
        assert!(localhost(&guard, 0).is_err());
        guard.exceptions.push("127.0.0.1:4001".parse().unwrap());
        assert_eq!(localhost(&guard, 4001).unwrap(), addresses(&["127.0.0.1"]));
        assert!(localhost(&guard, 4002).is_err());
        assert!(is_localhost("town-a.localhost") && is_localhost("localhost"));
        assert!(!is_localhost("notlocalhost") && !is_localhost("localhost.evil.example"));
    }
}
