//! The client against small servers on loopback: the guard, redirects, slow and endless answers, the rules for documents,
//! and the two knocks.

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
async fn a_document_is_fetched_from_the_address_that_is_its_id() {
    let peer = Peer::serving(|base| Router::new().route("/note", always(format!("{base}/note")))).await;
    let fetched = client(&settings()).get_json(&peer.url("/note#part")).await.unwrap();
    assert_eq!(fetched.final_url, peer.url("/note"));
    assert!(fetched.bytes.starts_with(b"{"));
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
async fn f3_a_delivery_that_is_redirected_has_not_arrived() {
    let elsewhere =
        Peer::serving(|_| Router::new().route("/inbox", any(|| ready(StatusCode::ACCEPTED)))).await;
    let target = elsewhere.url("/inbox").to_string();
    let peer = Peer::serving(|_| {
        Router::new().route("/inbox", any(move || ready(Redirect::permanent(&target).into_response())))
    })
    .await;
    let outcome =
        client(&settings()).post_signed(&peer.url("/inbox"), Bytes::from_static(b"{}"), &signer()).await;
    assert_eq!(outcome, DeliveryOutcome::Refused { status: Some(308), guard: None });
    assert_eq!(elsewhere.hits(), 0);
}

#[tokio::test]
async fn f8_an_answer_that_never_ends_in_time_is_given_up() {
    let peer = Peer::serving(|_| {
        let drip = || {
            let body = stream::once(ready(Ok::<_, std::io::Error>(Bytes::from_static(b"{"))));
            ready(([(header::CONTENT_TYPE, ACTIVITY)], Body::from_stream(body.chain(stream::pending()))))
        };
        Router::new().route("/drip", get(drip)).route("/silent", any(|| async { pending::<()>().await }))
    })
    .await;
    let quick = Duration::from_millis(150);
    let limits = Limits { json_total: quick, media_total: quick, ..Limits::default() };
    let client = client(&Settings { limits, ..settings() });
    assert_eq!(client.get_json(&peer.url("/drip")).await.unwrap_err(), FetchError::Timeout);
    assert_eq!(client.get_json(&peer.url("/silent")).await.unwrap_err(), FetchError::Timeout);
    assert_eq!(client.get(&peer.url("/drip?2"), Accepted::Media).await.unwrap_err(), FetchError::Timeout);
    let outcome = client.post_signed(&peer.url("/silent"), Bytes::new(), &signer()).await;
    assert_eq!(outcome, DeliveryOutcome::RetryLater { status: None, after: None });
}

#[tokio::test]
async fn f9_endless_answers_and_gzip_bombs_stop_at_the_limit() {
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zipped.write_all(&vec![b' '; 4 * 1024 * 1024]).unwrap();
    let bomb = Bytes::from(zipped.finish().unwrap());
    assert!(bomb.len() < 8_192);
    let peer = Peer::serving(|base| {
        let endless = || {
            let body = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 4096])));
            ready(([(header::CONTENT_TYPE, ACTIVITY)], Body::from_stream(body)))
        };
        let bomb =
            move || ready(([(header::CONTENT_TYPE, ACTIVITY), (header::CONTENT_ENCODING, "gzip")], bomb));
        Router::new()
            .route("/endless", get(endless))
            .route("/bomb", get(bomb))
            .route("/long", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], vec![b' '; 9000]))))
            .route("/fits", always(format!("{base}/fits")))
    })
    .await;
    let limits = Limits { json_bytes: 8_192, media_bytes: 8_192, ..Limits::default() };
    let client = client(&Settings { limits, ..settings() });
    for path in ["/endless", "/bomb", "/long"] {
        assert_eq!(client.get_json(&peer.url(path)).await.unwrap_err(), FetchError::TooLarge, "{path}");
    }
    assert_eq!(client.get(&peer.url("/bomb?2"), Accepted::Media).await.unwrap_err(), FetchError::TooLarge);
    assert!(client.get_json(&peer.url("/fits")).await.is_ok());
}

