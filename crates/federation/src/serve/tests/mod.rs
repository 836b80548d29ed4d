//! The documents of a town, asked for through its router as other servers do.

mod contexts;
mod documents;
mod gone;
mod machine;
mod proofs;
mod signed;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, StatusCode, header};
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use crate::signature::{Scheme, Signer, sign};
use crate::world;

/// What came back.
#[derive(Debug)]
struct Came {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Came {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The document, without its context, which is the same everywhere, and what [`proofs`] looks at.
    fn json(&self) -> Value {
        let mut json: Value = serde_json::from_str(&self.text).unwrap();
        for name in ["@context", "proof", "assertionMethod"] {
            json.as_object_mut().unwrap().shift_remove(name);
        }
        json
    }
}

/// A town that takes requests.
struct Served {
    town: Town,
    router: Router,
}

impl Served {
    async fn new() -> Self {
        Self::of(world::builder().build().await).await
    }

    async fn of(town: Town) -> Self {
        let router = super::router(town.handle());
        parvis_domain::accounts::instance_actor::ensure(&town).await.unwrap();
        Self { town, router }
    }

    async fn ask(&self, method: Method, path: &str, headers: HeaderMap) -> Came {
        let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        *request.headers_mut() = headers;
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(to_bytes(body, 1_000_000).await.unwrap().to_vec()).unwrap();
        Came { status: parts.status, headers: parts.headers, text }
    }

    /// As a server that does not sign.
    async fn get(&self, path: &str) -> Came {
        self.ask(Method::GET, path, accepting("application/activity+json")).await
    }

    /// As `name@away.example`, in one of the two schemes.
    async fn get_as(&self, scheme: Scheme, name: &str, path: &str) -> Came {
        let key = format!("https://away.example/users/{name}#main-key");
        self.ask(Method::GET, path, self.signed(scheme, &key, path)).await
    }

    fn signed(&self, scheme: Scheme, key_id: &str, path: &str) -> HeaderMap {
        let signer = Signer { key_id: Url::parse(key_id).unwrap(), key: world::key() };
        let url = Url::parse(&self.town.urls().page(path)).unwrap();
        let mut headers = sign(scheme, &signer, &Method::GET, &url, None, self.town.now()).unwrap();
        headers.extend(accepting("application/activity+json"));
        headers.insert(header::HOST, self.town.urls().domain().parse().unwrap());
        headers
    }

    async fn publish(&self, author: AccountId, text: &str, visibility: Visibility) -> StatusId {
        let draft =
            Draft { text: text.to_owned(), visibility, language: Some("en".to_owned()), ..Draft::default() };
        self.town.write(move |tx| statuses::publish::publish(tx, author, &draft)).await
    }
}

fn accepting(kind: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::ACCEPT, kind.parse().unwrap())])
}

/// The path of a post.
fn path(name: &str, id: StatusId) -> String {
    format!("/users/{name}/statuses/{id}")
}

/// A document with ids of rows written as `N`, which differ from run to run of the id maker.
fn numberless(document: &Value) -> Value {
    let text = document.to_string();
    let mut out = String::new();
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() > 12 { "N" } else { &digits });
        digits.clear();
        out.push(c);
    }
    serde_json::from_str(&out).unwrap()
}
