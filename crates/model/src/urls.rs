//! Every address of our own in one place, and what an origin is. `Urls` is built once from the settings; nothing else prints a path of ours
//! into a document. Links never come from what a client sent (threats X5).

use url::Url;

use crate::ids::{AccountId, EmojiId, MediaId, ReportId, StatusId};

/// Scheme, host and port: what authority means (threats S9). Compared as a tuple, never as text.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: String,
    /// Lower-case name, punycode.
    pub host: String,
    /// Explicit or the scheme's own.
    pub port: u16,
}

/// The origin of an http(s) URL that has a host name and no user part; `None` for anything else.
#[must_use]
pub fn origin(url: &Url) -> Option<Origin> {
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    Some(Origin {
        scheme: url.scheme().to_owned(),
        host: url.host_str()?.to_owned(),
        port: url.port_or_known_default()?,
    })
}

/// Whether two addresses have the same authority.
#[must_use]
pub fn is_same_origin(a: &Url, b: &Url) -> bool {
    origin(a).is_some_and(|x| origin(b) == Some(x))
}

/// `host` or `host:port` of a URL as handles print it (the scheme's own port left out).
#[must_use]
pub fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |p| format!("{host}:{p}")))
}

/// A host as typed → its one spelling: lower case, punycode, a name and never an address, an optional port. `None` when it is none.
#[must_use]
pub fn host_key(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > 253 || text.contains(['/', '@', '?', '#', '\\', ' ', '[']) {
        return None;
    }
    let url = Url::parse(&format!("http://{text}/")).ok()?;
    match url.host()? {
        url::Host::Domain(name) if !name.is_empty() && !name.starts_with('.') => {}
        _ => return None,
    }
    authority(&url)
}

