//! What a group passes on with its author's own proof (FEP-8b32): believed without asking anybody, and worth nothing when it does not hold.

use std::sync::Arc;

use parvis_domain::actors;
use parvis_model::time::{DAY, MINUTE, Moment};
use serde_json::{Value, json};
use url::Url;

use super::group_tests::Scene;
use crate::fetch::tests::Elsewhere;
use crate::signature::{KeyKind, KeyPair, Signer, prove};

/// Somebody's Ed25519 key, which their document lists from now on (FEP-521a).
async fn with_key(s: &Scene, there: &Elsewhere, name: &str) -> Signer {
    let actor = there.has(name);
    let key = Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap());
    let key_id = format!("{actor}#ed25519-key");
    let mut document = there.document(name, &actor);
    document["assertionMethod"] = json!([{
        "id": key_id, "type": "Multikey", "controller": actor, "publicKeyMultibase": key.public().to_multibase(),
    }]);
    there.says(&format!("/users/{name}"), &document);
    s.federation.actor(&Url::parse(&actor).unwrap(), &s.federation.data()).await.unwrap();
    Signer { key_id: Url::parse(&key_id).unwrap(), key }
}

fn proven(activity: &Value, signer: &Signer, at: Moment) -> Value {
    let mut whole = activity.clone();
    whole["@context"] = json!(["https://www.w3.org/ns/activitystreams"]);
    let proof = prove(whole.as_object().unwrap(), signer, at).unwrap();
    whole["proof"] = proof;
    whole
}

#[tokio::test]
async fn fep_8b32_what_its_author_proved_is_believed_and_nobody_is_asked() {
    let s = Scene::new().await;
    let key = with_key(&s, &s.there, "bea").await;
    let now = s.town.now();
    let asked = s.there.count();
    // No server has this post: only the proof speaks for it.
    let mut note = s.there.note("/notes/1", &s.bea, None);
    note["published"] = json!(now.minus(10 * MINUTE).to_rfc3339());
    let create = s.activity(&s.bea, "Create", "1-inner", note.clone(), None);
    s.park_says("Announce", "1", proven(&create, &key, now)).await;
    let id = s.found("/notes/1").await.unwrap().id;
    assert_eq!(s.counts(id).await, (1, 0));

    note["content"] = json!("<p>changed</p>");
    note["updated"] = json!(now.minus(MINUTE).to_rfc3339());
    let update = s.activity(&s.bea, "Update", "2-inner", note.clone(), None);
    s.park_says("Announce", "2", proven(&update, &key, now)).await;
    assert!(s.found("/notes/1").await.unwrap().html.contains("changed"));

    // Members of other servers, too: without a proof their Likes do not count.
    let elsewhere = Elsewhere::start("other").await;
    let zoe = with_key(&s, &elsewhere, "zoe").await;
    let mut like = s.activity(&elsewhere.url("/users/zoe"), "Like", "x", note["id"].clone(), None);
    like["id"] = json!(elsewhere.url("/likes/1"));
    s.park_says("Announce", "3", like.clone()).await;
    assert_eq!(s.counts(id).await, (1, 0));
    s.park_says("Announce", "4", proven(&like, &zoe, now)).await;
    assert_eq!(s.counts(id).await, (1, 1));

    let delete = s.activity(&s.bea, "Delete", "5-inner", note["id"].clone(), None);
    s.park_says("Announce", "5", proven(&delete, &key, now)).await;
    assert!(s.found("/notes/1").await.is_none());
    assert_eq!(s.there.count(), asked);
}

