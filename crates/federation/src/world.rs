//! A town for this crate's tests with somebody elsewhere to talk to. Nothing here reaches the network.

use parvis_domain::remote::{RemoteActor, RemoteKey, accounts};
use parvis_domain::testing::{Builder, Town};
use parvis_domain::{outbox, policy};
use parvis_model::account::ActorKind;
use parvis_model::ids::AccountId;
use serde_json::Value;

use crate::signature::{KeyKind, KeyPair};

/// A town whose listeners are those of a real one, as far as federation goes.
pub(crate) fn builder() -> Builder {
    Town::builder().listeners(vec![parvis_domain::notifications::on_event, outbox::on_event, crate::outbox::on_event])
}

/// Both databases.
pub(crate) async fn both<F, Fut>(test: F)
where
    F: Fn(Town) -> Fut,
    Fut: Future<Output = ()>,
{
    test(builder().build().await).await;
    if let Some(place) = parvis_store_place() {
        test(builder().place(place).build().await).await;
    }
}

fn parvis_store_place() -> Option<parvis_domain::testing::Place> {
    parvis_domain::testing::Place::postgres()
}

/// What an actor called `name` at `https://away.example` says of themselves.
pub(crate) fn actor_at(host: &str, name: &str, key: &KeyPair) -> RemoteActor {
    let uri = format!("https://{host}/users/{name}");
    RemoteActor {
        url: Some(format!("https://{host}/@{name}")),
        kind: ActorKind::Person,
        username: name.to_owned(),
        name: name.to_uppercase(),
        bio: "<p>From away.</p>".to_owned(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        is_locked: false,
        is_discoverable: true,
        inbox: format!("{uri}/inbox"),
        shared_inbox: Some(format!("https://{host}/inbox")),
        outbox: Some(format!("{uri}/outbox")),
        followers: Some(format!("{uri}/followers")),
        featured: None,
        emojis: Vec::new(),
        keys: vec![RemoteKey {
            uri: format!("{uri}#main-key"),
            algorithm: "rsa".to_owned(),
            public_der: key.public().spki_der().to_vec(),
        }],
        published: None,
        uri,
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
