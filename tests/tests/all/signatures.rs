//! Who may speak: the status codes of `POST /inbox` over real HTTP (threats S1–S12). The cryptography itself is tested in `federation::signature`.

use std::sync::Arc;

use parvis_federation::signature::{KeyKind, KeyPair, Scheme, Signer};
use parvis_model::time::{HOUR, MINUTE};
use system_tests::{Actor, Letter, Peers, Sender as _, TwoTowns, Value, json, raw, settle, text};

/// A town, a resident, and somebody elsewhere whose Follow would show in their notifications.
struct Scene {
    towns: TwoTowns,
    peers: Peers,
    bob: Actor,
}

impl Scene {
    async fn set() -> Self {
        let (towns, peers) = (TwoTowns::new().await, Peers::start().await);
        towns.a.resident("ana").await;
        let bob = peers.actor("away", "bob");
        Self { towns, peers, bob }
    }

    fn ana(&self) -> String {
        self.towns.a.url("/users/ana")
    }

    fn follow(&self, who: &Actor) -> Value {
        who.does("Follow", "/follows/1", &json!(self.ana()))
    }

    fn letter(&self) -> Letter {
        self.bob.letter(&self.towns.a, &self.follow(&self.bob))
    }

    /// How many follow ana now.
    async fn followers(&self) -> i64 {
        settle(&[&self.towns.a]).await;
        let ana = self.towns.a.sign_in("ana", "read").await;
        ana.get("/api/v1/accounts/verify_credentials").await.ok()["followers_count"].as_i64().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_delivery_in_either_scheme_is_taken_and_has_an_effect() {
    for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
        let scene = Scene::set().await;
        let body = scene.follow(&scene.bob).to_string().into_bytes();
        for path in ["/inbox", "/users/ana/inbox"] {
            let letter = Letter::signed(
                scene.bob.signer(),
                scheme,
                &scene.towns.a,
                path,
                body.clone(),
                scene.towns.a.clock_now(),
            );
            let answer = letter.post().await;
            assert_eq!(answer.code(), 202, "{scheme:?} {path}: {}", answer.text());
        }
        assert_eq!(scene.followers().await, 1, "{scheme:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_unsigned_and_garbage_signatures_are_401_and_nobody_is_asked_for_a_key() {
    let scene = Scene::set().await;
    let body = scene.follow(&scene.bob).to_string();
    let mut letters = vec![Letter::unsigned(&scene.towns.a, body)];
    for garbage in [
        "",
        "keyId",
        "keyId=\"\",signature=\"\"",
        "a=b,c",
        "keyId=\"not a url\",headers=\"date\",signature=\"AAAA\"",
        "sig1=:AAAA:",
    ] {
        letters.push(scene.letter().with("signature", garbage));
    }
    for letter in letters {
        let said = letter.header("signature");
        assert_eq!(letter.post().await.code(), 401, "{said}");
    }
    assert_eq!(scene.followers().await, 0);
    assert!(scene.peers.asked().is_empty(), "{:?}", scene.peers.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_another_body_or_no_digest_is_401() {
    let scene = Scene::set().await;
    let other = scene.bob.does("Follow", "/follows/2", &json!(scene.ana())).to_string();
    assert_eq!(scene.letter().saying(other).post().await.code(), 401);
    assert_eq!(scene.letter().without("digest").post().await.code(), 401);
    assert_eq!(scene.letter().with("digest", "SHA-256=AAAA").post().await.code(), 401);
    let narrow = scene.letter();
    let uncovered = narrow.header("signature").replace(" digest", "");
    assert_eq!(narrow.with("signature", &uncovered).post().await.code(), 401);
    assert_eq!(scene.followers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_a_delivery_for_another_path_or_another_town_is_401() {
    let scene = Scene::set().await;
    assert_eq!(scene.letter().to(&scene.towns.a, "/users/ana/inbox").post().await.code(), 401);
    assert_eq!(scene.letter().to(&scene.towns.b, "/inbox").post().await.code(), 401);
    let domain = scene.towns.a.domain();
    assert_eq!(scene.letter().post_as_host(&scene.towns.b.domain()).await, 401);
    // Signed for the other town, and sent here under the other town's name.
    let for_b = scene.bob.letter(&scene.towns.b, &scene.follow(&scene.bob));
    assert_eq!(for_b.to(&scene.towns.a, "/inbox").post_as_host(&scene.towns.b.domain()).await, 401);
    assert_eq!(scene.followers().await, 0);
    assert_eq!(scene.letter().post_as_host(&domain).await, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_old_and_future_deliveries_are_401_and_repeated_ones_have_one_effect() {
    let scene = Scene::set().await;
    let body = scene.follow(&scene.bob).to_string().into_bytes();
    let now = scene.towns.a.clock_now();
    let at = |moment| {
        Letter::signed(scene.bob.signer(), Scheme::Cavage, &scene.towns.a, "/inbox", body.clone(), moment)
            .post()
    };
    assert_eq!(at(now.minus(13 * HOUR)).await.code(), 401);
    assert_eq!(at(now.plus(13 * HOUR)).await.code(), 401);
    assert_eq!(scene.followers().await, 0);
    assert_eq!(at(now.minus(MINUTE)).await.code(), 202);
    let letter = scene.letter();
    for _again in 0..3 {
        assert_eq!(letter.clone().post().await.code(), 202);
    }
    assert_eq!(scene.followers().await, 1);
    assert_eq!(scene.peers.arrived_at("away", "Accept").len(), 1, "one Follow, one Accept");
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_headers_that_come_twice_are_refused() {
    let scene = Scene::set().await;
    for name in ["digest", "date", "signature"] {
        let good = scene.letter().header(name);
        for (first, second) in [
            (good.clone(), "nonsense".to_owned()),
            ("nonsense".to_owned(), good.clone()),
            (good.clone(), good.clone()),
        ] {
            let answer = scene.letter().with(name, &first).again(name, &second).post().await;
            assert!(matches!(answer.code(), 400 | 401), "{name}: {}", answer.code());
        }
    }
    let domain = scene.towns.a.domain();
    for other in ["other.localhost", &domain] {
        let code = scene.letter().post_with(&domain, &format!("host: {other}\r\n")).await;
        assert!(matches!(code, 400 | 401), "two Host headers: {code}");
    }
    let lengths = format!(
        "POST /inbox HTTP/1.1\r\nhost: {domain}\r\ncontent-length: 2\r\ncontent-length: 3\r\nconnection: close\r\n\r\n{{}}"
    );
    let answer = raw(scene.towns.a.address(), lengths.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(scene.followers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_the_algorithm_cannot_be_chosen_by_the_sender() {
    let scene = Scene::set().await;
    for algorithm in ["hmac-sha256", "none", "rsa-sha1"] {
        let letter = scene.letter();
        let signature = letter.header("signature");
        let changed = match signature.split_once("algorithm=\"") {
            Some((before, rest)) => {
                format!("{before}algorithm=\"{algorithm}\"{}", rest.split_once('"').map_or("", |r| r.1))
            }
            None => format!("{signature},algorithm=\"{algorithm}\""),
        };
        assert_eq!(letter.with("signature", &changed).post().await.code(), 401, "{algorithm}");
    }
    assert_eq!(scene.followers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_somebody_elses_key_speaks_for_nobody() {
    let scene = Scene::set().await;
    let key = Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap());
    let eve = scene.peers.actor_with("evil", "eve", Arc::clone(&key));
    let neighbour = scene.peers.actor_with("away", "nick", Arc::clone(&key));
    // Another server's and a neighbour's key, under their own names and under bob's.
    let bobs_name = |actor: &Actor| Signer {
        key_id: scene.bob.signer.key_id.clone(),
        key: Arc::clone(&actor.signer.key),
    };
    for signer in [eve.signer.clone(), neighbour.signer.clone(), bobs_name(&eve)] {
        let body = scene.follow(&scene.bob).to_string().into_bytes();
        let now = scene.towns.a.clock_now();
        let answer =
            Letter::signed(&signer, Scheme::Cavage, &scene.towns.a, "/inbox", body, now).post().await;
        assert_eq!(answer.code(), 401, "{}", signer.key_id);
    }
    assert_eq!(scene.followers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_a_document_that_carries_the_victims_key_id_changes_no_key() {
    let scene = Scene::set().await;
    let key = Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap());
    let eve = scene.peers.actor_with("evil", "eve", Arc::clone(&key));
    let mut document = eve.document();
    document["publicKey"] = json!({
        "id": scene.bob.signer.key_id, "owner": scene.bob.uri, "publicKeyPem": key.public().to_pem(),
    });
    scene.peers.serve(&eve.uri, &document);
    let signer = Signer { key_id: scene.bob.signer.key_id.clone(), key };
    let now = scene.towns.a.clock_now();
    let as_eve = Letter::signed(
        &signer,
        Scheme::Cavage,
        &scene.towns.a,
        "/inbox",
        scene.follow(&eve).to_string().into_bytes(),
        now,
    );
    assert_eq!(as_eve.post().await.code(), 401);
    let as_bob = Letter::signed(
        &signer,
        Scheme::Cavage,
        &scene.towns.a,
        "/inbox",
        scene.follow(&scene.bob).to_string().into_bytes(),
        now,
    );
    assert_eq!(as_bob.post().await.code(), 401);
    assert_eq!(scene.followers().await, 0);
    assert_eq!(scene.letter().post().await.code(), 202, "bob's own key still works");
    assert_eq!(scene.followers().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_an_actor_is_of_its_own_origin_however_it_is_spelled() {
    let scene = Scene::set().await;
    let host = scene.peers.host("away");
    for actor in [
        format!("http://{host}@evil.localhost/users/bob"),
        format!("http://away.localhost.evil.localhost:{}/users/bob", scene.peers.address().port()),
        "http://away.localhost/users/bob".to_owned(),
        scene.ana(),
    ] {
        let mut follow = scene.follow(&scene.bob);
        follow["actor"] = json!(actor);
        let code = scene.bob.send(&scene.towns.a, &follow).await.code();
        assert!(matches!(code, 400 | 401 | 403), "{actor}: {code}");
    }
    assert_eq!(scene.followers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_a_new_key_is_fetched_once_and_a_wrong_one_does_not_cause_a_storm() {
    let scene = Scene::set().await;
    assert_eq!(scene.letter().post().await.code(), 202);
    let asked = |scene: &Scene| scene.peers.asked().iter().filter(|u| **u == scene.bob.uri.as_str()).count();
    let before = asked(&scene);
    let key = Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap());
    let forger = Signer { key_id: scene.bob.signer.key_id.clone(), key };
    scene.towns.advance(2 * MINUTE);
    for number in 0..10 {
        let like = scene.bob.does("Like", &format!("/likes/{number}"), &json!(scene.ana()));
        let body = like.to_string().into_bytes();
        let now = scene.towns.a.clock_now();
        let answer =
            Letter::signed(&forger, Scheme::Cavage, &scene.towns.a, "/inbox", body, now).post().await;
        assert_eq!(answer.code(), 401);
    }
    assert!(asked(&scene) <= before + 1, "{} fetches for ten forgeries", asked(&scene) - before);

    // The owner changes the key for real: the next delivery fetches it.
    scene.towns.advance(2 * MINUTE);
    let changed =
        scene.peers.actor_with("away", "bob", Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap()));
    assert_eq!(
        changed
            .send(&scene.towns.a, &changed.does("Undo", "/undos/1", &scene.follow(&scene.bob)))
            .await
            .code(),
        202
    );
    assert_eq!(scene.followers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_the_farewell_of_somebody_unknown_is_202_and_costs_at_most_one_fetch() {
    let scene = Scene::set().await;
    let gone = scene.peers.actor("away", "gone");
    scene.peers.serve_as(&gone.uri, 410, "application/activity+json", "{}");
    let delete = gone.does("Delete", "/deletes/1", &json!(gone.uri));
    let answer = gone.send(&scene.towns.a, &delete).await;
    assert_eq!(answer.code(), 202, "{}", answer.text());
    settle(&[&scene.towns.a]).await;
    assert!(scene.peers.asked().len() <= 1, "{:?}", scene.peers.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_a_linked_data_signature_vouches_for_nothing() {
    let scene = Scene::set().await;
    let eve = scene.peers.actor("evil", "eve");
    let mut follow = scene.follow(&scene.bob);
    follow["signature"] = json!({"type": "RsaSignature2017", "creator": scene.bob.signer.key_id, "created": "2026-11-22T10:00:00Z", "signatureValue": "AAAA"});
    assert_eq!(eve.send(&scene.towns.a, &follow).await.code(), 401);
    assert_eq!(scene.followers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_members_that_come_twice_and_several_actors_are_400() {
    let scene = Scene::set().await;
    let (bob, ana) = (scene.bob.uri.as_str(), scene.ana());
    for body in [
        format!(r#"{{"id":"{bob}/f1","type":"Follow","actor":"{bob}","actor":"{ana}","object":"{ana}"}}"#),
        format!(r#"{{"id":"{bob}/f1","id":"{bob}/f2","type":"Follow","actor":"{bob}","object":"{ana}"}}"#),
        format!(r#"{{"id":"{bob}/f1","type":"Follow","actor":["{bob}","{ana}"],"object":"{ana}"}}"#),
    ] {
        let now = scene.towns.a.clock_now();
        let letter = Letter::signed(
            scene.bob.signer(),
            Scheme::Cavage,
            &scene.towns.a,
            "/inbox",
            body.clone().into_bytes(),
            now,
        );
        assert_eq!(letter.post().await.code(), 400, "{body}");
    }
    let inside = format!(
        r#"{{"id":"{bob}/f3","type":"Follow","actor":{{"id":"{bob}","type":"Person"}},"object":"{ana}"}}"#
    );
    let now = scene.towns.a.clock_now();
    let letter = Letter::signed(
        scene.bob.signer(),
        Scheme::Cavage,
        &scene.towns.a,
        "/inbox",
        inside.into_bytes(),
        now,
    );
    assert_eq!(letter.post().await.code(), 202, "an actor may stand inside with its id");
    assert_eq!(scene.followers().await, 1);
    assert!(text(&scene.bob.document(), "id").starts_with("http://away.localhost"));
}
