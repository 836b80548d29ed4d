//! Lists of people, and what they have to do with one another.

use parvis_domain::moves::{aliases, away};

use super::super::*;
use super::{Square, several};

#[tokio::test]
async fn everybody_on_the_square_has_a_whole_profile() {
    let square = Square::new().await;
    let asked = format!("/api/v1/accounts?id[]={}&id[]={}&id[]=5", square.ana.id, square.bea);
    for one in several(square.get(&square.cem, &asked).await) {
        for list in ["emojis", "fields"] {
            assert!(!one[list].as_array().unwrap().is_empty(), "{list} of {one}");
        }
        assert!(!one["header"].as_str().unwrap().ends_with("missing.png"), "{one}");
    }
    let bea = square.get(&square.ana, &format!("/api/v1/accounts/{}", square.bea)).await;
    assert_eq!((&bea["acct"], &bea["emojis"][0]["shortcode"]), (&"bea@away.example".into(), &"wave".into()));
    let found = several(square.get(&square.ana, "/api/v1/accounts/search?q=b").await);
    assert!(
        found.iter().any(|a| a["acct"] == "ben") && found.iter().any(|a| a["acct"] == "bea@away.example")
    );
}

#[tokio::test]
async fn lists_of_people_hold_several_newest_first() {
    let square = Square::new().await;
    let ana = &square.ana;
    for list in ["followers", "following"] {
        let people = several(square.get(ana, &format!("/api/v1/accounts/{}/{list}", ana.id)).await);
        assert_eq!(people.len(), 2, "{list}");
    }
    let (dan, eli) = (square.resident("dan").await, square.resident("eli").await);
    for who in [&dan, &eli] {
        square.post(ana, &format!("/api/v1/accounts/{}/block", who.id), "").await;
        square.post(&square.ben, &format!("/api/v1/accounts/{}/mute", who.id), "duration=3600").await;
    }
    let names = |list: Vec<Value>| list.iter().map(|a| a["acct"].clone()).collect::<Vec<_>>();
    assert_eq!(names(several(square.get(ana, "/api/v1/blocks").await)), ["eli", "dan"]);
    assert_eq!(names(several(square.get(&square.ben, "/api/v1/mutes").await)), ["eli", "dan"]);
}

#[tokio::test]
async fn somebody_who_moved_shows_where_to_and_can_be_muted() {
    let square = Square::new().await;
    let officer = square.api.town.account("dan", parvis_model::account::Role::Officer).await;
    let dan = Person { id: officer, token: square.api.token(officer, "read write").await };
    let (from, to) = (dan.id, square.ana.id);
    square.api.town.write(move |tx| aliases::add_known(tx, to, from)).await;
    away::go(&square.api.town, from, "ana").await.unwrap();
    square.introduce(&dan, "Dan").await;
    for who in [&dan, &square.cem] {
        square.post(&square.ben, &format!("/api/v1/accounts/{}/mute", who.id), "duration=3600").await;
    }
    let muted = several(square.get(&square.ben, "/api/v1/mutes").await);
    let seen = square.get(&square.ben, &format!("/api/v1/accounts/{}", dan.id)).await;
    let own = square.get(&dan, "/api/v1/accounts/verify_credentials").await;
    for shown in [&muted[1], &seen, &own] {
        assert_eq!(shown["moved"]["acct"], "ana", "{shown}");
        assert_eq!(shown["roles"][0]["name"], seen["roles"][0]["name"]);
    }
    assert!(muted[1]["mute_expires_at"].is_string() && muted[1]["emojis"][0].is_object());
}

#[tokio::test]
async fn requests_to_follow_wait_in_a_list() {
    let square = Square::new().await;
    let ana = &square.ana;
    square
        .api
        .call(Method::PATCH, &ana.token, "/api/v1/accounts/update_credentials", "locked=true")
        .await
        .ok();
    let (dan, eli) = (square.resident("dan").await, square.resident("eli").await);
    for who in [&dan, &eli] {
        square.api.follow(who, ana).await;
        let tie = square.get(ana, &format!("/api/v1/accounts/relationships?id[]={}", who.id)).await;
        assert_eq!(tie[0]["requested_by"], true);
    }
    several(square.get(ana, "/api/v1/follow_requests").await);
    let told = several(square.get(ana, "/api/v1/notifications?types[]=follow_request").await);
    assert_eq!(told.len(), 2);
}

#[tokio::test]
async fn a_picture_of_a_profile_is_taken_down() {
    let square = Square::new().await;
    let gone = square.api.call(Method::DELETE, &square.ana.token, "/api/v1/profile/header", "").await.ok();
    assert!(gone["header"].as_str().unwrap().ends_with("missing.png"), "{}", gone["header"]);
    assert_eq!(gone["source"]["language"], "fr");
}

#[tokio::test]
async fn a_program_learns_who_signed_in_and_no_more() {
    let square = Square::new().await;
    let token = square.api.token(square.ana.id, "profile").await;
    let me = square.api.call(Method::GET, &token, "/oauth/userinfo", "").await.ok();
    assert_eq!((&me["preferred_username"], &me["name"]), (&"ana".into(), &"Ana :lindens:".into()));
    assert_eq!(me["sub"], "http://town.example/users/ana");
    let other = square.api.token(square.ana.id, "read").await;
    square.api.call(Method::GET, &other, "/oauth/userinfo", "").await.is(403);
}