/// Tells addresses apart, and says that somebody knows one (FNV-1a, 16 hexadecimal digits); not for secrets.
#[must_use]
pub fn mark(text: &str) -> String {
    let sum = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, b| (sum ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{sum:016x}")
}

/// Sides of the town's icon, in pixels: the pages serve it in each of these sizes.
pub const ICON_SIZES: [u32; 3] = [48, 192, 512];

/// The addresses of one town.
#[derive(Clone, Debug)]
pub struct Urls {
    base: String,
    domain: String,
}

impl Urls {
    /// `scheme` is `http` or `https`; `domain` is `host[:port]` in its one spelling.
    #[must_use]
    pub fn new(scheme: &str, domain: &str) -> Self {
        Self { base: format!("{scheme}://{domain}"), domain: domain.to_owned() }
    }

    /// `https://town.example`, no slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `host[:port]` of handles and ids.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// `ws(s)://town.example`, where clients open their stream.
    #[must_use]
    pub fn streaming(&self) -> String {
        self.base.replacen("http", "ws", 1)
    }

    /// Whether the URL is of this town.
    #[must_use]
    pub fn is_ours(&self, url: &Url) -> bool {
        Url::parse(&self.base).is_ok_and(|base| is_same_origin(&base, url))
    }

    /// The same for text; unreadable text is nobody's.
    #[must_use]
    pub fn is_our_text(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|u| self.is_ours(&u))
    }

    /// The instance actor (FEP-2677, and Lemmy asks for it).
    #[must_use]
    pub fn instance_actor(&self) -> String {
        format!("{}/", self.base)
    }

    /// The inbox for everybody here.
    #[must_use]
    pub fn shared_inbox(&self) -> String {
        format!("{}/inbox", self.base)
    }

    /// An actor: `…/users/ana`.
    #[must_use]
    pub fn actor(&self, username: &str) -> String {
        format!("{}/users/{username}", self.base)
    }

    /// A part of an actor: `inbox`, `outbox`, `followers`, `following`, `collections/featured`.
    #[must_use]
    pub fn actor_part(&self, username: &str, part: &str) -> String {
        format!("{}/users/{username}/{part}", self.base)
    }

    /// The profile page.
    #[must_use]
    pub fn profile(&self, username: &str) -> String {
        format!("{}/@{username}", self.base)
    }

    /// A post as an ActivityPub object.
    #[must_use]
    pub fn status(&self, username: &str, id: StatusId) -> String {
        format!("{}/users/{username}/statuses/{id}", self.base)
    }

    /// A post's page.
    #[must_use]
    pub fn status_page(&self, username: &str, id: StatusId) -> String {
        format!("{}/@{username}/{id}", self.base)
    }

    /// An activity of an actor: `…/users/ana#follows/12`. `name` says which.
    #[must_use]
    pub fn activity(&self, username: &str, name: &str) -> String {
        format!("{}/users/{username}#{name}", self.base)
    }

    /// That a post may quote one of this actor's (FEP-044f).
    #[must_use]
    pub fn quote_authorization(&self, username: &str, quoting: StatusId) -> String {
        format!("{}/users/{username}/quote_authorizations/{quoting}", self.base)
    }

    /// The page of a hashtag.
    #[must_use]
    pub fn tag(&self, name: &str) -> String {
        // An address is ASCII (RFC 3986); names have no spaces, so this is what stands in a path too.
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        format!("{}/tags/{name}", self.base)
    }

    /// The town's icon, with a side of one of [`ICON_SIZES`].
    #[must_use]
    pub fn icon(&self, side: u32) -> String {
        format!("{}/icon-{side}.png", self.base)
    }

    /// A stored file by its key.
    #[must_use]
    pub fn media_file(&self, key: &str) -> String {
        format!("{}/media/{key}", self.base)
    }

    /// A remote picture of a post through us, fetched on first view. Whoever counts numbers finds none: the address holds the mark of where the
    /// picture comes from (threats I2).
    #[must_use]
    pub fn media_proxy(&self, id: MediaId, source: &str, small: bool) -> String {
        let size = if small { "small" } else { "original" };
        format!("{}/media_proxy/{id}/{size}/{}", self.base, mark(source))
    }

    /// The `avatar` or `header` of a remote account through us. `source` is where it comes from: another picture has another address.
    #[must_use]
    pub fn foreign_picture(&self, id: AccountId, what: &str, source: &str) -> String {
        format!("{}/media_proxy/accounts/{id}/{what}/{}", self.base, mark(source))
    }

    /// The picture of a remote emoji through us.
    #[must_use]
    pub fn foreign_emoji(&self, id: EmojiId, source: &str) -> String {
        format!("{}/media_proxy/emojis/{id}/{}", self.base, mark(source))
    }

    /// Any path of ours that is a page or a document without a variable part. Starts with `/`.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Where a link sent at sign-up leads.
    #[must_use]
    pub fn confirm_email(&self, token: &str) -> String {
        format!("{}/auth/confirm?token={token}", self.base)
    }

    /// Where a link sent to somebody who forgot their password leads.
    #[must_use]
    pub fn new_password(&self, token: &str) -> String {
        format!("{}/auth/password/edit?token={token}", self.base)
    }

    /// Where somebody asks for such a link.
    #[must_use]
    pub fn forgotten_password(&self) -> String {
        format!("{}/auth/password", self.base)
    }

    /// Where people sign in.
    #[must_use]
    pub fn sign_in(&self) -> String {
        format!("{}/auth/sign_in", self.base)
    }

    /// A report that leaves the town.
    #[must_use]
    pub fn report(&self, id: ReportId) -> String {
        format!("{}/reports/{id}", self.base)
    }

    /// Where somebody sees what was decided about them.
    #[must_use]
    pub fn appeals(&self) -> String {
        format!("{}/disputes/strikes", self.base)
    }

    /// The same for who cannot sign in any more.
    #[must_use]
    pub fn appeals_by_link(&self, token: &str) -> String {
        format!("{}/disputes/strikes?token={token}", self.base)
    }

    /// The username in an actor URL of ours.
    #[must_use]
    pub fn username_of_actor<'a>(&self, url: &'a str) -> Option<&'a str> {
        let rest = url.strip_prefix(self.base.as_str())?;
        let name = rest.strip_prefix("/users/").or_else(|| rest.strip_prefix("/@"))?;
        (!name.is_empty() && !name.contains(['/', '#', '?'])).then_some(name)
    }

    /// The id in a post URL of ours, object or page.
    #[must_use]
    pub fn status_of(&self, url: &str) -> Option<StatusId> {
        let rest = url.strip_prefix(self.base.as_str())?;
        let (_, tail) = match rest.strip_prefix("/users/") {
            Some(r) => r.split_once("/statuses/")?,
            None => rest.strip_prefix("/@")?.split_once('/')?,
        };
        tail.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a test URL")
    }

    #[test]
    fn s9_origins_are_compared_as_tuples() {
        assert!(is_same_origin(&url("https://a.example/x"), &url("https://A.EXAMPLE:443/y")));
        for other in [
            "http://a.example/",
            "https://a.example:8443/",
            "https://a.example.evil/",
            "https://a.example@evil.example/",
        ] {
            assert!(!is_same_origin(&url("https://a.example/"), &url(other)), "{other}");
        }
        assert!(
            !is_same_origin(&url("https://u@a.example/"), &url("https://u@a.example/")),
            "user parts have no authority"
        );
        assert!(is_same_origin(&url("https://bücher.example/"), &url("https://xn--bcher-kva.example/")));
    }

    #[test]
    fn s9_a_host_is_a_name_never_an_address() {
        assert_eq!(host_key("Town-A.localhost:4001").as_deref(), Some("town-a.localhost:4001"));
        assert_eq!(host_key("bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        for bad in ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "a/b", "a@b", "", "xn--example-.com:99999"]
        {
            assert_eq!(host_key(bad), None, "{bad}");
        }
    }

    #[test]
    fn own_addresses_are_recognised_and_others_are_not() {
        let urls = Urls::new("https", "town.example");
        assert_eq!(urls.username_of_actor(&urls.actor("ana")), Some("ana"));
        assert_eq!(urls.status_of(&urls.status("ana", StatusId(7))), Some(StatusId(7)));
        assert_eq!(urls.status_of(&urls.status_page("ana", StatusId(7))), Some(StatusId(7)));
        assert_eq!(urls.status_of("https://town.example.evil/@ana/7"), None);
        assert_eq!(urls.username_of_actor("https://town.example/users/ana/inbox"), None);
        assert_eq!(urls.streaming(), "wss://town.example");
    }
}
