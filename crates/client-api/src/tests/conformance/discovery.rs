//! Finding people: suggestions, the directory, those whom others commend, and servers that somebody wants nothing of.

use super::super::*;
use super::{Square, several};

#[tokio::test]
async fn several_people_are_found_and_commended() {
    let square = Square::new().await;
    let (ana, ben, cem) = (&square.ana, &square.ben, &square.cem);
    for who in [ana, ben] {
        square.api.write(who, "status=Here+I+am").await;
    }
    several(square.get(ana, "/api/v1/directory?order=new").await);
    several(square.get(ana, "/api/v1/directory?order=active&local=true").await);
    for who in [ben, cem] {
        square.post(ana, &format!("/api/v1/accounts/{}/endorse", who.id), "").await;
    }
    several(square.get(ana, "/api/v1/endorsements").await);
    several(square.get(ben, &format!("/api/v1/accounts/{}/endorsements", ana.id)).await);
    square.post(ana, &format!("/api/v1/accounts/{}/unendorse", cem.id), "").await;
    // Dan follows Ana and Ben, who both follow or are followed by the others: whom he could follow too, and whom he knows of their followers.
    let dan = square.resident("dan").await;
    for who in [ana, ben] {
        square.api.follow(&dan, who).await;
    }
    let eli = square.resident("eli").await;
    for who in [ana, ben] {
        square.api.follow(who, &eli).await;
    }
    let asked = format!("/api/v1/accounts/familiar_followers?id[]={}&id[]={}", cem.id, eli.id);
    let familiar = several(square.get(&dan, &asked).await);
    assert!(familiar[1]["accounts"].as_array().unwrap().len() >= 2, "{familiar:?}");
    several(square.get(&dan, "/api/v2/suggestions").await);
    let suggested = several(square.get(&dan, "/api/v1/suggestions").await);
    let away = square
        .api
        .call(Method::DELETE, &dan.token, &format!("/api/v1/suggestions/{}", id(&suggested[0])), "")
        .await;
    assert_eq!(away.ok(), serde_json::json!({}));
}

#[tokio::test]
async fn several_servers_can_be_unwanted() {
    let square = Square::new().await;
    let ana = &square.ana;
    for domain in ["bad.example", "worse.example"] {
        assert_eq!(
            square.post(ana, "/api/v1/domain_blocks", &format!("domain={domain}")).await,
            serde_json::json!({})
        );
    }
    several(square.get(ana, "/api/v1/domain_blocks").await);
    let gone =
        square.api.call(Method::DELETE, &ana.token, "/api/v1/domain_blocks", "domain=bad.example").await;
    assert_eq!(gone.ok(), serde_json::json!({}));
    assert_eq!(square.get(ana, "/api/v1/domain_blocks").await, serde_json::json!(["worse.example"]));
}
