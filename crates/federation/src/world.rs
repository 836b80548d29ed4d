//! A town for this crate's tests with somebody elsewhere to talk to. Nothing here reaches the network.

use axum::body::Body;
use http::{HeaderValue, Method, Request, StatusCode};
use parvis_domain::remote::{RemoteActor, RemoteKey, accounts};
use parvis_domain::testing::{Builder, Town, somebody};
use parvis_domain::{outbox, policy};
use parvis_model::ids::AccountId;
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use crate::client::{self, Client};
use crate::fetch::Federation;
use crate::signature::{KeyKind, KeyPair, Scheme, Signer, sign};

/// A town whose listeners are those of a real one, as far as federation goes.
pub(crate) fn builder() -> Builder {
    Town::builder().listeners(vec![
        parvis_domain::notifications::on_event,
        outbox::on_event,
        crate::outbox::on_event,
        parvis_domain::facilitation::on_event,
        parvis_domain::remote::past::on_event,
    ])
}

/// Both databases.
pub(crate) async fn both<F, Fut>(test: F)
where
    F: Fn(Town) -> Fut,
    Fut: Future<Output = ()>,
{
    test(builder().build().await).await;
    if let Some(place) = parvis_domain::testing::Place::postgres() {
        test(builder().place(place).build().await).await;
    }
}

/// What an actor called `name` at `https://away.example` says of themselves.
pub(crate) fn actor_at(host: &str, name: &str, key: &KeyPair) -> RemoteActor {
    let uri = format!("https://{host}/users/{name}");
    RemoteActor {
        url: Some(format!("https://{host}/@{name}")),
        name: name.to_uppercase(),
        bio: "<p>From away.</p>".to_owned(),
        shared_inbox: Some(format!("https://{host}/inbox")),
        outbox: Some(format!("{uri}/outbox")),
        followers: Some(format!("{uri}/followers")),
        keys: vec![RemoteKey {
            uri: format!("{uri}#main-key"),
            algorithm: "rsa".to_owned(),
            public_der: key.public().spki_der().to_vec(),
        }],
        ..somebody(host, name)
    }
}

/// One key for everybody elsewhere: making one takes long.
pub(crate) fn key() -> std::sync::Arc<KeyPair> {
    static KEY: std::sync::OnceLock<std::sync::Arc<KeyPair>> = std::sync::OnceLock::new();
    KEY.get_or_init(|| std::sync::Arc::new(KeyPair::generate(KeyKind::Rsa).unwrap())).clone()
}

/// Makes `name@away.example` known to the town.
pub(crate) async fn remote(town: &Town, name: &str) -> AccountId {
    let actor = actor_at("away.example", name, &key());
    town.write(move |tx| accounts::upsert(tx, &actor)).await
}

/// Blocks a server.
pub(crate) async fn block(town: &Town, host: &'static str) {
    town.write(move |tx| policy::block(tx, host, policy::Severity::Suspend, false, "")).await;
}

/// The activities that are on their way to a server, in order, each with its inboxes.
pub(crate) async fn sent_to(town: &Town, host: &'static str) -> Vec<(Value, Vec<String>)> {
    town.db().claim(|tx| outbox::number(tx, 1_000)).await.unwrap();
    let batch = town.read(move |c| outbox::batch_for(c, host, 1_000)).await;
    let rows = batch.map(|b| b.rows).unwrap_or_default();
    rows.into_iter().map(|r| (serde_json::from_str(&r.body).unwrap(), r.inboxes)).collect()
}

/// The town's part in the Fediverse. Its client may ask nobody: every address in these tests is one that does not exist.
pub(crate) async fn fetcher(town: &Town) -> Federation {
    let settings = client::Settings {
        allow_loopback: false,
        allowed_private_addresses: Vec::new(),
        extra_ca_file: None,
        allow_http: false,
        domain: town.urls().domain().to_owned(),
        scheme: "http".to_owned(),
        version: "test".to_owned(),
        limits: client::Limits::default(),
    };
    Federation::connect(&town.handle(), Client::new(&settings, town.clock.clone()).unwrap()).await.unwrap()
}

/// How an actor elsewhere signs, with [`key`].
pub(crate) fn signer(actor: &str) -> Signer {
    Signer { key_id: Url::parse(&format!("{actor}#main-key")).unwrap(), key: key() }
}

/// Signs and delivers an activity of `actor`, expects 202, and works through the queue.
pub(crate) async fn receive(town: &Town, fetcher: &Federation, actor: &str, activity: &Value) {
    let body = activity.to_string();
    let url = Url::parse(&town.urls().shared_inbox()).unwrap();
    let headers =
        sign(Scheme::Cavage, &signer(actor), &Method::POST, &url, Some(body.as_bytes()), town.now()).unwrap();
    let mut request = Request::post("/inbox").body(Body::from(body)).unwrap();
    *request.headers_mut() = headers;
    request.headers_mut().insert("host", HeaderValue::from_str(town.urls().domain()).unwrap());
    request.headers_mut().insert("content-type", HeaderValue::from_static("application/activity+json"));
    let answer = crate::inbox::routes(fetcher.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    crate::Inbox::new(fetcher.clone()).process_due().await.unwrap();
}
