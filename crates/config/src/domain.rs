//! The name of an instance and how it is reached: a domain that is never an address, and a scheme.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use url::{Host, Url};

/// The name of an instance: a host name in ASCII lower case (IDNA applied), never an IP address, and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Domain {
    host: String,
    port: Option<u16>,
}

/// Why a text is no [`Domain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDomain {
    /// It has a scheme, a path, an account or blanks in it, or nothing at all.
    #[error("a domain is a name such as parvis.example or localhost:4001, without http:// and without /")]
    Shape,
    /// It is an IP address.
    #[error("a domain is a name, never an IP address")]
    Address,
    /// The part after the colon is no port.
    #[error("the port after the colon must be a number between 1 and 65535")]
    Port,
}

impl Domain {
    pub(crate) fn trial() -> Self {
        Self { host: "localhost".to_owned(), port: Some(8080) }
    }

    /// The name without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if the domain carries one.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// The first part of every URL of this instance.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the host was parsed by the same library when the domain was made"
    )]
    pub(crate) fn origin(&self, scheme: Scheme) -> Url {
        Url::parse(&format!("{scheme}://{self}/")).expect("a checked domain gives a URL")
    }

    /// This domain without a port that the scheme has anyway.
    pub(crate) fn without_default_port(mut self, scheme: Scheme) -> Self {
        if self.port == Some(scheme.default_port()) {
            self.port = None;
        }
        self
    }
}

impl FromStr for Domain {
    type Err = BadDomain;

    fn from_str(text: &str) -> Result<Self, BadDomain> {
        if text.starts_with('[') {
            return Err(BadDomain::Address);
        }
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        };
        let plain = |c: char| c.is_alphanumeric() || c == '.' || c == '-' || !c.is_ascii();
        if name.is_empty() || !name.chars().all(plain) || name.ends_with('.') {
            return Err(BadDomain::Shape);
        }
        let host = match Host::parse(name).map_err(|_| BadDomain::Shape)? {
            Host::Domain(host) => host,
            Host::Ipv4(_) | Host::Ipv6(_) => return Err(BadDomain::Address),
        };
        if host.len() > 253 || host.split('.').any(|label| label.is_empty() || label.len() > 63) {
            return Err(BadDomain::Shape);
        }
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let port = match port {
            None => None,
            Some(text) if !digits(text) => return Err(BadDomain::Port),
            Some(text) => Some(text.parse().ok().filter(|port| *port != 0).ok_or(BadDomain::Port)?),
        };
        Ok(Self { host, port })
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

impl Serialize for Domain {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// How the instance is reached from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// For trials and tests.
    Http,
    /// For everything else.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(text: &str) -> Result<String, BadDomain> {
        text.parse::<Domain>().map(|domain| domain.to_string())
    }

    #[test]
    fn a_domain_is_kept_in_ascii_lower_case() {
        assert_eq!(domain("Parvis.Example"), Ok("parvis.example".into()));
        assert_eq!(domain("mairie-élan.example"), Ok("xn--mairie-lan-h7a.example".into()));
        assert_eq!(domain("town-a.localhost:4001"), Ok("town-a.localhost:4001".into()));
    }

    #[test]
    fn an_address_is_no_domain_however_it_is_written() {
        for text in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "[::1]",
            "[::1]:80",
            "127.0.0.1:4001",
            "127。0。0。1",
        ] {
            assert_eq!(domain(text), Err(BadDomain::Address), "{text}");
        }
    }

    #[test]
    fn a_domain_has_no_scheme_path_account_or_blank() {
        for text in [
            "",
            " ",
            "https://a.example",
            "a.example/",
            "u@a.example",
            "a b.example",
            "a.example.",
            "a..example",
            "::1",
            "a_b.example",
        ] {
            assert!(domain(text).is_err(), "{text}");
        }
        assert_eq!(domain("https://a.example"), Err(BadDomain::Port));
        for port in ["0", "65536", "+80", "x", ""] {
            assert_eq!(domain(&format!("a.example:{port}")), Err(BadDomain::Port), "{port}");
        }
    }

    #[test]
    fn the_origin_leaves_out_the_port_of_the_scheme() {
        let with = |port| Domain { host: "a.example".into(), port: Some(port) };
        assert_eq!(with(443).origin(Scheme::Https).as_str(), "https://a.example/");
        assert_eq!(with(443).origin(Scheme::Http).as_str(), "http://a.example:443/");
        assert_eq!(with(80).without_default_port(Scheme::Http).to_string(), "a.example");
    }
}
