//! The client against small servers on loopback. Here the servers and what the guard lets through; [`rules`]: what is
//! believed and how long and how much is read; [`knocks`]: signed requests and turns.

mod knocks;
mod push;
mod rules;
mod service;

use std::future::{pending, ready};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use parvis_model::time::{ManualClock, Moment};
use serde_json::json;
use tokio::task::JoinSet;
use url::Url;

use super::*;
use crate::signature::{KeyKind, KeyPair, Received, Scheme, SignatureError, parse};

const NOW: Moment = Moment(1_795_341_600_000);
const ACTIVITY: &str = "application/activity+json";

/// A server of somebody else, which counts who comes.
struct Peer {
    address: SocketAddr,
    hits: Arc<AtomicUsize>,
    _serving: JoinSet<()>,
}

impl Peer {
    async fn serving(routes: impl FnOnce(&str) -> Router) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let hits = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&hits);
        let router = routes(&format!("http://localhost:{}", address.port())).layer(
            axum::middleware::map_request(move |request: Request| {
                counter.fetch_add(1, Ordering::SeqCst);
                ready(request)
            }),
        );
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, hits, _serving: serving }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://localhost:{}{path}", self.address.port())).unwrap()
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

fn settings() -> Settings {
    Settings {
        allow_loopback: true,
        allowed_private_addresses: Vec::new(),
        extra_ca_file: None,
        allow_http: true,
        domain: "stadt.example".into(),
        scheme: "https".into(),
        version: "0.1.0".into(),
        limits: Limits::default(),
    }
}

fn client(settings: &Settings) -> Client {
    Client::new(settings, ManualClock::starting_at(NOW)).unwrap()
}

fn signer() -> Signer {
    let key = Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap());
    Signer { key_id: Url::parse("https://stadt.example/#main-key").unwrap(), key }
}

fn document(id: &str) -> Response {
    ([(header::CONTENT_TYPE, ACTIVITY)], json!({"id": id, "type": "Note"}).to_string()).into_response()
}

/// A handler that always gives the same document.
fn always(id: String) -> axum::routing::MethodRouter {
    get(move || ready(document(&id)))
}

#[tokio::test]
async fn f1_a_strict_town_asks_no_private_address() {
    let peer = Peer::serving(|base| Router::new().route("/note", always(format!("{base}/note")))).await;
    let port = peer.address.port();
    let strict = client(&Settings { allow_loopback: false, ..settings() });
    for host in
        ["localhost", "town-b.localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0.0.0.0", "[::]"]
    {
        let url = Url::parse(&format!("http://{host}:{port}/note")).unwrap();
        let refusal = strict.get_json(&url).await.unwrap_err();
        assert!(matches!(refusal, FetchError::Refused(Refusal::Address(_))), "{host}: {refusal:?}");
        let refusal = strict.get(&url, Accepted::Media).await.unwrap_err();
        assert!(matches!(refusal, FetchError::Refused(Refusal::Address(_))), "{host}: {refusal:?}");
        let outcome = strict.post_signed(&url, Bytes::new(), &signer()).await;
        let DeliveryOutcome::Refused { status: None, guard: Some(Refusal::Address(_)) } = outcome else {
            panic!("{host}: {outcome:?}")
        };
        assert!(strict.chain().get(url).send().await.is_err(), "{host}");
    }
    assert_eq!(peer.hits(), 0);
}

#[tokio::test]
async fn f1_an_exception_opens_one_address_at_one_port() {
    let routes = |base: &str| Router::new().route("/note", always(format!("{base}/note")));
    let (friend, other) = (Peer::serving(routes).await, Peer::serving(routes).await);
    let strict = client(&Settings {
        allow_loopback: false,
        allowed_private_addresses: vec![friend.address],
        ..settings()
    });
    assert!(strict.get_json(&friend.url("/note")).await.is_ok());
    assert!(strict.get_json(&other.url("/note")).await.is_err());
    let literal = Url::parse(&format!("http://{}/note", other.address)).unwrap();
    assert!(strict.get_json(&literal).await.is_err());
    assert_eq!((friend.hits(), other.hits()), (1, 0));
}

#[tokio::test]
async fn f3_redirects_are_followed_three_times_and_guarded_each_time() {
    let inside = Peer::serving(|base| Router::new().route("/secret", always(format!("{base}/secret")))).await;
    let inner = inside.url("/secret").to_string();
    let peer = Peer::serving(|base| {
        let to = |target: &str| {
            let target = Redirect::temporary(target);
            get(move || ready(target))
        };
        Router::new()
            .route("/3", to("/2"))
            .route("/2", to("1"))
            .route("/1", to("/note#part"))
            .route("/4", to("/3"))
            .route("/loop", to("/loop"))
            .route("/note", always(format!("{base}/note")))
            .route("/inside", to(&inner))
            .route("/file", to("file:///etc/passwd"))
            .route("/login", to("http://ana@localhost/"))
            .route("/nowhere", to("http://["))
    })
    .await;
    // Only this peer may be asked.
    let client = client(&Settings {
        allow_loopback: false,
        allowed_private_addresses: vec![peer.address],
        ..settings()
    });
    assert_eq!(client.get_json(&peer.url("/3")).await.unwrap().final_url, peer.url("/note"));
    for (path, expected) in [
        ("/4", Refusal::TooManyRedirects),
        ("/loop", Refusal::TooManyRedirects),
        ("/inside", Refusal::Address("127.0.0.1".parse().unwrap())),
        ("/file", Refusal::Scheme),
        ("/login", Refusal::UserInfo),
        ("/nowhere", Refusal::Redirect),
    ] {
        assert_eq!(
            client.get_json(&peer.url(path)).await.unwrap_err(),
            FetchError::Refused(expected),
            "{path}"
        );
    }
    assert_eq!(inside.hits(), 0);
}

#[tokio::test]
async fn an_extra_certificate_is_trusted_and_a_strange_one_is_not() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), made.cert.pem()).unwrap();
    let key = rustls_pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url =
        Url::parse(&format!("https://localhost:{}/note", listener.local_addr().unwrap().port())).unwrap();
    let mut serving = JoinSet::new();
    let body = json!({"id": url}).to_string();
    serving.spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let Ok(mut tls) = acceptor.accept(socket).await else { continue };
            let mut request = [0; 4096];
            let _read = tls.read(&mut request).await;
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {ACTIVITY}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _written = tls.write_all(answer.as_bytes()).await;
            let _closed = tls.shutdown().await;
        }
    });
    let trusting =
        Settings { allow_http: false, extra_ca_file: Some(file.path().to_path_buf()), ..settings() };
    assert_eq!(client(&trusting).get_json(&url).await.unwrap().final_url, url);
    let strict = Settings { extra_ca_file: None, ..trusting };
    assert_eq!(client(&strict).get_json(&url).await.unwrap_err(), FetchError::Unreachable);
}

#[test]
fn a_missing_or_empty_certificate_file_is_said_at_the_start() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for path in [PathBuf::from("/nowhere/ca.pem"), file.path().to_path_buf()] {
        let settings = Settings { extra_ca_file: Some(path.clone()), ..settings() };
        let error = Client::new(&settings, ManualClock::starting_at(NOW)).unwrap_err();
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}
