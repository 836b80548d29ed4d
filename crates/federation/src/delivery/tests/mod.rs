//! Delivery to small servers on loopback: here the servers and what arrives; [`trouble`]: servers that fail, and what survives.

mod trouble;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use parvis_domain::outbox::{self, Audience, Outgoing};
use parvis_domain::testing::{Place, Town as TestTown};
use parvis_domain::{Tx, follows, remote};
use parvis_model::ids::AccountId;
use serde_json::Value;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::*;
use crate::client;
use crate::signature::{PublicKey, Received, Scheme, parse};
use crate::world;

/// What came to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Arrival {
    /// Which of its names was asked, without the port.
    host: String,
    path: String,
    /// The end of the activity's id, such as `Create/1`.
    activity: String,
    /// How it was signed; `None` when the signature is not ana's.
    scheme: Option<Scheme>,
    /// Arrivals before it.
    nth: usize,
}

/// Servers elsewhere: one listener with as many names as one likes.
struct Elsewhere {
    port: u16,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    /// Tells of each arrival as it comes.
    news: tokio::sync::Mutex<mpsc::UnboundedReceiver<Arrival>>,
    _serving: JoinSet<()>,
}

impl Elsewhere {
    /// Servers that answer as `answer` says. `town` tells the key of ana, whose signature is checked.
    async fn new(
        town: &TestTown,
        ana: AccountId,
        answer: impl Fn(Arrival) -> BoxFuture<'static, Response> + Send + Sync + 'static,
    ) -> Self {
        let key = town.read(move |c| parvis_domain::actors::keys_of(c, ana)).await.remove(0);
        let key = PublicKey::from_spki_der(&key.public_der).unwrap();
        let clock = Arc::clone(&town.clock);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let arrivals: Arc<Mutex<Vec<Arrival>>> = Arc::default();
        let (told, news) = mpsc::unbounded_channel();
        let (log, answer) = (Arc::clone(&arrivals), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request| {
            let (log, answer, key) = (Arc::clone(&log), Arc::clone(&answer), key.clone());
            let (told, clock) = (told.clone(), Arc::clone(&clock));
            async move {
                let mut arrival = read(request, &key, parvis_model::time::Clock::now(&*clock)).await;
                {
                    let mut log = log.lock().unwrap();
                    arrival.nth = log.len();
                    log.push(arrival.clone());
                }
                let _nobody_waits = told.send(arrival.clone());
                answer(arrival).await
            }
        });
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, arrivals, news: tokio::sync::Mutex::new(news), _serving: serving }
    }

    /// Servers that take everything.
    async fn willing(town: &TestTown, ana: AccountId) -> Self {
        Self::new(town, ana, |_| Box::pin(async { StatusCode::ACCEPTED.into_response() })).await
    }

    /// Servers that answer with a status by arrival.
    async fn answering(
        town: &TestTown,
        ana: AccountId,
        answer: impl Fn(&Arrival) -> u16 + Send + Sync + 'static,
    ) -> Self {
        let answer = move |arrival: Arrival| -> BoxFuture<'static, Response> {
            let status = StatusCode::from_u16(answer(&arrival)).unwrap();
            Box::pin(async move { status.into_response() })
        };
        Self::new(town, ana, answer).await
    }

    /// `name.localhost:PORT`.
    fn host(&self, name: &str) -> String {
        format!("{name}.localhost:{}", self.port)
    }

    /// What came, in order.
    fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap().clone()
    }

    /// The activities that came to one name, in order.
    fn at(&self, name: &str) -> Vec<String> {
        let host = format!("{name}.localhost");
        self.arrivals().into_iter().filter(|a| a.host == host).map(|a| a.activity).collect()
    }

    /// Waits until something comes.
    async fn next(&self) -> Arrival {
        self.news.lock().await.recv().await.unwrap()
    }
}

async fn read(request: Request, key: &PublicKey, now: parvis_model::time::Moment) -> Arrival {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1_000_000).await.unwrap();
    let authority = parts.headers.get("host").unwrap().to_str().unwrap().to_owned();
    let received = Received {
        method: &parts.method,
        path_and_query: parts.uri.path_and_query().unwrap().as_str(),
        headers: &parts.headers,
        body: &body,
        authority: &authority,
        scheme: "http",
    };
    let scheme =
        parse(&received, now).ok().filter(|claim| claim.check(key).is_ok()).map(|claim| claim.scheme());
    let json: Value = serde_json::from_slice(&body).unwrap();
    Arrival {
        host: authority.split(':').next().unwrap().to_owned(),
        path: parts.uri.path().to_owned(),
        activity: json["id"].as_str().unwrap().replace("http://town.example/", ""),
        scheme,
        nth: 0,
    }
}

