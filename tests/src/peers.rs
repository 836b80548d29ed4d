//! Servers of somebody else, as many as a test wants: one listener on loopback that answers to every name under `localhost`. They hold actors and
//! documents, keep what is delivered to them, and fail in the ways that servers fail.

use std::collections::HashMap;
use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parvis_federation::signature::{KeyKind, KeyPair, Signer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

use crate::ACTIVITY;

/// How a server treats deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behaviour {
    /// Takes them.
    #[default]
    Takes,
    /// Takes the connection and never answers.
    Hangs,
    /// Answers this status.
    Answers(u16),
}

/// A delivery that came.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub host: String,
    pub path: String,
    pub headers: HeaderMap,
    pub activity: Value,
}

#[derive(Default)]
struct Kept {
    documents: HashMap<String, (u16, String, String)>,
    behaviours: HashMap<String, Behaviour>,
    arrived: Vec<Arrived>,
    asked: Vec<String>,
}

/// The servers.
pub struct Peers {
    port: u16,
    kept: Arc<Mutex<Kept>>,
    // Ends with this value.
    _serving: JoinSet<()>,
}

/// Somebody on one of them.
#[derive(Debug, Clone)]
pub struct Actor {
    pub uri: Url,
    pub name: String,
    pub signer: Signer,
}

impl Peers {
    /// Starts them. They know nobody yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&kept));
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, routes).await.expect("the peers serve") });
        Self { port, kept, _serving: serving }
    }

    /// Where they all listen.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// `h17` → `h17.localhost:PORT`
    #[must_use]
    pub fn host(&self, name: &str) -> String {
        format!("{name}.localhost:{}", self.port)
    }

    /// An address on one of the servers.
    #[must_use]
    pub fn url(&self, name: &str, path: &str) -> Url {
        format!("http://{}{path}", self.host(name)).parse().expect("a URL")
    }

    /// Makes an actor with the key that all well-behaved actors here share, and serves its document.
    pub fn actor(&self, host: &str, name: &str) -> Actor {
        static KEY: OnceLock<Arc<KeyPair>> = OnceLock::new();
        let key = KEY.get_or_init(|| Arc::new(KeyPair::generate(KeyKind::Rsa).expect("a key")));
        self.actor_with(host, name, Arc::clone(key))
    }

    /// As [`Peers::actor`], with a key of its own.
    pub fn actor_with(&self, host: &str, name: &str, key: Arc<KeyPair>) -> Actor {
        let uri = self.url(host, &format!("/users/{name}"));
        let key_id = format!("{uri}#main-key").parse().expect("a URL");
        let actor = Actor { uri, name: name.to_owned(), signer: Signer { key_id, key } };
        self.serve(&actor.uri, &actor.document());
        let finger = json!({
            "subject": format!("acct:{name}@{}", self.host(host)),
            "links": [{"rel": "self", "type": ACTIVITY, "href": actor.uri}],
        });
        let asked = format!("/.well-known/webfinger?acct:{name}@{}", self.host(host));
        self.serve_as(&self.url(host, &asked), 200, "application/jrd+json", &finger.to_string());
        actor
    }

    /// Serves a document at its address.
    pub fn serve(&self, at: &Url, document: &Value) {
        self.serve_as(at, 200, ACTIVITY, &document.to_string());
    }

    /// Serves anything at an address.
    pub fn serve_as(&self, at: &Url, status: u16, kind: &str, body: &str) {
        self.kept().documents.insert(at.to_string(), (status, kind.to_owned(), body.to_owned()));
    }

    /// Redirects an address to another.
    pub fn redirect(&self, from: &Url, to: &str) {
        self.serve_as(from, 302, to, "");
    }

    /// How a server treats deliveries from now on.
    pub fn behave(&self, host: &str, behaviour: Behaviour) {
        self.kept().behaviours.insert(self.host(host), behaviour);
    }

    /// All deliveries so far.
    #[must_use]
    pub fn arrived(&self) -> Vec<Arrived> {
        self.kept().arrived.clone()
    }

    /// Deliveries of one server that have this type.
    #[must_use]
    pub fn arrived_at(&self, host: &str, kind: &str) -> Vec<Arrived> {
        let host = self.host(host);
        self.arrived().into_iter().filter(|a| a.host == host && a.activity["type"] == kind).collect()
    }

    /// All addresses that were asked for, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.kept().asked.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Actor {
    /// What its server says about it.
    #[must_use]
    pub fn document(&self) -> Value {
        let shared = self.uri.join("/inbox").expect("a URL");
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": self.uri,
            "type": "Person",
            "preferredUsername": self.name,
            "name": self.name,
            "inbox": format!("{}/inbox", self.uri),
            "outbox": format!("{}/outbox", self.uri),
            "followers": format!("{}/followers", self.uri),
            "endpoints": {"sharedInbox": shared},
            "publicKey": {
                "id": self.signer.key_id,
                "owner": self.uri,
                "publicKeyPem": self.signer.key.public().to_pem(),
            },
        })
    }

    /// An id on its server.
    #[must_use]
    pub fn id(&self, path: &str) -> String {
        self.uri.join(path).expect("a URL").to_string()
    }

    /// A public post of its own.
    #[must_use]
    pub fn note(&self, path: &str, content: &str) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.id(path),
            "type": "Note",
            "attributedTo": self.uri,
            "content": content,
            "to": [crate::PUBLIC],
            "cc": [format!("{}/followers", self.uri)],
        })
    }

    /// An activity of its own about something.
    #[must_use]
    pub fn does(&self, kind: &str, path: &str, object: &Value) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.id(path),
            "type": kind,
            "actor": self.uri,
            "to": object.get("to").cloned().unwrap_or_else(|| json!([crate::PUBLIC])),
            "cc": object.get("cc").cloned().unwrap_or_else(|| json!([])),
            "object": object,
        })
    }
}

async fn answer(State(kept): State<Arc<Mutex<Kept>>>, request: Request<Body>) -> Response {
    let host =
        request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default().to_owned();
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let is_delivery = request.method() == Method::POST;
    let headers = request.headers().clone();
    let body = to_bytes(request.into_body(), 4 * 1024 * 1024).await.unwrap_or_default();
    let lock = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_delivery {
        // WebFinger escapes its question in more than one way.
        let path = path.replace("resource=", "").replace("%3A", ":").replace("%40", "@");
        let url = format!("http://{host}{path}");
        let mut kept = lock();
        kept.asked.push(url.clone());
        return match kept.documents.get(&url) {
            Some((302, to, _)) => (StatusCode::FOUND, [(header::LOCATION, to.clone())]).into_response(),
            Some((status, kind, body)) => (
                StatusCode::from_u16(*status).unwrap_or(StatusCode::OK),
                [(header::CONTENT_TYPE, kind.clone())],
                body.clone(),
            )
                .into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    let behaviour = lock().behaviours.get(&host).copied().unwrap_or_default();
    match behaviour {
        Behaviour::Hangs => pending().await,
        Behaviour::Answers(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::OK).into_response(),
        Behaviour::Takes => {
            let activity = serde_json::from_slice(&body).unwrap_or(Value::Null);
            lock().arrived.push(Arrived { host, path, headers, activity });
            StatusCode::ACCEPTED.into_response()
        }
    }
}
