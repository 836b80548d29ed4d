//! The worker's ways out: what is put back, what is dropped, what is parked, and that nothing takes effect twice. On both databases.

use axum::body::Body;
use http::{HeaderValue, Method, Request, StatusCode};
use parvis_domain::follows::{self, Wishes};
use parvis_domain::testing::Town;
use parvis_domain::{actors, inbound};
use parvis_model::time::{HOUR, MINUTE};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::Url;

use super::Inbox;
use crate::fetch::Federation;
use crate::signature::{Scheme, sign};
use crate::world::{both, fetcher, remote, signer};

const BEA: &str = "https://away.example/users/bea";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Delivers and does not work.
async fn deliver(town: &Town, federation: &Federation, activity: &Value) {
    let body = activity.to_string();
    let inbox = Url::parse(&town.urls().shared_inbox()).unwrap();
    let headers =
        sign(Scheme::Cavage, &signer(BEA), &Method::POST, &inbox, Some(body.as_bytes()), town.now()).unwrap();
    let mut request = Request::post("/inbox").body(Body::from(body)).unwrap();
    *request.headers_mut() = headers;
    request.headers_mut().insert("host", HeaderValue::from_str(town.urls().domain()).unwrap());
    request.headers_mut().insert("content-type", HeaderValue::from_static("application/activity+json"));
    let answer = crate::inbox::routes(federation.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
}

fn note(n: usize) -> Value {
    let id = format!("https://away.example/notes/{n}");
    json!({
        "id": format!("{id}#create"), "type": "Create", "actor": BEA,
        "object": { "id": id, "type": "Note", "attributedTo": BEA, "content": "x", "to": [PUBLIC] },
    })
}

async fn ana_follows_bea(town: &Town) {
    let (ana, bea) = (town.resident("ana").await, remote(town, "bea").await);
    town.write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
    town.write(move |tx| follows::accept(tx, bea, ana)).await;
}

#[tokio::test]
async fn what_another_server_keeps_us_from_is_tried_three_times_and_holds_up_nobody_for_long() {
    both(|town| async move {
        ana_follows_bea(&town).await;
        let federation = fetcher(&town).await;
        let worker = Inbox::new(federation.clone());
        // The boosted post cannot be fetched: nobody is at that address.
        let boost = json!({
            "id": "https://away.example/acts/1", "type": "Announce", "actor": BEA, "to": [PUBLIC],
            "object": "https://nobody.invalid/notes/1",
        });
        deliver(&town, &federation, &boost).await;
        deliver(&town, &federation, &note(2)).await;
        let there =
            async || town.read(|c| actors::post_by_uri(c, "https://away.example/notes/2")).await.is_some();
        assert_eq!(worker.process_due().await.unwrap(), 1, "the second waits for the first");
        assert!(!there().await);
        for _ in 0..2 {
            town.clock.advance(6 * MINUTE);
            worker.process_due().await.unwrap();
        }
        assert!(there().await);
        assert_eq!(town.read(inbound::figures).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn two_workers_of_one_queue_give_each_activity_its_effect_once() {
    both(|town| async move {
        ana_follows_bea(&town).await;
        let federation = fetcher(&town).await;
        for n in 0..30 {
            deliver(&town, &federation, &note(n)).await;
        }
        let (one, two) = (Inbox::new(federation.clone()), Inbox::new(federation.clone()));
        // A round may find that the other worker holds the actor's oldest row; so both go on until nothing waits.
        for _ in 0..60 {
            let (first, second) = tokio::join!(one.process_due(), two.process_due());
            if first.unwrap() + second.unwrap() == 0 {
                break;
            }
        }
        assert_eq!(town.read(inbound::figures).await, (0, 0));
        for n in 0..30 {
            let uri = format!("https://away.example/notes/{n}");
            assert!(town.read(move |c| actors::post_by_uri(c, &uri)).await.is_some(), "{n}");
        }
    })
    .await;
}

#[tokio::test]
async fn r5_a_worker_that_died_in_the_middle_leaves_its_rows_to_the_next() {
    both(|town| async move {
        ana_follows_bea(&town).await;
        let federation = fetcher(&town).await;
        deliver(&town, &federation, &note(1)).await;
        let claimed = town.db().claim(|tx| inbound::claim(tx, 10)).await.unwrap();
        assert_eq!(claimed.len(), 1);
        let worker = Inbox::new(federation);
        assert_eq!(worker.process_due().await.unwrap(), 0, "it is leased");
        town.clock.advance(HOUR);
        assert_eq!(worker.process_due().await.unwrap(), 1);
        assert!(town.read(|c| actors::post_by_uri(c, "https://away.example/notes/1")).await.is_some());
    })
    .await;
}