#[tokio::test]
async fn o1_a_document_that_names_another_address_is_fetched_there_once() {
    let victim = Peer::serving(|base| Router::new().route("/note", always(format!("{base}/note")))).await;
    let (genuine, missing) = (victim.url("/note").to_string(), victim.url("/missing").to_string());
    let peer = Peer::serving(|base| {
        Router::new()
            .route("/alias", always(format!("{base}/note")))
            .route("/note", always(format!("{base}/note")))
            .route("/forged", always(genuine.clone()))
            .route("/invented", always(missing))
            .route("/ping", always(format!("{base}/pong")))
            .route("/pong", always(format!("{base}/ping")))
            .route("/ours", always("https://stadt.example/users/ana".into()))
            .route("/relative", always("/note".into()))
            .route("/none", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], "{}"))))
            .route("/list", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], "[{\"id\":\"x\"}]"))))
            .route("/twice", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], r#"{"id":"a","id":"b"}"#))))
    })
    .await;
    let client = client(&settings());
    assert_eq!(client.get_json(&peer.url("/alias")).await.unwrap().final_url, peer.url("/note"));
    // What claims to be the victim's is asked of the victim, whose word alone counts.
    assert_eq!(client.get_json(&peer.url("/forged")).await.unwrap().final_url, victim.url("/note"));
    for (path, expected) in [
        ("/invented", FetchError::NotFound),
        ("/ping", FetchError::WrongId),
        ("/ours", FetchError::Refused(Refusal::Ourselves)),
        ("/relative", FetchError::NotADocument),
        ("/none", FetchError::NotADocument),
        ("/list", FetchError::NotADocument),
        ("/twice", FetchError::NotADocument),
    ] {
        assert_eq!(client.get_json(&peer.url(path)).await.unwrap_err(), expected, "{path}");
    }
    let own = Url::parse("https://stadt.example/users/ana").unwrap();
    assert_eq!(client.get_json(&own).await.unwrap_err(), FetchError::Refused(Refusal::Ourselves));
}

#[tokio::test]
async fn o2_an_open_redirect_does_not_lend_its_hosts_authority() {
    let evil =
        Peer::serving(|_| Router::new().route("/note", always("http://victim.localhost:1/note".into())))
            .await;
    let target = evil.url("/note").to_string();
    let victim = Peer::serving(|_| {
        Router::new().route("/goto", get(move || ready(Redirect::temporary(&target).into_response())))
    })
    .await;
    // The document came from the evil host in the end, so the id on the victim's is asked, where nothing is.
    assert_eq!(
        client(&settings()).get_json(&victim.url("/goto")).await.unwrap_err(),
        FetchError::Unreachable
    );
}

#[tokio::test]
async fn o3_only_the_types_of_activitypub_are_read_as_documents() {
    let good = [
        "application/activity+json",
        "application/activity+json; charset=utf-8",
        "Application/Activity+JSON",
        r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
        r#"application/ld+json; charset=utf-8; profile="https://www.w3.org/ns/activitystreams""#,
        r#"application/ld+json; profile="https://w3id.org/security/v1 https://www.w3.org/ns/activitystreams""#,
    ];
    let bad = [
        "application/json",
        "application/ld+json",
        r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams-x""#,
        "text/plain",
        "text/html",
        "image/png",
        "application/octet-stream",
        "application/activity+json-x",
        "application/activity+json, text/html",
        "",
    ];
    let kinds: Vec<&'static str> = good.into_iter().chain(bad).collect();
    let peer = Peer::serving(|base| {
        let base = base.to_owned();
        let answer = move |request: Request| {
            let at: usize = request.uri().path().trim_start_matches('/').parse().unwrap();
            let body = json!({"id": format!("{base}/{at}")}).to_string();
            ready(([(header::CONTENT_TYPE, kinds[at])], body))
        };
        Router::new().fallback(answer)
    })
    .await;
    let client = client(&settings());
    for (at, kind) in good.iter().enumerate() {
        assert!(client.get_json(&peer.url(&format!("/{at}"))).await.is_ok(), "{kind}");
    }
    for (at, kind) in bad.iter().enumerate() {
        let url = peer.url(&format!("/{}", at + good.len()));
        assert_eq!(client.get_json(&url).await.unwrap_err(), FetchError::ContentType, "{kind}");
    }
}

