//! Whose key, whose host: origins as parsed tuples and the rule that ties a key's id to an actor's (threats S7–S9).
//!
//! Texts are never compared here, only what the URL parser made of them. Not here: whether the actor's document really
//! lists the key; the inbox asks that.

use url::{Position, Url};

/// Who answers for a URL: scheme, host in ASCII and port. `None` of these may be missing, and there is no user info.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of `url`, when it is http(s), has a host and no user info.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some()
        {
            return None;
        }
        // `example.org.` is `example.org` to the resolver, and must not be another origin to us.
        let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
        (!host.is_empty()).then_some(())?;
        Some(Self { scheme: url.scheme().to_owned(), host, port: url.port_or_known_default()? })
    }

    /// `host` or `host:port`, the port only when it is not the scheme's own: how peers are named in the database.
    #[must_use]
    pub fn authority(&self) -> String {
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }
}

/// Whether the two addresses belong to the same origin. Addresses without an origin never do.
#[must_use]
pub fn same_origin(one: &Url, other: &Url) -> bool {
    Origin::of(one).is_some_and(|origin| Some(origin) == Origin::of(other))
}

/// Whether a key with this id can be a key of this actor: `actor#fragment`, `actor/main-key` (GoToSocial) or the actor's
/// id itself. It only rules out; the actor's document must still list the key.
#[must_use]
pub fn key_belongs_to(key_id: &str, actor: &Url) -> bool {
    let Ok(key) = Url::parse(key_id) else { return false };
    if !same_origin(&key, actor) || actor.fragment().is_some() {
        return false;
    }
    let (key, actor) = (&key[Position::BeforePath..Position::AfterQuery], &actor[Position::BeforePath..]);
    key == actor || key.strip_prefix(actor) == Some("/main-key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn keys_belong_to_actors_in_the_three_known_forms() {
        let actor = url("https://away.example/users/bea");
        for key in ["", "#main-key", "#ed25519-key", "/main-key"] {
            assert!(key_belongs_to(&format!("{actor}{key}"), &actor), "{key}");
        }
        assert!(key_belongs_to(
            "https://away.example/?author=1#main-key",
            &url("https://away.example/?author=1")
        ));
        assert!(key_belongs_to("https://away.example/#main-key", &url("https://away.example/")));
    }

    #[test]
    fn s8_a_key_of_somebody_else_belongs_to_nobody_else() {
        let actor = url("https://away.example/users/bea");
        for key in [
            "https://away.example/users/bea2#main-key",
            "https://away.example/users/bea/../bob#main-key",
            "https://away.example/users/bea/main-key/more",
            "https://away.example/users/bea/statuses/1#main-key",
            "https://away.example/users/bea?x#main-key",
            "https://other.example/users/bea#main-key",
            "acct:bea@away.example",
            "bea",
            "",
        ] {
            assert!(!key_belongs_to(key, &actor), "{key}");
        }
    }

    #[test]
    fn s9_origins_are_parsed_tuples() {
        for (one, other) in [
            ("https://Away.Example/a", "https://away.example:443/b"),
            ("http://away.example", "http://away.example:80"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("https://away.example./", "https://away.example/"),
            ("https://away.example\\@evil.example/", "https://away.example/"),
        ] {
            assert!(same_origin(&url(one), &url(other)), "{one} {other}");
        }
        for (one, other) in [
            ("https://away.example/", "http://away.example/"),
            ("https://away.example/", "https://away.example:8443/"),
            ("https://away.example/", "https://away.example@evil.example/"),
            ("https://user@away.example/", "https://user@away.example/"),
            ("https://away.example/", "https://away.example.evil.example/"),
            ("data:text/plain,a", "data:text/plain,a"),
        ] {
            assert!(!same_origin(&url(one), &url(other)), "{one} {other}");
        }
        // A label that says it is punycode and is not would be one host to one parser and another to the next.
        assert!(Url::parse("https://xn--example-.org/").is_err());
    }

    #[test]
    fn peers_are_named_without_the_usual_port() {
        assert_eq!(Origin::of(&url("https://A.example:443/x")).unwrap().authority(), "a.example");
        assert_eq!(Origin::of(&url("http://localhost:4001/x")).unwrap().authority(), "localhost:4001");
    }
}
