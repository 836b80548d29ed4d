//! Who the client is: the peer's address, or what a trusted proxy says of it (threats A8). Everybody else's `X-Forwarded-For` is noise.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use ipnet::IpNet;
use parvis_domain::outside::ClientIp;

/// The [`ClientIp`] of a request; unknown where there is no connection, in tests.
pub fn of(request: &Request, trusted: &[IpNet]) -> Option<ClientIp> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let forwarded = request.headers().get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let list = forwarded.collect::<Vec<_>>().join(",");
    Some(ClientIp(client(peer, &list, trusted)))
}

/// The last address of the chain that is no trusted proxy.
fn client(peer: IpAddr, forwarded: &str, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
    let mut at = peer;
    for hop in forwarded.rsplit(',').map(str::trim).filter(|h| !h.is_empty()).take(20) {
        if !is_trusted(at) {
            break;
        }
        match hop.parse() {
            Ok(ip) => at = ip,
            Err(_) => break,
        }
    }
    at.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a8_only_trusted_proxies_say_who_the_client_is() {
        let ip = |t: &str| t.parse::<IpAddr>().expect("an address");
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().expect("a network")];
        assert_eq!(client(ip("203.0.113.9"), "1.2.3.4", &trusted), ip("203.0.113.9"));
        assert_eq!(client(ip("10.0.0.1"), "6.6.6.6, 198.51.100.7", &trusted), ip("198.51.100.7"));
        assert_eq!(client(ip("10.0.0.1"), "198.51.100.7, 10.0.0.2", &trusted), ip("198.51.100.7"));
        assert_eq!(client(ip("10.0.0.1"), "nonsense", &trusted), ip("10.0.0.1"));
    }
}