/// A town with ana, whose activities these tests write themselves.
async fn town(place: Place) -> (TestTown, AccountId) {
    let town = TestTown::builder().listeners(vec![outbox::on_event]).place(place).build().await;
    let ana = town.resident("ana").await;
    (town, ana)
}

/// Both databases.
async fn both<F, Fut>(test: F)
where
    F: Fn(TestTown, AccountId) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let (town, ana) = town(place).await;
        test(town, ana).await;
    }
}

fn client_of(town: &TestTown) -> Client {
    client_with(town, client::Limits::default())
}

/// A client that waits for an answer for as long as a test can take.
fn patient_client_of(town: &TestTown) -> Client {
    let hour = Duration::from_secs(3_600);
    client_with(town, client::Limits { json_total: hour, ..client::Limits::default() })
}

fn client_with(town: &TestTown, limits: client::Limits) -> Client {
    let settings = client::Settings {
        allow_loopback: true,
        allowed_private_addresses: Vec::new(),
        extra_ca_file: None,
        allow_http: true,
        domain: "town.example".into(),
        scheme: "http".into(),
        version: "0.1.0".into(),
        limits,
    };
    Client::new(&settings, town.clock.clone()).unwrap()
}

fn delivery(town: &TestTown) -> Delivery {
    Delivery::new(town.handle(), client_of(town))
}

/// Somebody at `host` follows ana; with `shared`, the server has an inbox for everybody.
async fn follower(town: &TestTown, ana: AccountId, host: &str, name: &str, shared: bool) -> AccountId {
    let mut actor = world::actor_at(host, name, &world::key());
    let http = |url: &str| url.replacen("https:", "http:", 1);
    actor.uri = http(&actor.uri);
    actor.inbox = http(&actor.inbox);
    actor.shared_inbox = actor.shared_inbox.as_deref().map(http).filter(|_| shared);
    actor.url = None;
    actor.keys.clear();
    town.write(move |tx| {
        let who = remote::accounts::upsert(tx, &actor)?;
        let uri = format!("{}/follows/{}", actor.uri, tx.new_id());
        follows::follow(tx, who, ana, &follows::Wishes::default(), Some(&uri))?;
        Ok(who)
    })
    .await
}

fn activity(kind: &str, n: u32, actor: AccountId, audience: Audience) -> Outgoing {
    Outgoing {
        uri: format!("http://town.example/{kind}/{n}"),
        actor,
        object_uri: Some(format!("http://town.example/notes/{n}")),
        body: format!("{{\"type\":\"{kind}\",\"id\":\"http://town.example/{kind}/{n}\"}}"),
        audience,
    }
}

/// ana publishes posts.
async fn create(town: &TestTown, ana: AccountId, posts: std::ops::RangeInclusive<u32>) {
    for n in posts {
        let audience = Audience { followers_of: Some(ana), ..Audience::default() };
        town.write(move |tx| outbox::write(tx, activity("Create", n, ana, audience.clone()))).await;
    }
}

/// ana changes or deletes a post.
async fn later(town: &TestTown, ana: AccountId, kind: &'static str, n: u32) {
    let as_of_object = Some(format!("http://town.example/notes/{n}"));
    let audience = Audience { followers_of: Some(ana), as_of_object, explicit: Vec::new() };
    town.write(move |tx| outbox::write(tx, activity(kind, n, ana, audience.clone()))).await;
}

fn creates(posts: std::ops::RangeInclusive<u32>) -> Vec<String> {
    posts.map(|n| format!("Create/{n}")).collect()
}

#[tokio::test]
async fn one_post_for_a_thousand_followers_is_delivered_once_to_each_of_two_hundred_servers() {
    let (town, ana) = town(Place::sqlite()).await;
    let elsewhere = Elsewhere::willing(&town, ana).await;
    for n in 0..1_000 {
        let host = elsewhere.host(&format!("h{}", n % 200));
        follower(&town, ana, &host, &format!("p{n}"), true).await;
    }
    create(&town, ana, 1..=1).await;
    assert_eq!(delivery(&town).deliver_due().await.unwrap(), 200);
    let arrivals = elsewhere.arrivals();
    assert_eq!(arrivals.len(), 200);
    assert_eq!(arrivals.iter().map(|a| &a.host).collect::<BTreeSet<_>>().len(), 200);
    assert!(arrivals.iter().all(|a| a.path == "/inbox" && a.scheme == Some(Scheme::Cavage)), "signed by ana");
}

