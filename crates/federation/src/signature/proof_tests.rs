//! Proofs: the vectors of the specifications, and what does not hold. Sources: `testdata/proofs.json`.

use std::sync::Arc;

use parvis_model::time::{DAY, Moment};
use serde_json::{Map, Value, json};
use url::Url;

use super::{ProofClaim, ProofError, prove};
use crate::signature::{KeyKind, KeyPair, PublicKey, Signer};
use crate::wire::Document;

const NOW: Moment = Moment(1_795_392_000_000);

/// The published vectors: each a document with its proof, and the key that made it.
fn vectors() -> Vec<(String, Map<String, Value>, PublicKey)> {
    let all: Value = serde_json::from_str(include_str!("testdata/proofs.json")).unwrap();
    let read = |one: &Value| {
        let bytes = one["document"].to_string();
        let document = Document::parse(bytes.as_bytes()).unwrap().as_map().clone();
        let key = PublicKey::from_multibase(one["key"].as_str().unwrap()).unwrap();
        (one["source"].as_str().unwrap().to_owned(), document, key)
    };
    all.as_array().unwrap().iter().map(read).collect()
}

fn signer() -> Signer {
    Signer {
        key_id: Url::parse("https://town.example/users/ana#ed25519-key").unwrap(),
        key: Arc::new(KeyPair::generate(KeyKind::Ed25519).unwrap()),
    }
}

fn document(content: &str) -> Map<String, Value> {
    let value = json!({
        "@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://town.example/1", "type": "Note",
        "content": content, "focalPoint": [0.5, -1e-7],
    });
    value.as_object().unwrap().clone()
}

fn proven(signer: &Signer) -> Map<String, Value> {
    let mut document = document("« Salut » \u{1F6B2}");
    let proof = prove(&document, signer, NOW).unwrap();
    document.insert("proof".to_owned(), proof);
    document
}

fn outcome(document: &Map<String, Value>, key: &PublicKey) -> Result<(), ProofError> {
    ProofClaim::read(document, NOW)?.ok_or(ProofError::Member("proof"))?.check(key)
}

#[test]
fn fep_8b32_the_published_vectors_hold_and_nothing_near_them_does() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 3);
    for (source, document, key) in vectors {
        assert_eq!(outcome(&document, &key), Ok(()), "{source}");
        let other = KeyPair::generate(KeyKind::Ed25519).unwrap();
        assert_eq!(outcome(&document, other.public()), Err(ProofError::Mismatch), "{source}");
        let mut changed = document.clone();
        changed.insert("id".to_owned(), json!("https://server.example/activities/2"));
        assert_eq!(outcome(&changed, &key), Err(ProofError::Mismatch), "{source}");
        let mut redated = document.clone();
        redated["proof"]["created"] = json!("2023-02-24T23:36:39Z");
        assert_eq!(outcome(&redated, &key), Err(ProofError::Mismatch), "{source}");
    }
}

#[test]
fn our_proofs_hold_are_always_the_same_and_survive_a_forwarder_who_writes_the_document_anew() {
    let signer = signer();
    let proven = proven(&signer);
    assert_eq!(proven["proof"]["created"], json!("2026-11-23T00:00:00Z"));
    assert_eq!(prove(&document("« Salut » \u{1F6B2}"), &signer, NOW).unwrap(), proven["proof"]);
    assert_eq!(outcome(&proven, signer.key.public()), Ok(()));
    let claim = ProofClaim::read(&proven, NOW).unwrap().unwrap();
    assert_eq!((claim.key_id(), claim.created()), (signer.key_id.as_str(), Some(NOW)));
    // Other order, other spelling of numbers, white space, escaped letters.
    let text = format!(
        r#"{{"content":"\u00ab Salut \u00bb \ud83d\udeb2", "proof":{}, "focalPoint":[5e-1,-0.0000001],
            "type":"Note","id":"https:\/\/town.example\/1","@context":["https://www.w3.org/ns/activitystreams"]}}"#,
        proven["proof"]
    );
    let again = Document::parse(text.as_bytes()).unwrap();
    assert_eq!(outcome(again.as_map(), signer.key.public()), Ok(()));
}

#[test]
fn s11_a_linked_data_signature_is_left_out_and_worth_nothing() {
    let signer = signer();
    let mut document = proven(&signer);
    document.insert("signature".to_owned(), json!({ "type": "RsaSignature2017", "signatureValue": "x" }));
    assert_eq!(outcome(&document, signer.key.public()), Ok(()), "beside a proof it changes nothing");
    document.swap_remove("proof");
    assert!(ProofClaim::read(&document, NOW).unwrap().is_none(), "and alone it is no proof");
}

#[test]
fn s6_only_ed25519_keys_and_this_cryptosuite_make_proofs() {
    let rsa = Signer { key: crate::world::key(), ..signer() };
    assert!(prove(&document("x"), &rsa, NOW).is_err());
    let signer = signer();
    let whole = proven(&signer);
    assert_eq!(outcome(&whole, rsa.key.public()), Err(ProofError::Mismatch));
    for (name, value, expected) in [
        ("proofPurpose", json!("authentication"), ProofError::Member("proofPurpose")),
        ("proofPurpose", Value::Null, ProofError::Member("proofPurpose")),
        ("verificationMethod", json!([1]), ProofError::Member("verificationMethod")),
        ("verificationMethod", json!("x".repeat(3_000)), ProofError::Member("verificationMethod")),
        ("proofValue", json!("u123"), ProofError::Member("proofValue")),
        ("proofValue", json!("z0OIl"), ProofError::Member("proofValue")),
        ("proofValue", json!(format!("z{}", "1".repeat(100_000))), ProofError::Member("proofValue")),
        ("proofValue", json!("z11111"), ProofError::Member("proofValue")),
        ("created", json!(7), ProofError::Member("created")),
        ("created", json!(NOW.plus(DAY).to_rfc3339()), ProofError::Time),
        ("expires", json!(NOW.minus(1).to_rfc3339()), ProofError::Time),
        ("expires", json!(NOW.plus(DAY).to_rfc3339()), ProofError::Mismatch),
        ("@context", json!(["https://evil.example/ns"]), ProofError::Context),
        ("more", json!("members"), ProofError::Mismatch),
    ] {
        let mut changed = whole.clone();
        changed["proof"][name] = value;
        assert_eq!(outcome(&changed, signer.key.public()), Err(expected), "{name}");
    }
    for (name, value) in [("type", json!("Ed25519Signature2020")), ("cryptosuite", json!("eddsa-rdfc-2022"))]
    {
        let mut other = whole.clone();
        other["proof"][name] = value;
        assert!(ProofClaim::read(&other, NOW).unwrap().is_none(), "{name}");
    }
}

#[test]
fn a_context_that_was_added_behind_the_proven_one_is_not_proven_and_does_no_harm() {
    let signer = signer();
    let mut document = proven(&signer);
    document["@context"] = json!(["https://www.w3.org/ns/activitystreams", "https://more.example/ns"]);
    assert_eq!(outcome(&document, signer.key.public()), Ok(()));
    document["@context"] = json!(["https://more.example/ns", "https://www.w3.org/ns/activitystreams"]);
    assert_eq!(outcome(&document, signer.key.public()), Err(ProofError::Context));
    document.swap_remove("@context");
    assert_eq!(outcome(&document, signer.key.public()), Err(ProofError::Context));
}
