//! The inbox's answers, on both databases, through its routes. Nobody is fetched: the senders are known, or cannot be reached.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use parvis_domain::testing::Town;
use parvis_domain::{inbound, remote};
use parvis_model::time::{HOUR, MINUTE};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::Url;

use super::routes;
use crate::fetch::Federation;
use crate::signature::{KeyKind, KeyPair, Scheme, Signer, sign};
use crate::world::{actor_at, block, both, fetcher, key, remote as known, signer};

const BEA: &str = "https://away.example/users/bea";
const TYPE: &str = "application/activity+json";

fn like(id: &str) -> Value {
    json!({ "id": format!("https://away.example/likes/{id}"), "type": "Like", "actor": BEA, "object": "https://town.example/users/ana/statuses/1" })
}

/// A signed request as `signer` would send it to our inbox.
fn signed(town: &Town, scheme: Scheme, signer: &Signer, body: &[u8]) -> Request<Body> {
    let url = Url::parse(&town.urls().shared_inbox()).unwrap();
    let headers = sign(scheme, signer, &Method::POST, &url, Some(body), town.now()).unwrap();
    let mut request = Request::post("/inbox").body(Body::from(Bytes::copy_from_slice(body))).unwrap();
    *request.headers_mut() = headers;
    request.headers_mut().insert("host", HeaderValue::from_str(town.urls().domain()).unwrap());
    request.headers_mut().insert("content-type", HeaderValue::from_static(TYPE));
    request
}

async fn status(fetcher: &Federation, request: Request<Body>) -> StatusCode {
    routes(fetcher.clone()).oneshot(request).await.unwrap().status()
}

async fn post(town: &Town, fetcher: &Federation, activity: &Value) -> StatusCode {
    let body = activity.to_string();
    status(fetcher, signed(town, Scheme::Cavage, &signer(BEA), body.as_bytes())).await
}

async fn waiting(town: &Town) -> i64 {
    town.read(inbound::waiting).await
}

#[tokio::test]
async fn a_signed_activity_of_a_known_actor_is_stored_with_its_bytes_and_once() {
    both(|town| async move {
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        let body = like("1").to_string();
        for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
            let request = signed(&town, scheme, &signer(BEA), body.as_bytes());
            assert_eq!(status(&fetcher, request).await, StatusCode::ACCEPTED, "{scheme:?}");
        }
        let rows = town.db().claim(|tx| inbound::claim(tx, 10)).await.unwrap();
        assert_eq!(rows.len(), 1, "the second was a repetition");
        assert_eq!(rows[0].body, body.as_bytes());
    })
    .await;
}

