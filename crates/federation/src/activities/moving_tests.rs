//! Moves that come in, with both accounts on servers of their own (real sockets). The rules themselves are tested in `domain::moves`.

use parvis_domain::accounts::find;
use parvis_domain::moves::aliases;
use parvis_domain::testing::Town;
use parvis_domain::views;
use parvis_model::ids::AccountId;
use serde_json::{Value, json};
use url::Url;

use crate::fetch::Federation;
use crate::fetch::tests::{Elsewhere, town};
use crate::world::receive;

/// A document of an actor with more in it.
fn with(there: &Elsewhere, name: &str, id: &str, more: &[(&str, Value)]) {
    let mut document = there.document(name, id);
    for (member, value) in more {
        document[*member] = value.clone();
    }
    there.says(&format!("/users/{name}"), &document);
}

async fn lives_at(town: &Town, id: AccountId) -> Option<String> {
    let view = town.read(move |c| Ok(views::of_accounts(c, &[id])?.remove(0))).await;
    view.moved.map(|m| m.account.uri.clone())
}

async fn known(federation: &Federation, uri: &str) -> AccountId {
    federation.actor(&Url::parse(uri).unwrap(), &federation.data()).await.unwrap().id
}

#[tokio::test]
async fn o10_a_move_counts_when_neither_server_says_otherwise_now_and_once_a_week() {
    let (town, federation) = town().await;
    let (there, new_home) = (Elsewhere::start("old").await, Elsewhere::start("new").await);
    let (old, new) = (there.has("bea"), new_home.has("bea"));
    let third = new_home.has("third");
    let bea = known(&federation, &old).await;
    let moving = |n: u32, object: &str, target: &str| {
        json!({
            "id": there.url(&format!("/acts/{n}")), "type": "Move", "actor": old, "object": object, "target": target,
        })
    };
    receive(&town, &federation, &old, &moving(1, &old, &new)).await;
    assert_eq!(lives_at(&town, bea).await, None, "neither says so");
    with(&new_home, "bea", &new, &[("alsoKnownAs", json!([old]))]);
    with(&there, "bea", &old, &[("movedTo", json!(third))]);
    receive(&town, &federation, &old, &moving(2, &old, &new)).await;
    assert_eq!(lives_at(&town, bea).await, None, "the old account says something else");
    with(&there, "bea", &old, &[("movedTo", json!(new))]);
    with(&new_home, "bea", &new, &[]);
    receive(&town, &federation, &old, &moving(3, &old, &new)).await;
    assert_eq!(lives_at(&town, bea).await, None, "the new account does not say so");
    with(&new_home, "bea", &new, &[("alsoKnownAs", json!([old]))]);
    receive(&town, &federation, &old, &moving(4, &third, &new)).await;
    assert_eq!(lives_at(&town, bea).await, None, "nobody moves somebody else");
    receive(&town, &federation, &old, &moving(5, &old, &new)).await;
    assert_eq!(lives_at(&town, bea).await.as_ref(), Some(&new));
    with(&there, "bea", &old, &[("movedTo", json!(third))]);
    with(&new_home, "third", &third, &[("alsoKnownAs", json!([old]))]);
    receive(&town, &federation, &old, &moving(6, &old, &third)).await;
    assert_ne!(lives_at(&town, bea).await.as_ref(), Some(&third), "one move a week");
}

#[tokio::test]
async fn a_signed_move_is_enough_of_a_server_that_has_no_moved_to() {
    let (town, federation) = town().await;
    let (there, new_home) = (Elsewhere::start("old").await, Elsewhere::start("new").await);
    let (old, new) = (there.has("bea"), new_home.has("bea"));
    let bea = known(&federation, &old).await;
    with(&new_home, "bea", &new, &[("alsoKnownAs", json!([old]))]);
    let moving =
        json!({ "id": there.url("/acts/1"), "type": "Move", "actor": old, "object": old, "target": new });
    receive(&town, &federation, &old, &moving).await;
    assert_eq!(lives_at(&town, bea).await, Some(new), "snac2 2.94");
}

#[tokio::test]
async fn somebody_moves_here_once_their_old_account_is_named() {
    let (town, federation) = town().await;
    let there = Elsewhere::start("old").await;
    let old = there.has("bea");
    let (ana, bea) = (town.resident("ana").await, known(&federation, &old).await);
    let here = town.urls().actor("ana");
    with(&there, "bea", &old, &[("movedTo", json!(here))]);
    let moving = |n: u32| json!({ "id": there.url(&format!("/acts/{n}")), "type": "Move", "actor": old, "object": old, "target": here });
    receive(&town, &federation, &old, &moving(1)).await;
    assert_eq!(lives_at(&town, bea).await, None, "ana does not name it");
    aliases::add(&town, ana, &format!("@bea@{}", there.url("").replace("http://", ""))).await.unwrap();
    receive(&town, &federation, &old, &moving(2)).await;
    assert_eq!(lives_at(&town, bea).await, Some(here));
    assert!(town.read(move |c| find::by_id(c, ana)).await.is_active());
}
