//! Ed25519 keys in actor documents (FEP-521a) and proofs in what is served (FEP-8b32).

use parvis_model::visibility::Visibility;

use super::*;
use crate::signature::{KeyKind, ProofClaim, PublicKey};
use crate::wire::{ActorDocument, Document};

async fn actor(served: &Served, path: &str) -> ActorDocument {
    let came = served.get(path).await;
    ActorDocument::read(&Document::parse(came.text.as_bytes()).unwrap(), served.town.now()).unwrap()
}

fn ed25519(actor: &ActorDocument) -> (String, PublicKey) {
    let key = actor.keys.iter().find(|key| key.key.kind() == KeyKind::Ed25519).unwrap();
    (key.id.to_string(), key.key.clone())
}

#[tokio::test]
async fn fep_521a_every_actor_shows_its_two_keys() {
    let served = Served::new().await;
    served.town.resident("ana").await;
    for path in ["/users/ana", "/actor"] {
        let actor = actor(&served, path).await;
        let kinds: Vec<KeyKind> = actor.keys.iter().map(|key| key.key.kind()).collect();
        assert_eq!(kinds, [KeyKind::Rsa, KeyKind::Ed25519]);
        assert_eq!(ed25519(&actor).0, format!("{}#ed25519-key", actor.id));
        let whole: Value = serde_json::from_str(&served.get(path).await.text).unwrap();
        let key = &whole["assertionMethod"][0];
        assert_eq!((&key["type"], &key["controller"]), (&"Multikey".into(), &whole["id"]));
        assert!(key["publicKeyMultibase"].as_str().unwrap().starts_with("z6Mk"));
        assert!(whole["publicKey"].is_object(), "one RSA key, as everybody reads it");
    }
}

#[tokio::test]
async fn fep_8b32_a_public_post_and_its_activity_prove_themselves_and_others_do_not() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    world::remote(&served.town, "bea").await;
    let (key_id, key) = ed25519(&actor(&served, "/users/ana").await);
    let public = served.publish(ana, "Hello", Visibility::Unlisted).await;
    for path in [path("ana", public), format!("{}/activity", path("ana", public))] {
        let came = served.get(&path).await;
        let document = Document::parse(came.text.as_bytes()).unwrap();
        let claim = ProofClaim::read(document.as_map(), served.town.now()).unwrap().unwrap();
        assert_eq!(claim.key_id(), key_id);
        claim.check(&key).unwrap();
    }
    let direct = served.publish(ana, "Hello @bea@away.example", Visibility::Direct).await;
    let came = served.get_as(Scheme::Cavage, "bea", &path("ana", direct)).await;
    assert_eq!(came.status, StatusCode::OK);
    assert!(!came.text.contains("DataIntegrityProof"), "she can deny it");
}