#[tokio::test]
async fn o4_a_proof_that_does_not_hold_is_worth_nothing() {
    let s = Scene::new().await;
    // Of another server than the group, which is believed about its own members.
    let far = Elsewhere::start("far").await;
    let key = with_key(&s, &far, "zoe").await;
    let bob = with_key(&s, &far, "bob").await;
    let zoe = far.url("/users/zoe");
    let (now, other) = (s.town.now(), Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap()));
    let forged = Signer { key: other, ..key.clone() };
    let mut n = 0;
    for (what, signer, at) in [
        ("another key under her id", &forged, now),
        ("somebody else's key", &bob, now),
        ("too old", &key, now.minus(31 * DAY)),
        ("tampered", &key, now),
    ] {
        n += 1;
        let path = format!("/notes/{n}");
        let found = async || {
            let uri = far.url(&path);
            s.town.read(move |c| actors::post_by_uri(c, &uri)).await
        };
        let mut note = far.note(&path, &zoe, None);
        let served = note.clone();
        note["content"] = json!("<p>what she never said</p>");
        let mut create = s.activity(&zoe, "Create", "x", note.clone(), None);
        create["id"] = json!(far.url(&format!("/acts/{n}-inner")));
        let mut create = proven(&create, signer, at);
        if what == "tampered" {
            create["object"]["content"] = json!("<p>what she really never said</p>");
        }
        s.park_says("Announce", &format!("{n}-a"), create.clone()).await;
        assert!(found().await.is_none(), "{what}");
        // It is a hint all the same: her server is asked.
        far.says(&path, &served);
        s.town.clock.advance(2 * MINUTE);
        create["id"] = json!(far.url(&format!("/acts/{n}-again")));
        s.park_says("Announce", &format!("{n}-b"), create).await;
        assert!(!found().await.is_some_and(|post| post.html.contains("never")), "{what}");
    }
}

#[tokio::test]
async fn o5_a_proof_says_nothing_about_the_posts_of_others() {
    let s = Scene::new().await;
    let bob = with_key(&s, &s.there, "bob").await;
    let now = s.town.now();
    let note = s.has_note("/notes/1", None);
    let bob_id = s.there.url("/users/bob");
    let mut hers = note.clone();
    hers["content"] = json!("<p>what she never said</p>");
    for (n, kind) in ["Create", "Update", "Delete"].into_iter().enumerate() {
        let object = if kind == "Delete" { note["id"].clone() } else { hers.clone() };
        let inner = s.activity(&bob_id, kind, &format!("{n}-inner"), object, None);
        s.park_says("Announce", &n.to_string(), proven(&inner, &bob, now)).await;
        assert!(!s.found("/notes/1").await.is_some_and(|post| post.html.contains("never")), "{kind}");
        // The next two are about a post that is here.
        s.park_says("Announce", &format!("{n}-plain"), note["id"].clone()).await;
        assert!(s.found("/notes/1").await.is_some(), "{kind}");
    }
}

#[tokio::test]
async fn o8_an_old_change_that_is_passed_on_again_does_not_undo_a_newer_one() {
    let s = Scene::new().await;
    let key = with_key(&s, &s.there, "bea").await;
    let now = s.town.now();
    let mut note = s.has_note("/notes/1", None);
    let create = s.activity(&s.bea, "Create", "1-inner", note.clone(), None);
    s.park_says("Announce", "1", proven(&create, &key, now)).await;
    for (n, text, age) in [("3", "newer", MINUTE), ("4", "older", 2 * MINUTE)] {
        note["content"] = json!(format!("<p>{text}</p>"));
        note["updated"] = json!(now.minus(age).to_rfc3339());
        let update = s.activity(&s.bea, "Update", &format!("{n}-inner"), note.clone(), None);
        s.park_says("Announce", n, proven(&update, &key, now)).await;
        assert!(s.found("/notes/1").await.unwrap().html.contains("newer"), "{text}");
    }
    note["content"] = json!("<p>undated</p>");
    note.as_object_mut().unwrap().swap_remove("updated");
    let undated = s.activity(&s.bea, "Update", "2-inner", note.clone(), None);
    s.park_says("Announce", "2", proven(&undated, &key, now)).await;
    assert!(!s.found("/notes/1").await.unwrap().html.contains("undated"), "her server says what it is now");
}

#[tokio::test]
async fn what_comes_from_its_actor_is_believed_for_its_signature_whatever_proof_it_has() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    s.park_says("Announce", "1", note["id"].clone()).await;
    let id = s.found("/notes/1").await.unwrap().id;
    let mut like = s.activity(&s.bea, "Like", "2", note["id"].clone(), None);
    like["proof"] = json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod",
        "verificationMethod": format!("{}#ed25519-key", s.bea), "created": "2026-01-01T00:00:00Z",
        "proofValue": format!("z{}", "1".repeat(64)),
    });
    crate::world::receive(&s.town, &s.federation, &s.bea, &like).await;
    assert_eq!(s.counts(id).await, (1, 1));
}
