//! The directory, suggestions, endorsements, servers that somebody avoids, and what the town says of its life.

use parvis_domain::remote::{RemoteActor, accounts as remote};
use parvis_domain::testing::somebody;
use parvis_domain::{discovery, figures, host_blocks};
use parvis_model::time::DAY;
use serde_json::json;

use super::*;

/// Makes `name@host` known.
async fn known(api: &Api, name: &str, host: &str, is_discoverable: bool) -> AccountId {
    let actor = RemoteActor { is_discoverable, ..somebody(host, name) };
    api.town.write(move |tx| remote::upsert(tx, &actor)).await
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|a| a["acct"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_directory_shows_those_who_want_to_be_found() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.resident("ana").await, api.resident("ben").await, api.resident("cem").await);
    known(&api, "bea", "away.example", true).await;
    known(&api, "shy", "away.example", false).await;
    api.write(&ben, "status=first").await;
    api.town.clock.advance(DAY);
    api.write(&ana, "status=second").await;
    api.call(Method::PATCH, &cem.token, "/api/v1/accounts/update_credentials", "discoverable=false")
        .await
        .ok();
    let look = async |query: &str| api.look(&format!("/api/v1/directory?{query}")).await.ok();
    assert_eq!(names(&look("").await), ["ana", "ben"], "who wrote last first");
    assert_eq!(names(&look("order=new&local=true").await), ["ben", "ana"]);
    assert_eq!(names(&look("order=new").await), ["bea@away.example", "ben", "ana"]);
    assert_eq!(names(&look("limit=1&offset=1").await), ["ben"]);
    assert_eq!(look("offset=99999999").await, json!([]));
    api.look("/api/v1/directory?order=loud").await.is(422);
    api.look("/api/v1/directory?offset=many").await.is(422);
    api.post(&ben, &format!("/api/v1/accounts/{}/block", ana.id), "").await.ok();
    assert_eq!(names(&api.get(&ben, "/api/v1/directory").await.ok()), ["ben"]);
}

#[tokio::test]
async fn the_town_and_acquaintances_recommend_people() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.resident("ana").await, api.resident("ben").await, api.resident("cem").await);
    let (dora, library) = (api.resident("dora").await, api.resident("library").await);
    api.town.write(move |tx| discovery::recommend(tx, library.id, true)).await;
    api.follow(&ana, &ben).await;
    api.follow(&ben, &cem).await;
    api.follow(&ben, &dora).await;
    api.follow(&ben, &ana).await;
    let found = api.get(&ana, "/api/v2/suggestions").await.ok();
    let all: Vec<_> =
        found.as_array().unwrap().iter().map(|s| s["account"]["acct"].as_str().unwrap()).collect();
    assert_eq!(all, ["library", "dora", "cem"]);
    assert_eq!((&found[0]["source"], &found[0]["sources"]), (&json!("staff"), &json!(["featured"])));
    assert_eq!(found[1]["sources"], json!(["friends_of_friends"]));
    assert_eq!(names(&api.get(&ana, "/api/v1/suggestions?limit=1").await.ok()), ["library"]);
    let answer = api.call(Method::DELETE, &ana.token, &format!("/api/v1/suggestions/{}", dora.id), "").await;
    assert_eq!(answer.ok(), json!({}));
    api.follow(&ana, &library).await;
    assert_eq!(names(&api.get(&ana, "/api/v1/suggestions").await.ok()), ["cem"]);
    api.call(Method::DELETE, &ana.token, "/api/v1/suggestions/99", "").await.is(404);
    let familiar = format!("/api/v1/accounts/familiar_followers?id[]={}&id[]={}", library.id, cem.id);
    let shared = api.get(&ana, &familiar).await.ok();
    assert_eq!(shared[0], json!({ "id": library.id.to_string(), "accounts": [] }));
    assert_eq!(shared[1]["id"], json!(cem.id.to_string()));
    assert_eq!(names(&shared[1]["accounts"]), ["ben"]);
}

