//! WebFinger (RFC 7033) for our own people and the town itself, and host-meta (RFC 6415), which tells old programs where WebFinger is. Nothing is
//! said of other hosts (threats O11), and nothing of who is not let in yet.
//!
//! Neighbour: `fetch::webfinger` asks other servers.

use std::borrow::Cow;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use parvis_domain::accounts::find;
use parvis_domain::rows::Account;
use parvis_domain::{Conn, Error, Result, Town, actors};
use parvis_model::handle::{Address, is_acceptable_remote};
use parvis_model::urls::{Urls, authority};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::answer::{PUBLIC, failed, put};

const JRD: &str = "application/jrd+json; charset=utf-8";
/// Bytes of a `resource` that are read.
const LONGEST: usize = 1_024;

pub(super) fn router() -> Router<Town> {
    Router::new()
        .route("/.well-known/webfinger", get(webfinger))
        .route("/.well-known/host-meta", get(host_meta))
        .route("/.well-known/host-meta.json", get(host_meta_json))
}

/// Whom a resource names.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    /// `acct:name@domain`, a profile's or an actor's address.
    Person(String),
    /// The address of the town itself.
    Town,
}

/// Reads a resource; `None` when it names nobody of this town.
fn named(urls: &Urls, resource: &str) -> Option<Named> {
    let base = Url::parse(urls.base()).ok()?;
    if resource.contains("://") {
        let url = Url::parse(resource).ok().filter(|url| urls.is_ours(url) && url.query().is_none())?;
        if matches!(url.path(), "/" | "/actor" | "/about") {
            return Some(Named::Town);
        }
        let path = url.path();
        let name = path.strip_prefix("/users/").or_else(|| path.strip_prefix("/@"))?;
        return is_acceptable_remote(name).then(|| Named::Person(name.to_owned()));
    }
    let account = resource.strip_prefix("acct:").unwrap_or(resource);
    let (name, host) = account.strip_prefix('@').unwrap_or(account).split_once('@')?;
    let host = Url::parse(&format!("{}://{host}/", base.scheme())).ok()?;
    let is_host_alone = host.path() == "/" && host.query().is_none() && host.fragment().is_none();
    let is_ours = is_host_alone && urls.is_ours(&host) && authority(&host) == authority(&base);
    (is_ours && is_acceptable_remote(name)).then(|| Named::Person(name.to_owned()))
}

impl Named {
    fn find(&self, c: &mut Conn, urls: &Urls) -> Result<Option<Account>> {
        match self {
            Self::Town => actors::by_uri(c, &urls.instance_actor()),
            Self::Person(name) => {
                find::by_address(c, &Address { username: name.to_ascii_lowercase(), host: None })
            }
        }
    }
}

/// `GET /.well-known/webfinger?resource=…[&rel=…]`.
async fn webfinger(State(town): State<Town>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let values = |name: &'static str| {
        form_urlencoded::parse(query.as_bytes()).filter(move |(key, _)| key == name).map(|(_, value)| value)
    };
    let Some(resource) = values("resource").next().filter(|r| !r.is_empty() && r.len() <= LONGEST) else {
        return refused(StatusCode::BAD_REQUEST, "name one resource, such as acct:name@domain");
    };
    let Some(named) = named(town.urls(), resource.trim()) else { return not_found() };
    let urls = town.urls().clone();
    match town.db().read(move |c| named.find(c, &urls)).await {
        Ok(Some(account)) if account.gone_at.is_some() => refused(StatusCode::GONE, "gone"),
        Ok(Some(account)) => {
            let wanted: Vec<Cow<'_, str>> = values("rel").take(20).collect();
            descriptor(jrd(town.urls(), &account, &wanted))
        }
        Ok(None) | Err(Error::NotFound) => not_found(),
        Err(error) => open(failed(&error)),
    }
}

