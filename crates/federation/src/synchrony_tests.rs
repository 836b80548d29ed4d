//! Followers synchronisation (FEP-8fcf) with a small server on loopback.

use axum::body::Body;
use http::{HeaderValue, Method, Request, StatusCode};
use parvis_domain::follows::{self, Wishes};
use parvis_domain::statuses::{self, Draft};
use parvis_domain::{actors, follower_digests};
use parvis_jobs::Job as _;
use parvis_model::follow::FollowState;
use parvis_model::ids::AccountId;
use parvis_model::visibility::Visibility;
use serde_json::json;
use tower::ServiceExt as _;
use url::Url;

use crate::fetch::tests::{Elsewhere, town};
use crate::fetch::{Federation, Followers};
use crate::signature::{Scheme, sign};
use crate::synchrony::{HEADER, header};
use crate::world::{remote, signer};

async fn delivers(federation: &Federation, bea: &str, digest: &str) {
    let town = federation.town();
    let body = json!({ "id": format!("{bea}/acts/{digest}"), "type": "Like", "actor": bea, "object": "https://x.example/1" }).to_string();
    let url = Url::parse(&town.urls().shared_inbox()).unwrap();
    let headers =
        sign(Scheme::Cavage, &signer(bea), &Method::POST, &url, Some(body.as_bytes()), town.now()).unwrap();
    let mut request = Request::post("/inbox").body(Body::from(body)).unwrap();
    *request.headers_mut() = headers;
    request.headers_mut().insert("host", HeaderValue::from_str(town.urls().domain()).unwrap());
    request.headers_mut().insert("content-type", HeaderValue::from_static("application/activity+json"));
    let said = format!(
        "collectionId=\"{bea}/followers\", url=\"{bea}/followers_synchronization\", digest=\"{digest}\""
    );
    request.headers_mut().insert(HEADER, HeaderValue::from_str(&said).unwrap());
    let answer = crate::inbox::routes(federation.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn fep_8fcf_a_follow_that_the_other_server_does_not_know_ends_and_one_that_it_alone_knows_is_undone() {
    let (town, federation) = town().await;
    let there = Elsewhere::start("away").await;
    let bea = there.has("bea");
    let (ana, bob, cem) =
        (town.resident("ana").await, town.resident("bob").await, town.resident("cem").await);
    let bea_id = federation.actor(&Url::parse(&bea).unwrap(), &federation.data()).await.unwrap().id;
    for who in [ana, bob] {
        town.write(move |tx| follows::follow(tx, who, bea_id, &Wishes::default(), None)).await;
        town.write(move |tx| follows::accept(tx, bea_id, who)).await;
    }
    town.write(move |tx| follows::follow(tx, cem, bea_id, &Wishes::default(), None)).await;
    let of = |name: &str| town.urls().actor(name);
    // Their server knows Ana, let Cem in, and believes in somebody who never asked.
    town.resident("dan").await;
    let believed = [of("ana"), of("cem"), of("dan")];
    there.says("/users/bea/followers_synchronization", &json!({
        "id": format!("{bea}/followers_synchronization"), "type": "OrderedCollection", "orderedItems": believed,
    }));
    let agreed = follower_digests::digest([of("ana").as_str(), of("bob").as_str()]);
    assert!(
        !town.read(move |c| follower_digests::differs(c, bea_id, "http://town.localhost:9", &agreed)).await
    );
    let digest = follower_digests::digest(believed.iter().map(String::as_str));
    delivers(&federation, &bea, &digest).await;
    let asked = crate::fetch::Listed { whom: bea_id.0, url: format!("{bea}/followers_synchronization") };
    Followers::run(asked, &town.handle()).await.unwrap();
    let state = async |who: AccountId| {
        let all = town.read(move |c| parvis_domain::blocks::relationships(c, who, &[bea_id])).await;
        all[0].1.following.then_some(FollowState::Accepted)
    };
    assert_eq!(
        [state(ana).await, state(bob).await, state(cem).await],
        [Some(FollowState::Accepted), None, Some(FollowState::Accepted)]
    );
    let digest = digest.clone();
    assert!(
        town.read(move |c| follower_digests::differs(c, bea_id, "http://town.localhost:9", &digest)).await,
        "dan"
    );
}

#[tokio::test]
async fn fep_8fcf_only_what_is_for_followers_carries_the_digest_and_only_of_those_there() {
    let town = crate::world::builder().build().await;
    let ana = town.resident("ana").await;
    let bea = remote(&town, "bea").await;
    let follow = move |tx: &mut parvis_domain::Tx<'_>| {
        follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/follows/1"))
    };
    town.write(follow).await;
    for (visibility, has_header) in [(Visibility::Private, true), (Visibility::Public, false)] {
        let draft = Draft { text: "one".to_owned(), visibility, ..Draft::default() };
        town.write(move |tx| statuses::publish(tx, ana, &draft)).await;
        let sent = crate::world::sent_to(&town, "away.example").await;
        let body = sent.last().unwrap().0.to_string();
        let key = town.read(move |c| actors::keys_of(c, ana)).await.remove(0);
        let inbox = Url::parse("https://away.example/inbox").unwrap();
        let value = header(&town.handle(), ana, &Url::parse(&key.uri).unwrap(), &body, &inbox).await;
        assert_eq!(value.is_some(), has_header, "{visibility:?}");
        let bea_there = follower_digests::digest(["https://away.example/users/bea"]);
        assert!(value.is_none_or(|v| v.to_str().unwrap().contains(&bea_there)));
        let elsewhere = Url::parse("https://other.example/inbox").unwrap();
        let value = header(&town.handle(), ana, &Url::parse(&key.uri).unwrap(), &body, &elsewhere).await;
        assert!(value.is_none_or(|v| v.to_str().unwrap().contains(&"0".repeat(64))));
    }
}