#[tokio::test]
async fn s10_failures_are_remembered_for_a_while() {
    let peer = Peer::serving(|_| {
        Router::new()
            .route("/gone", get(|| ready(StatusCode::GONE)))
            .route("/broken", get(|| ready(StatusCode::BAD_GATEWAY)))
    })
    .await;
    let client = client(&settings());
    for _ in 0..5 {
        assert_eq!(client.get_json(&peer.url("/gone")).await.unwrap_err(), FetchError::Gone);
        assert_eq!(client.get_json(&peer.url("/broken")).await.unwrap_err(), FetchError::Status(502));
    }
    assert_eq!(peer.hits(), 2);
    client.forget_failure(&peer.url("/gone"));
    assert_eq!(client.get_json(&peer.url("/gone")).await.unwrap_err(), FetchError::Gone);
    assert_eq!(peer.hits(), 3);
}

#[tokio::test]
async fn other_things_are_fetched_unsigned_by_their_own_types() {
    let peer = Peer::serving(|_| {
        let answer = |kind: &'static str| {
            get(move |headers: HeaderMap| {
                assert!(!headers.contains_key("signature"));
                ready(([(header::CONTENT_TYPE, kind)], "x"))
            })
        };
        Router::new()
            .route("/jrd", answer("application/jrd+json; charset=utf-8"))
            .route("/json", answer("application/json"))
            .route("/html", answer("text/html"))
            .route("/png", answer("image/png"))
    })
    .await;
    let client = client(&settings());
    client.sign_as(signer());
    assert!(client.get(&peer.url("/jrd"), Accepted::Json).await.is_ok());
    assert!(client.get(&peer.url("/json"), Accepted::Json).await.is_ok());
    assert!(client.get(&peer.url("/html"), Accepted::Html).await.is_ok());
    assert_eq!(client.get(&peer.url("/html?2"), Accepted::Json).await.unwrap_err(), FetchError::ContentType);
    assert_eq!(client.get(&peer.url("/png?2"), Accepted::Html).await.unwrap_err(), FetchError::ContentType);
    let picture = client.get(&peer.url("/png"), Accepted::Media).await.unwrap();
    assert_eq!(
        (picture.content_type.as_deref(), picture.bytes.as_ref()),
        (Some("image/png"), b"x".as_slice())
    );
}

/// A server that understands one scheme, checks it properly and answers `refusing` to anything else.
async fn demanding(scheme: Scheme, refusing: StatusCode, signer: &Signer) -> Peer {
    let key = signer.key.public().clone();
    Peer::serving(|base| {
        let base = base.to_owned();
        let authority = base.trim_start_matches("http://").to_owned();
        Router::new().fallback(move |request: Request| {
            let (key, base, authority) = (key.clone(), base.clone(), authority.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 100_000).await.unwrap();
                let target = parts.uri.path_and_query().unwrap().as_str();
                assert_eq!(
                    parts.headers.get("user-agent").unwrap(),
                    "Parvis/0.1.0 (+https://stadt.example/)"
                );
                let received = Received {
                    method: &parts.method,
                    path_and_query: target,
                    headers: &parts.headers,
                    body: &body,
                    authority: &authority,
                    scheme: "http",
                };
                let claim = parse(&received, NOW);
                match claim.map(|claim| (claim.scheme(), claim.check(&key))) {
                    Ok((used, Ok(()))) if used == scheme => document(&format!("{base}{target}")),
                    Ok((_, Ok(()))) | Err(SignatureError::Missing) => refusing.into_response(),
                    wrong => panic!("{wrong:?}"),
                }
            }
        })
    })
    .await
}

#[tokio::test]
async fn fetches_knock_with_cavage_and_then_with_rfc_9421() {
    let signer = signer();
    for (scheme, first, second) in [(Scheme::Cavage, 1, 2), (Scheme::Rfc9421, 2, 3)] {
        let peer = demanding(scheme, StatusCode::UNAUTHORIZED, &signer).await;
        let client = client(&settings());
        assert_eq!(client.get_json(&peer.url("/a")).await.unwrap_err(), FetchError::Status(401));
        client.sign_as(signer.clone());
        let before = peer.hits();
        assert!(client.get_json(&peer.url("/users/ana?page=1")).await.is_ok(), "{scheme:?}");
        assert_eq!(peer.hits() - before, first);
        // What opened the door is remembered.
        assert!(client.get_json(&peer.url("/users/ana?page=2")).await.is_ok());
        assert_eq!(peer.hits() - before, second);
    }
}