#[tokio::test]
async fn somebody_recommends_whom_they_follow_and_no_longer_than_that() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let path = |what: &str| format!("/api/v1/accounts/{}/{what}", ben.id);
    api.post(&ana, &path("endorse"), "").await.is(422);
    api.follow(&ana, &ben).await;
    assert_eq!(api.post(&ana, &path("endorse"), "").await.ok()["endorsed"], true);
    assert_eq!(api.post(&ana, &path("pin"), "").await.ok()["endorsed"], true);
    let mine = api.get(&ana, "/api/v1/endorsements").await;
    assert!(mine.headers["link"].to_str().unwrap().contains("rel=\"next\""));
    assert_eq!(names(&mine.ok()), ["ben"]);
    let public = format!("/api/v1/accounts/{}/endorsements", ana.id);
    assert_eq!(names(&api.look(&public).await.ok()), ["ben"]);
    assert_eq!(api.post(&ana, &path("unpin"), "").await.ok()["endorsed"], false);
    api.post(&ana, &path("endorse"), "").await.ok();
    api.post(&ana, &path("unfollow"), "").await.ok();
    assert_eq!(api.look(&public).await.ok(), json!([]));
    api.look("/api/v1/accounts/99/endorsements").await.is(404);
}

#[tokio::test]
async fn somebody_avoids_a_server() {
    let api = Api::new().await;
    let (ana, bea) = (api.resident("ana").await, known(&api, "bea", "away.example", true).await);
    api.post(&ana, &format!("/api/v1/accounts/{bea}/follow"), "").await.ok();
    api.town.write(move |tx| parvis_domain::follows::accept(tx, bea, ana.id)).await;
    let preview = api.get(&ana, "/api/v1/domain_blocks/preview?domain=away.example").await.ok();
    assert_eq!(preview, json!({ "following_count": 1, "followers_count": 0 }));
    for _ in 0..2 {
        assert_eq!(api.post(&ana, "/api/v1/domain_blocks", "domain=Away.example").await.ok(), json!({}));
    }
    api.post(&ana, "/api/v1/domain_blocks", "domain=other.example").await.ok();
    for bad in ["", "domain=", "domain=127.0.0.1", "domain=town.example", "domain[]=x"] {
        let status = api.post(&ana, "/api/v1/domain_blocks", bad).await.status.as_u16();
        assert!((400..500).contains(&status), "{bad}: {status}");
    }
    let list = api.get(&ana, "/api/v1/domain_blocks?limit=1").await;
    assert!(list.headers["link"].to_str().unwrap().contains("rel=\"next\""));
    assert_eq!(list.ok(), json!(["other.example"]));
    let parting = host_blocks::Parting { account: ana.id, host: "away.example".to_owned() };
    api.town.write(move |tx| host_blocks::part(tx, &parting, 10)).await;
    let tie = api.get(&ana, &format!("/api/v1/accounts/relationships?id={bea}")).await.ok();
    assert_eq!((&tie[0]["domain_blocking"], &tie[0]["following"]), (&json!(true), &json!(false)));
    api.call(Method::DELETE, &ana.token, "/api/v1/domain_blocks?domain=away.example", "").await.ok();
    assert_eq!(api.get(&ana, "/api/v1/domain_blocks").await.ok(), json!(["other.example"]));
}

#[tokio::test]
async fn the_town_says_which_servers_it_knows_and_how_lively_it_is() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    known(&api, "bea", "away.example", true).await;
    known(&api, "bob", "b.evil.example", true).await;
    api.town
        .write(|tx| {
            let severity = parvis_domain::policy::Severity::Suspend;
            parvis_domain::policy::block(tx, "evil.example", severity, false, "").map(|_| ())
        })
        .await;
    assert_eq!(api.look("/api/v1/instance/peers").await.ok(), json!(["away.example"]));
    assert_eq!(api.get(&ana, "/api/v1/peers/search?q=AW").await.ok(), json!(["away.example"]));
    assert_eq!(api.get(&ana, "/api/v1/peers/search?q=b").await.ok(), json!([]));
    api.look("/api/v1/peers/search?q=aw").await.is(401);
    api.write(&ana, "status=one").await;
    api.town.write(figures::count_weeks).await;
    let weeks = api.look("/api/v1/instance/activity").await.ok();
    assert_eq!(weeks.as_array().unwrap().len(), 12);
    // 2026-11-22 is a Sunday: its week began on Monday, 16 November.
    assert_eq!(weeks[0]["week"], json!("1794787200"));
    assert_eq!((&weeks[0]["statuses"], &weeks[0]["registrations"]), (&json!("1"), &json!("1")));
    assert_eq!(weeks[1]["statuses"], json!("0"));
    let languages = api.look("/api/v1/instance/languages").await.ok();
    assert!(
        languages.as_array().unwrap().contains(&json!({ "code": "fr", "name": "French" })),
        "{languages}"
    );
}
