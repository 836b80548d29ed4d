//! Those who want nothing to do with each other any more: what each still sees of the other, and that everybody can take back what they did.

use parvis_domain::accounts::suspend;
use parvis_model::account::Role;
use serde_json::json;

use super::*;

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|a| a["acct"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn own_reactions_can_be_taken_back_from_what_cannot_be_seen_any_more() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.follow(&ben, &ana).await;
    let open = id(&api.write(&ana, "status=open").await);
    let few = id(&api.write(&ana, "status=secret&visibility=private").await);
    let act = async |id: &str, what: &str| api.post(&ben, &format!("/api/v1/statuses/{id}/{what}"), "").await;
    let boost = act(&open, "reblog").await.ok()["id"].as_str().unwrap().to_owned();
    for what in ["favourite", "bookmark", "mute"] {
        act(&few, what).await.ok();
    }
    api.post(&ana, &format!("/api/v1/accounts/{}/block", ben.id), "").await.ok();
    api.call(Method::PUT, &ana.token, &format!("/api/v1/statuses/{few}"), "status=worse").await.ok();
    for what in ["unfavourite", "unbookmark", "unmute"] {
        let answer = act(&few, what).await.ok();
        assert_eq!((&answer["id"], &answer["content"]), (&json!(few), &json!("")), "nothing of it is shown");
        act(&few, what).await.is(404);
    }
    act(&open, "favourite").await.is(404);
    let shown = api.get(&ana, &format!("/api/v1/statuses/{few}")).await.ok();
    assert_eq!(shown["favourites_count"], 0);
    let answer = api.call(Method::DELETE, &ben.token, &format!("/api/v1/statuses/{boost}"), "").await.ok();
    assert_eq!(answer["content"], "");
    assert_eq!(api.get(&ana, &format!("/api/v1/statuses/{open}")).await.ok()["reblogs_count"], 0);
}

#[tokio::test]
async fn i5_lists_of_people_know_blocks_and_suspensions() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.resident("ana").await, api.resident("ben").await, api.resident("cem").await);
    for follower in [&ben, &cem] {
        api.follow(follower, &ana).await;
    }
    api.follow(&ana, &ben).await;
    let post = id(&api.write(&ana, "status=hello").await);
    for fan in [&ben, &cem] {
        api.post(fan, &format!("/api/v1/statuses/{post}/favourite"), "").await.ok();
        api.post(fan, &format!("/api/v1/statuses/{post}/reblog"), "").await.ok();
    }
    let lists = [
        format!("/api/v1/statuses/{post}/favourited_by"),
        format!("/api/v1/statuses/{post}/reblogged_by"),
        format!("/api/v1/accounts/{}/followers", ana.id),
    ];
    api.post(&cem, &format!("/api/v1/accounts/{}/block", ben.id), "").await.ok();
    for list in &lists {
        assert_eq!(names(&api.get(&ben, list).await.ok()), ["ben"], "{list}");
        assert_eq!(names(&api.get(&cem, list).await.ok()), ["cem"], "{list}");
        assert_eq!(names(&api.get(&ana, list).await.ok()).len(), 2, "{list}: hers");
    }
    api.post(&ana, &format!("/api/v1/accounts/{}/block", cem.id), "").await.ok();
    let theirs = ["followers", "following"].map(|list| format!("/api/v1/accounts/{}/{list}", ana.id));
    for list in &theirs {
        assert_eq!(api.get(&cem, list).await.ok(), json!([]), "{list} for whom she blocks");
        assert_ne!(api.get(&ben, list).await.ok(), json!([]), "{list}");
    }
    api.town.write(move |tx| suspend::suspend(tx, Role::Admin, ana.id)).await;
    for list in &theirs {
        assert_eq!(api.get(&ben, list).await.ok(), json!([]), "{list} of somebody suspended");
    }
}

#[tokio::test]
async fn whom_one_follows_is_hidden_everywhere_or_nowhere() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.resident("ana").await, api.resident("ben").await, api.resident("cem").await);
    api.follow(&ana, &ben).await;
    api.follow(&ben, &cem).await;
    let familiar = format!("/api/v1/accounts/familiar_followers?id[]={}", cem.id);
    let known = async || names(&api.get(&ana, &familiar).await.ok()[0]["accounts"]).len();
    let recommended = async || names_of(&api.get(&ana, "/api/v2/suggestions").await.ok());
    assert_eq!((known().await, recommended().await), (1, vec!["cem".to_owned()]));
    let hide = async |who: &Person, hides: bool| {
        let body = format!("hide_collections={hides}");
        api.call(Method::PATCH, &who.token, "/api/v1/accounts/update_credentials", &body).await.ok();
    };
    hide(&ben, true).await;
    assert_eq!((known().await, recommended().await), (0, vec![]));
    hide(&ben, false).await;
    hide(&cem, true).await;
    assert_eq!(known().await, 0, "she hides who follows her");
}

fn names_of(suggestions: &Value) -> Vec<String> {
    let all = suggestions.as_array().unwrap().iter();
    all.map(|s| s["account"]["acct"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_profile_takes_pictures_as_text_and_says_what_it_does_not_take() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let change = async |body: Value| {
        api.call(Method::PATCH, &ana.token, "/api/v1/accounts/update_credentials", &body.to_string()).await
    };
    for wrong in [
        json!({ "avatar": "notafile" }),
        json!({ "source": { "privacy": "direct" } }),
        json!({ "source": { "language": "english" } }),
    ] {
        change(wrong).await.is(422);
    }
    let picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let account = change(json!({ "avatar": picture, "source": { "language": "pt_br" } })).await.ok();
    assert!(!account["avatar"].as_str().unwrap().contains("missing"));
    assert_eq!(account["source"]["language"], "pt-BR");
}