/// What there is to say of an account (Mastodon's links). No `subscribe` template: there is no page for it.
fn jrd(urls: &Urls, account: &Account, wanted: &[Cow<'_, str>]) -> Value {
    let mut links = vec![
        json!({ "rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": account.url }),
        json!({ "rel": "self", "type": "application/activity+json", "href": account.uri }),
    ];
    if !wanted.is_empty() {
        links.retain(|link| {
            link.get("rel").and_then(Value::as_str).is_some_and(|rel| wanted.iter().any(|w| w == rel))
        });
    }
    json!({
        "subject": format!("acct:{}@{}", account.username, urls.domain()),
        "aliases": [account.url, account.uri],
        "links": links,
    })
}

/// `GET /.well-known/host-meta`. The base address holds nothing that XML would have to escape.
async fn host_meta(State(town): State<Town>) -> Response {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{}\"/>\n</XRD>\n",
        template(town.urls())
    );
    served(xml, "application/xrd+xml; charset=utf-8")
}

/// `GET /.well-known/host-meta.json`.
async fn host_meta_json(State(town): State<Town>) -> Response {
    descriptor(json!({ "links": [{ "rel": "lrdd", "template": template(town.urls()) }] }))
}

fn template(urls: &Urls) -> String {
    urls.page("/.well-known/webfinger?resource={uri}")
}

fn descriptor(document: Value) -> Response {
    served(document.to_string(), JRD)
}

fn served(text: String, kind: &'static str) -> Response {
    let mut response = text.into_response();
    put(&mut response, header::CONTENT_TYPE, kind);
    put(&mut response, header::CACHE_CONTROL, PUBLIC);
    open(response)
}

fn not_found() -> Response {
    refused(StatusCode::NOT_FOUND, "not found")
}

fn refused(status: StatusCode, why: &str) -> Response {
    let mut response = (status, json!({ "error": why }).to_string()).into_response();
    put(&mut response, header::CONTENT_TYPE, "application/json");
    put(&mut response, header::CACHE_CONTROL, "no-store");
    open(response)
}

/// Readable by scripts of any site (RFC 7033 §5): nothing here depends on who asks.
pub(super) fn open(mut response: Response) -> Response {
    put(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(resource: &str) -> Option<String> {
        Some(match named(&Urls::new("https", "town.example"), resource)? {
            Named::Person(name) => name,
            Named::Town => "/".to_owned(),
        })
    }

    #[test]
    fn a_resource_is_a_handle_or_an_address_of_ours() {
        for resource in [
            "acct:ana@town.example",
            "ana@town.example",
            "acct:@ana@town.example",
            "acct:ana@TOWN.example",
            "acct:ana@town.example:443",
            "https://town.example/users/ana",
            "https://town.example/@ana",
        ] {
            assert_eq!(read(resource).as_deref(), Some("ana"), "{resource}");
        }
        assert_eq!(read("https://town.example").as_deref(), Some("/"));
        assert_eq!(read("acct:town.example@town.example").as_deref(), Some("town.example"));
    }

    #[test]
    fn o11_nothing_is_said_of_other_hosts() {
        for resource in [
            "acct:ana@other.example",
            "acct:ana@town.example:8443",
            "acct:ana@town.example.evil.example",
            "acct:ana@evil.example/town.example",
            "acct:ana@town.example/../x",
            "acct:ana@x@town.example",
            "acct:ana",
            "ana",
            "https://other.example/users/ana",
            "http://town.example/users/ana",
            "https://town.example@other.example/users/ana",
            "https://town.example/users/ana/inbox",
            "https://town.example/users/ana?x",
            "https://town.example/@ana@other.example",
            "mailto:ana@town.example",
            "",
            "acct:@",
            "://",
        ] {
            assert_eq!(read(resource), None, "{resource}");
        }
    }

    #[test]
    fn a_port_is_part_of_the_name() {
        let urls = Urls::new("http", "town-a.localhost:4001");
        assert!(named(&urls, "acct:ana@town-a.localhost:4001").is_some());
        assert!(named(&urls, "acct:ana@town-a.localhost").is_none());
    }
}
