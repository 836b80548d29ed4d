//! What is delivered proves itself when it is for everybody, on both databases.

use parvis_domain::communities::{self, NewCommunity};
use parvis_domain::follows::{self, Wishes};
use parvis_domain::remote::statuses::Wanted;
use parvis_domain::remote::{RemoteNote, statuses as theirs};
use parvis_domain::staff::By;
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town as TestTown;
use parvis_domain::{actors, outbox, reactions};
use parvis_model::ids::AccountId;
use parvis_model::visibility::Visibility;
use serde_json::Value;

use super::Proofs;
use crate::signature::{ProofClaim, PublicKey};
use crate::wire::Document;
use crate::world::{both, remote};

/// What goes to bea's server: the activity's type, its bytes, and whether its proof is ana's and holds.
async fn sent(town: &TestTown, ana: AccountId) -> Vec<(String, Vec<u8>, bool)> {
    town.db().claim(|tx| outbox::number(tx, 1_000)).await.unwrap();
    let batch = town.read(|c| outbox::batch_for(c, "away.example", 1_000)).await.unwrap();
    let keys = town.read(move |c| actors::keys_of(c, ana)).await;
    let key = keys.iter().find(|key| key.algorithm == "ed25519").unwrap();
    let public = PublicKey::from_spki_der(&key.public_der).unwrap();
    let proofs = Proofs::new(town.handle());
    let mut all = Vec::new();
    for row in &batch.rows {
        let body = proofs.body(row).await;
        let document = Document::parse(&body).unwrap();
        let claim = ProofClaim::read(document.as_map(), town.now()).unwrap();
        let holds = claim.is_some_and(|claim| claim.key_id() == key.uri && claim.check(&public).is_ok());
        let activity: Value = serde_json::from_slice(&body).unwrap();
        all.push((activity["type"].as_str().unwrap().to_owned(), body.to_vec(), holds));
    }
    all
}

#[tokio::test]
async fn fep_8b32_what_is_for_everybody_is_proven_and_always_in_the_same_bytes() {
    both(|town| async move {
        let (ana, bea) = (town.resident("ana").await, remote(&town, "bea").await);
        town.write(move |tx| {
            follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/follows/1"))
        })
        .await;
        for visibility in [Visibility::Public, Visibility::Unlisted, Visibility::Private, Visibility::Direct]
        {
            let draft = Draft { text: "Hello @bea@away.example".into(), visibility, ..Draft::default() };
            town.write(move |tx| statuses::publish(tx, ana, &draft)).await;
        }
        let hers = |n: u32, is_public: bool| RemoteNote {
            uri: format!("https://away.example/notes/{n}"),
            author: "https://away.example/users/bea".into(),
            html: "<p>x</p>".into(),
            is_public,
            recipients: vec!["http://town.example/users/ana".into()],
            mentions: vec!["http://town.example/users/ana".into()],
            ..RemoteNote::default()
        };
        for note in [hers(1, true), hers(2, false)] {
            let kept = town.write(move |tx| theirs::create(tx, &note, Wanted::Yes)).await.kept().unwrap();
            town.write(move |tx| reactions::favourite(tx, ana, kept, None)).await;
        }
        let before = sent(&town, ana).await;
        let proven: Vec<(&str, bool)> =
            before.iter().map(|(kind, _, holds)| (kind.as_str(), *holds)).collect();
        let expected = [
            ("Accept", false),
            ("Create", true),
            ("Create", true),
            ("Create", false),
            ("Create", false),
            ("Like", true),
            ("Like", false),
        ];
        assert_eq!(proven, expected);
        town.clock.advance(90_000);
        assert_eq!(sent(&town, ana).await, before, "another process, another day, the same bytes");
    })
    .await;
}

#[tokio::test]
async fn fep_8b32_what_a_resident_said_in_a_group_of_ours_has_her_proof_inside_the_groups() {
    both(|town| async move {
        let fay = town.resident("fay").await;
        let new = NewCommunity {
            username: "garden".to_owned(),
            title: "The shared garden".to_owned(),
            charter: "Be kind.".to_owned(),
            facilitators: vec!["fay".to_owned()],
        };
        let garden = communities::create(&town, By::Operator, new).await.unwrap();
        let fan = remote(&town, "bea").await;
        let follow = "https://away.example/follows/1";
        town.write(move |tx| follows::follow(tx, fan, garden, &Wishes::default(), Some(follow))).await;
        let draft = Draft { text: "Who has a rake? @garden".into(), ..Draft::default() };
        town.write(move |tx| statuses::publish(tx, fay, &draft)).await;
        town.db().claim(|tx| outbox::number(tx, 1_000)).await.unwrap();
        let batch = town.read(|c| outbox::batch_for(c, "away.example", 1_000)).await.unwrap();
        let wrapped = batch.rows.iter().find(|row| row.body.contains("\"Create\"")).unwrap();
        let body = Proofs::new(town.handle()).body(wrapped).await;
        let whole: Value = serde_json::from_slice(&body).unwrap();
        for (document, who) in [(&whole, garden), (&whole["object"], fay)] {
            let keys = town.read(move |c| actors::keys_of(c, who)).await;
            let key = keys.iter().find(|key| key.algorithm == "ed25519").unwrap();
            let claim = ProofClaim::read(document.as_object().unwrap(), town.now()).unwrap().unwrap();
            assert_eq!(claim.key_id(), key.uri);
            claim.check(&PublicKey::from_spki_der(&key.public_der).unwrap()).unwrap();
        }
    })
    .await;
}