#[tokio::test]
async fn fep_521a_an_actor_signs_with_any_of_its_keys() {
    both(|town| async move {
        let pair = KeyPair::generate(KeyKind::Ed25519).unwrap();
        let mut bea = actor_at("away.example", "bea", &key());
        bea.keys.push(remote::RemoteKey {
            uri: format!("{BEA}#ed25519-key"),
            algorithm: "ed25519".to_owned(),
            public_der: pair.public().spki_der().to_vec(),
        });
        town.write(move |tx| remote::accounts::upsert(tx, &bea)).await;
        let fetcher = fetcher(&town).await;
        let ed25519 = Signer {
            key_id: Url::parse(&format!("{BEA}#ed25519-key")).unwrap(),
            key: std::sync::Arc::new(pair),
        };
        for (n, signer) in [ed25519.clone(), signer(BEA)].iter().enumerate() {
            for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
                let body = like(&format!("{n}-{scheme:?}")).to_string();
                let request = signed(&town, scheme, signer, body.as_bytes());
                assert_eq!(status(&fetcher, request).await, StatusCode::ACCEPTED, "{n} {scheme:?}");
            }
        }
        assert_eq!(waiting(&town).await, 4);
        // The key decides the algorithm, not its name (threats S6).
        let swapped = Signer { key_id: signer(BEA).key_id, key: ed25519.key };
        let body = like("swapped").to_string();
        let request = signed(&town, Scheme::Rfc9421, &swapped, body.as_bytes());
        assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn s1_unsigned_and_badly_signed_requests_are_401_and_leave_nothing() {
    both(|town| async move {
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        let body = like("1").to_string();
        let fresh = || signed(&town, Scheme::Cavage, &signer(BEA), body.as_bytes());
        let mut unsigned = fresh();
        unsigned.headers_mut().remove("signature");
        let mut garbage = fresh();
        garbage.headers_mut().insert("signature", HeaderValue::from_static("keyId=\"\",x"));
        let mut tampered = fresh();
        *tampered.body_mut() = Body::from(like("2").to_string());
        let mut re_aimed = fresh();
        re_aimed.headers_mut().insert("host", HeaderValue::from_static("other.example"));
        for request in [unsigned, garbage, tampered, re_aimed] {
            assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(waiting(&town).await, 0);
    })
    .await;
}

#[tokio::test]
async fn s7_a_valid_signature_of_somebody_else_does_not_speak_for_the_actor() {
    both(|town| async move {
        known(&town, "bea").await;
        known(&town, "bob").await;
        let fetcher = fetcher(&town).await;
        let body = like("1").to_string();
        let bob = signer("https://away.example/users/bob");
        let request = signed(&town, Scheme::Cavage, &bob, body.as_bytes());
        assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED, "bob's key, bea's activity");
        let forged = Signer {
            key_id: signer(BEA).key_id,
            key: std::sync::Arc::new(KeyPair::generate(KeyKind::Rsa).unwrap()),
        };
        let request = signed(&town, Scheme::Cavage, &forged, body.as_bytes());
        assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED, "another key under bea's id");
        assert_eq!(waiting(&town).await, 0);
    })
    .await;
}

#[tokio::test]
async fn s8_a_document_cannot_bring_a_key_under_somebody_elses_id() {
    both(|town| async move {
        let bea = known(&town, "bea").await;
        let thief_key = KeyPair::generate(KeyKind::Ed25519).unwrap();
        let mut thief = actor_at("evil.example", "eve", &thief_key);
        thief.keys[0].uri = format!("{BEA}#main-key");
        let id = town.write(move |tx| remote::accounts::upsert(tx, &thief)).await;
        let (of_thief, of_bea) = town
            .read(move |c| {
                Ok((parvis_domain::actors::keys_of(c, id)?, parvis_domain::actors::keys_of(c, bea)?))
            })
            .await;
        assert!(of_thief.is_empty());
        assert_eq!(of_bea[0].public_der, key().public().spki_der());
    })
    .await;
}

#[tokio::test]
async fn s10_a_known_key_is_not_fetched_anew_within_a_minute_and_a_strangers_farewell_never() {
    both(|town| async move {
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        let forged = Signer {
            key_id: signer(BEA).key_id,
            key: std::sync::Arc::new(KeyPair::generate(KeyKind::Rsa).unwrap()),
        };
        let body = like("1").to_string();
        let actor = Url::parse(BEA).unwrap();
        let request = signed(&town, Scheme::Cavage, &forged, body.as_bytes());
        assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED);
        assert!(!fetcher.is_failing(&actor), "nothing was asked");
        town.clock.advance(2 * MINUTE);
        let request = signed(&town, Scheme::Cavage, &forged, body.as_bytes());
        assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED);
        assert!(fetcher.is_failing(&actor), "it was asked, and could not be reached");

        let stranger = "https://gone.example/users/zoe";
        let delete = json!({ "id": format!("{stranger}#delete"), "type": "Delete", "actor": stranger, "object": stranger });
        let body = delete.to_string();
        let request = signed(&town, Scheme::Cavage, &signer(stranger), body.as_bytes());
        assert_eq!(status(&fetcher, request).await, StatusCode::ACCEPTED);
        assert!(!fetcher.is_failing(&Url::parse(stranger).unwrap()));
        assert_eq!(waiting(&town).await, 0);
    })
    .await;
}