#[tokio::test]
async fn everything_arrives_once_and_in_order() {
    both(|town, ana| async move {
        let elsewhere = Elsewhere::willing(&town, ana).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        follower(&town, ana, &elsewhere.host("b"), "cleo", false).await;
        follower(&town, ana, &elsewhere.host("b"), "dora", false).await;
        let delivery = delivery(&town);
        create(&town, ana, 1..=60).await;
        assert_eq!(delivery.deliver_due().await.unwrap(), 180);
        later(&town, ana, "Update", 3).await;
        later(&town, ana, "Delete", 3).await;
        assert_eq!(delivery.deliver_due().await.unwrap(), 3, "the change is over before it was sent");
        assert_eq!(delivery.deliver_due().await.unwrap(), 0);

        let mut expected = creates(1..=60);
        expected.push("Delete/3".to_owned());
        assert_eq!(elsewhere.at("a"), expected);
        let mut by_inbox: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for arrival in elsewhere.arrivals().into_iter().filter(|a| a.host == "b.localhost") {
            by_inbox.entry(arrival.path).or_default().push(arrival.activity);
        }
        assert_eq!(by_inbox.keys().collect::<Vec<_>>(), ["/users/cleo/inbox", "/users/dora/inbox"]);
        assert!(by_inbox.values().all(|activities| *activities == expected));
    })
    .await;
}

#[tokio::test]
async fn a_post_made_by_a_resident_reaches_who_follows_her() {
    let town = world::builder().build().await;
    let ana = town.resident("ana").await;
    let elsewhere = Elsewhere::willing(&town, ana).await;
    follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
    let draft = parvis_domain::statuses::Draft { text: "The square is open.".into(), ..Default::default() };
    town.write(move |tx| parvis_domain::statuses::publish(tx, ana, &draft)).await;
    assert_eq!(delivery(&town).deliver_due().await.unwrap(), 2, "the Accept and the Create");
}

#[tokio::test]
async fn a_serving_town_delivers_as_soon_as_something_is_written_and_stops_in_order() {
    both(|town, ana| async move {
        let elsewhere = Elsewhere::willing(&town, ana).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
        delivery(&town).spawn(&tracker, cancel.clone());
        for n in 1..=5 {
            create(&town, ana, n..=n).await;
            assert_eq!(elsewhere.next().await.activity, format!("Create/{n}"));
        }
        cancel.cancel();
        tracker.close();
        tracker.wait().await;
        assert_eq!(delivery(&town).deliver_due().await.unwrap(), 0, "the cursor was saved at the stop");
        assert_eq!(elsewhere.at("a"), creates(1..=5));
    })
    .await;
}

#[tokio::test]
async fn of_two_nodes_one_delivers_and_the_other_takes_over() {
    let Some(place) = Place::postgres() else { return };
    let (town, ana) = town(place).await;
    let elsewhere = Elsewhere::willing(&town, ana).await;
    follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
    let (tracker, first, second) = (TaskTracker::new(), CancellationToken::new(), CancellationToken::new());
    delivery(&town).spawn(&tracker, first.clone());
    create(&town, ana, 1..=1).await;
    elsewhere.next().await;
    delivery(&town).spawn(&tracker, second.clone());
    for n in 2..=10 {
        create(&town, ana, n..=n).await;
        elsewhere.next().await;
    }
    first.cancel();
    for n in 11..=12 {
        create(&town, ana, n..=n).await;
        elsewhere.next().await;
    }
    second.cancel();
    tracker.close();
    tracker.wait().await;
    assert_eq!(elsewhere.at("a"), creates(1..=12));
}

#[tokio::test]
async fn a_blocked_server_gets_nothing_not_even_afterwards() {
    both(|town, ana| async move {
        let elsewhere = Elsewhere::willing(&town, ana).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let host = elsewhere.host("a");
        let delivery = delivery(&town);
        create(&town, ana, 1..=3).await;
        let name = host.clone();
        town.write(move |tx: &mut Tx<'_>| {
            parvis_domain::policy::block(tx, &name, parvis_domain::policy::Severity::Suspend, false, "")
        })
        .await;
        assert_eq!(delivery.deliver_due().await.unwrap(), 0);
        town.write(move |tx| parvis_domain::policy::unblock(tx, &host)).await;
        create(&town, ana, 4..=4).await;
        assert_eq!(delivery.deliver_due().await.unwrap(), 1);
        assert_eq!(elsewhere.at("a"), ["Create/4"]);
    })
    .await;
}

#[tokio::test]
async fn the_signature_that_a_server_understands_is_remembered_across_restarts() {
    both(|town, ana| async move {
        let modern = |a: &Arrival| if a.scheme == Some(Scheme::Rfc9421) { 202 } else { 401 };
        let elsewhere = Elsewhere::answering(&town, ana, modern).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        create(&town, ana, 1..=1).await;
        assert_eq!(delivery(&town).deliver_due().await.unwrap(), 1);
        assert_eq!(elsewhere.arrivals().len(), 2, "two knocks");
        create(&town, ana, 2..=3).await;
        assert_eq!(delivery(&town).deliver_due().await.unwrap(), 2);
        assert_eq!(elsewhere.arrivals().len(), 4, "one knock each");
    })
    .await;
}