#[tokio::test]
async fn deliveries_knock_twice_and_remember() {
    let signer = signer();
    let body = Bytes::from_static(br#"{"type":"Like"}"#);
    for refusing in [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
        let peer = demanding(Scheme::Rfc9421, refusing, &signer).await;
        let client = client(&settings());
        for hits in [2, 3, 4] {
            let outcome = client.post_signed(&peer.url("/inbox"), body.clone(), &signer).await;
            assert_eq!((outcome, peer.hits()), (DeliveryOutcome::Delivered, hits), "{refusing}");
        }
    }
    let peer = demanding(Scheme::Cavage, StatusCode::UNAUTHORIZED, &signer).await;
    let client = client(&settings());
    assert_eq!(client.post_signed(&peer.url("/inbox"), body, &signer).await, DeliveryOutcome::Delivered);
    assert_eq!(peer.hits(), 1);
}

#[tokio::test]
async fn deliveries_that_fail_say_what_to_do() {
    let peer = Peer::serving(|_| {
        let answer = |status: StatusCode| any(move || ready(status));
        Router::new()
            .route("/deny", answer(StatusCode::UNAUTHORIZED))
            .route("/dislike", answer(StatusCode::FORBIDDEN))
            .route("/gone", answer(StatusCode::GONE))
            .route("/busy", any(|| ready((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "90")]))))
    })
    .await;
    let client = client(&settings());
    let signer = signer();
    let post =
        async |path: &str| client.post_signed(&peer.url(path), Bytes::from_static(b"{}"), &signer).await;
    assert_eq!(post("/deny").await, DeliveryOutcome::RetryLater { status: Some(401), after: None });
    assert_eq!(post("/dislike").await, DeliveryOutcome::Refused { status: Some(403), guard: None });
    assert_eq!(peer.hits(), 4);
    assert_eq!(post("/gone").await, DeliveryOutcome::Gone { status: 410 });
    let after = Some(Duration::from_secs(90));
    assert_eq!(post("/busy").await, DeliveryOutcome::RetryLater { status: Some(503), after });
    assert_eq!(peer.hits(), 6);
    let own = Url::parse("https://stadt.example/inbox").unwrap();
    let refused = DeliveryOutcome::Refused { status: None, guard: Some(Refusal::Ourselves) };
    assert_eq!(client.post_signed(&own, Bytes::new(), &signer).await, refused);
    // Nobody listens on this port any more.
    let closed = Peer::serving(|_| Router::new()).await.url("/inbox");
    let outcome = client.post_signed(&closed, Bytes::new(), &signer).await;
    assert_eq!(outcome, DeliveryOutcome::RetryLater { status: None, after: None });
}

#[tokio::test]
async fn r2_a_host_gets_no_more_than_its_turns_at_a_time() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (gate, waiting) = (Arc::new(tokio::sync::Semaphore::new(0)), Arc::new(tokio::sync::Notify::new()));
    let handler = {
        let (now, most, gate, waiting) =
            (Arc::clone(&now), Arc::clone(&most), Arc::clone(&gate), Arc::clone(&waiting));
        move || {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            let (gate, waiting) = (Arc::clone(&gate), Arc::clone(&waiting));
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                waiting.notify_one();
                gate.acquire().await.unwrap().forget();
                now.fetch_sub(1, Ordering::SeqCst);
                "x"
            }
        }
    };
    let peer = Peer::serving(|_| Router::new().fallback(handler)).await;
    let limits = Limits { per_host: 1, ..Limits::default() };
    let client = client(&Settings { limits, ..settings() });
    let mut asking = JoinSet::new();
    for at in 0..5 {
        let (client, url) = (client.clone(), peer.url(&format!("/{at}")));
        asking.spawn(async move { client.get(&url, Accepted::Media).await.map(|fetched| fetched.bytes) });
    }
    for _ in 0..5 {
        waiting.notified().await;
        gate.add_permits(1);
    }
    for outcome in asking.join_all().await {
        assert_eq!(outcome.unwrap(), Bytes::from_static(b"x"));
    }
    assert_eq!((most.load(Ordering::SeqCst), peer.hits()), (1, 5));
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
