//! The client API through its router, as a client program meets it.

mod accounts;
mod admin;
mod announcements;
mod apart;
mod callers;
mod collections;
mod conformance;
mod discovery;
mod conversations;
mod filters;
mod gates;
mod guard;
mod kept_posts;
mod lists;
mod measures;
mod media;
mod nasty;
mod notifications;
mod oauth;
mod polls;
mod posts;
mod preview_cards;
mod quotes;
mod reactions;
mod recordings;
mod privacy;
mod private_things;
mod push;
mod rows;
mod scheduled_statuses;
mod search;
mod server_sent;
mod strangers;
mod streaming;
mod streams;
mod tags;
mod tags_desk;
mod timelines;
mod town;
mod trends;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use parvis_domain::context::Listener;
use parvis_domain::lists::feed;
use parvis_domain::search::index as finding;
use parvis_domain::tags::follow;
use parvis_domain::testing::{Builder, Town, record};
use parvis_domain::{
    conversations as talks, notifications as told, oauth as tokens, preview_cards as links, push as devices,
    streams as live, timelines as lines,
};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::scope::Scopes;
use serde_json::Value;
use tower::ServiceExt;

/// Who hears of events in these tests: all that the client API shows the traces of.
fn listeners() -> Vec<Listener> {
    vec![
        told::on_event,
        lines::on_event,
        feed::on_event,
        links::on_event,
        live::on_event,
        devices::on_event,
        follow::on_event,
        talks::on_event,
        finding::on_event,
    ]
}

/// A town and its client API.
pub struct Api {
    pub town: Town,
    pub router: Router,
}

/// Somebody with a client program.
#[derive(Clone)]
pub struct Person {
    pub id: AccountId,
    pub token: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    #[track_caller]
    pub fn is(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
    }
}

/// As the server does around all routes.
async fn open(request: Request<Body>, next: axum::middleware::Next) -> axum::response::Response {
    let crossing = crate::Crossing::of(&request);
    let mut response = match crossing.as_ref().and_then(crate::Crossing::preflight) {
        Some(answer) => answer,
        None => next.run(request).await,
    };
    if let Some(crossing) = crossing {
        crossing.mark(response.headers_mut());
    }
    response
}

impl Api {
    pub async fn new() -> Self {
        Self::of(Town::builder()).await
    }

    pub async fn of(builder: Builder) -> Self {
        let town = builder.listeners(listeners()).build().await;
        let router = crate::router(town.handle()).layer(axum::middleware::from_fn(open));
        Self { town, router }
    }

    /// A resident whose program may do everything.
    pub async fn resident(&self, name: &str) -> Person {
        let id = self.town.resident(name).await;
        Person { id, token: self.token(id, "read write follow push profile").await }
    }

    pub async fn token(&self, id: AccountId, scopes: &str) -> String {
        let scopes = Scopes::parse(scopes).unwrap();
        self.town.write(move |tx| tokens::tokens::issue_by_command(tx, id, &scopes)).await.token
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        record::answer(method.as_str(), &path, status.as_u16(), kind, &bytes);
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A request with a form (or JSON, when the body begins with a brace).
    pub async fn call(&self, method: Method, token: &str, path: &str, body: &str) -> Answer {
        let kind =
            if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        let mut request = Request::builder().method(method).uri(path).header("content-type", kind);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        self.call(Method::GET, &who.token, path, "").await
    }

    pub async fn look(&self, path: &str) -> Answer {
        self.call(Method::GET, "", path, "").await
    }

    pub async fn post(&self, who: &Person, path: &str, body: &str) -> Answer {
        self.call(Method::POST, &who.token, path, body).await
    }

    /// Writes a post and returns it as the API answers.
    pub async fn write(&self, who: &Person, body: &str) -> Value {
        self.post(who, "/api/v1/statuses", body).await.ok()
    }

    /// Lets the fan-out of a post run.
    pub async fn fan_out(&self, status: &Value) {
        let id: StatusId = id(status).parse().unwrap();
        self.town.write(move |tx| lines::fan_out(tx, id, AccountId(0))).await;
    }

    /// `a` follows `b`, who accepts if that is needed.
    pub async fn follow(&self, a: &Person, b: &Person) {
        self.post(a, &format!("/api/v1/accounts/{}/follow", b.id), "").await.ok();
    }
}

/// The id of an entity.
#[track_caller]
pub fn id(entity: &Value) -> String {
    entity["id"].as_str().unwrap_or_else(|| panic!("an entity without id: {entity}")).to_owned()
}

/// The ids of a list.
pub fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(id).collect()
}