#[tokio::test]
async fn s11_linked_data_signatures_are_worth_nothing() {
    both(|town| async move {
        known(&town, "bea").await;
        let bob = known(&town, "bob").await;
        let fetcher = fetcher(&town).await;
        let mut activity = like("1");
        activity["signature"] = json!({ "type": "RsaSignature2017", "creator": format!("{BEA}#main-key"), "signatureValue": "x" });
        let body = activity.to_string();
        let forwarder = signer("https://away.example/users/bob");
        assert_eq!(
            status(&fetcher, signed(&town, Scheme::Cavage, &forwarder, body.as_bytes())).await,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!((waiting(&town).await, bob.0 > 0), (0, true));
    })
    .await;
}

#[tokio::test]
async fn s12_ambiguous_documents_are_400_and_no_actor_is_a_list() {
    both(|town| async move {
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        for body in [
            format!(r#"{{"id":"https://away.example/1","id":"https://away.example/2","type":"Like","actor":"{BEA}"}}"#),
            format!(r#"{{"id":"https://away.example/1","type":"Like","actor":["{BEA}","{BEA}"]}}"#),
            format!(r#"{{"id":"https://other.example/1","type":"Like","actor":"{BEA}"}}"#),
            format!(r#"{{"type":"Like","actor":"{BEA}"}}"#),
            "[]".to_owned(),
            "not json".to_owned(),
            String::new(),
            "[".repeat(10_000),
        ] {
            let request = signed(&town, Scheme::Cavage, &signer(BEA), body.as_bytes());
            assert_eq!(status(&fetcher, request).await, StatusCode::BAD_REQUEST, "{body:.60}");
        }
        assert_eq!(waiting(&town).await, 0);
    })
    .await;
}

#[tokio::test]
async fn sizes_types_and_encodings_are_refused_with_their_own_answers() {
    let town = crate::world::builder().build().await;
    known(&town, "bea").await;
    let fetcher = fetcher(&town).await;
    let body = like("1").to_string();
    let with = |name: &'static str, value: &'static str| {
        let mut request = signed(&town, Scheme::Cavage, &signer(BEA), body.as_bytes());
        request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        request
    };
    let unsupported = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    for other in ["text/plain", "text/html", "application/x-www-form-urlencoded", "nonsense"] {
        assert_eq!(status(&fetcher, with("content-type", other)).await, unsupported, "{other}");
    }
    for loose in ["application/json; charset=utf-8", "application/ld+json"] {
        assert_eq!(status(&fetcher, with("content-type", loose)).await, StatusCode::ACCEPTED, "{loose}");
    }
    assert_eq!(status(&fetcher, with("content-encoding", "gzip")).await, unsupported);
    let profile = r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;
    assert_eq!(status(&fetcher, with("content-type", profile)).await, StatusCode::ACCEPTED);
    let large = vec![b' '; super::LARGEST + 1];
    let request = signed(&town, Scheme::Cavage, &signer(BEA), &large);
    assert_eq!(status(&fetcher, request).await, StatusCode::PAYLOAD_TOO_LARGE);
    let mut lying = signed(&town, Scheme::Cavage, &signer(BEA), &large);
    lying.headers_mut().insert("content-length", HeaderValue::from_static("10"));
    assert_eq!(status(&fetcher, lying).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn o14_blocked_servers_and_their_subdomains_are_403() {
    both(|town| async move {
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        block(&town, "example").await;
        assert_eq!(post(&town, &fetcher, &like("1")).await, StatusCode::FORBIDDEN);
        assert_eq!(waiting(&town).await, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_elsewhere_speaks_as_one_of_us() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        let actor = town.urls().actor("ana");
        let body = json!({ "id": format!("{actor}#1"), "type": "Delete", "actor": actor, "object": actor })
            .to_string();
        let request = signed(&town, Scheme::Cavage, &signer(&actor), body.as_bytes());
        assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED);
        assert!(ana.0 > 0);
    })
    .await;
}

#[tokio::test]
async fn s4_an_old_delivery_is_refused() {
    both(|town| async move {
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        let body = like("1").to_string();
        let request = signed(&town, Scheme::Cavage, &signer(BEA), body.as_bytes());
        town.clock.advance(13 * HOUR);
        assert_eq!(status(&fetcher, request).await, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn r11_a_full_queue_answers_503_with_retry_after_and_loses_nothing() {
    both(|town| async move {
        known(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        fetcher.set_capacity(2);
        for id in ["1", "2"] {
            assert_eq!(post(&town, &fetcher, &like(id)).await, StatusCode::ACCEPTED);
        }
        let body = like("3").to_string();
        let request = signed(&town, Scheme::Cavage, &signer(BEA), body.as_bytes());
        let answer = routes(fetcher.clone()).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key("retry-after"));
        assert_eq!(post(&town, &fetcher, &like("2")).await, StatusCode::ACCEPTED, "it was stored before");
        crate::Inbox::new(fetcher.clone()).process_due().await.unwrap();
        assert_eq!(post(&town, &fetcher, &like("3")).await, StatusCode::ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn a_personal_inbox_is_there_for_those_who_live_here() {
    let town = crate::world::builder().build().await;
    let fetcher = fetcher(&town).await;
    let request =
        Request::post("/users/nobody/inbox").header("content-type", TYPE).body(Body::empty()).unwrap();
    assert_eq!(status(&fetcher, request).await, StatusCode::NOT_FOUND);
}
