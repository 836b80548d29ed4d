//! Hashtags, as a client program meets them.

use serde_json::json;

use super::*;

/// Lets a post reach those who follow its tags.
async fn to_tags(api: &Api, status: &Value) {
    let id: StatusId = id(status).parse().unwrap();
    api.town.write(move |tx| follow::fan_out(tx, id, AccountId(0))).await;
}

#[tokio::test]
async fn a_tag_is_shown_followed_and_brought_home() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let unused = api.look("/api/v1/tags/Square").await.ok();
    assert_eq!((&unused["id"], &unused["name"]), (&json!(""), &json!("Square")));
    assert!(unused.get("following").is_none(), "nothing of a viewer without one");
    let followed = api.post(&ana, "/api/v1/tags/square/follow", "").await.ok();
    assert_eq!((&followed["following"], &followed["featuring"]), (&json!(true), &json!(false)));
    let post = api.write(&ben, "status=on+the+%23Square").await;
    to_tags(&api, &post).await;
    assert_eq!(ids(&api.get(&ana, "/api/v1/timelines/home").await.ok()), [id(&post)]);
    let shown = api.get(&ana, "/api/v1/tags/SQUARE").await.ok();
    assert_eq!(
        shown,
        json!({
            "id": followed["id"], "name": "square", "url": "http://town.example/tags/square",
            "history": shown["history"], "following": true, "featuring": false,
        })
    );
    let days = shown["history"].as_array().unwrap();
    assert_eq!(days.len(), 7);
    assert_eq!(days[0], json!({ "day": "1795305600", "uses": "1", "accounts": "1" }));
    assert_eq!(days[6]["uses"], "0");
    assert_eq!(api.get(&ben, "/api/v1/tags/square").await.ok()["following"], false);
    let found = api.get(&ana, "/api/v2/search?q=squ&type=hashtags").await.ok();
    assert_eq!(found["hashtags"], json!([shown]));
    let left = api.post(&ana, "/api/v1/tags/square/unfollow", "").await.ok();
    assert_eq!(left["following"], false);
    assert_eq!(api.get(&ana, "/api/v1/timelines/home").await.ok(), json!([]));
    for bad in ["a%20b", "123", "%00"] {
        api.look(&format!("/api/v1/tags/{bad}")).await.is(404);
        api.post(&ana, &format!("/api/v1/tags/{bad}/follow"), "").await.is(404);
    }
}

#[tokio::test]
async fn followed_tags_are_paged_by_links() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    for name in ["one", "two", "three"] {
        api.post(&ana, &format!("/api/v1/tags/{name}/follow"), "").await.ok();
    }
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = api.get(&ana, "/api/v1/followed_tags?limit=2").await;
    let link = first.headers["link"].to_str().unwrap().to_owned();
    assert_eq!(names(&first.ok()), ["three", "two"]);
    let next = link.split_once("<http://town.example").unwrap().1.split_once('>').unwrap().0.to_owned();
    let rest = api.get(&ana, &next).await.ok();
    assert_eq!(names(&rest), ["one"]);
    assert_eq!(rest[0]["following"], true);
}

#[tokio::test]
async fn tags_on_a_profile_come_and_go() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.write(&ana, "status=%23Market+%23Square").await;
    let suggested = api.get(&ana, "/api/v1/featured_tags/suggestions").await.ok();
    assert_eq!(suggested.as_array().unwrap().len(), 2);
    assert_eq!(suggested[0]["history"].as_array().unwrap().len(), 7);
    let made = api.post(&ana, "/api/v1/featured_tags", "name=Market").await.ok();
    let expected = json!({
        "id": id(&made), "name": "Market", "url": "http://town.example/tags/market", "statuses_count": "1",
        "last_status_at": "2026-11-22",
    });
    assert_eq!(made, expected);
    for body in ["name=market", "name=no+tag", "name=", ""] {
        api.post(&ana, "/api/v1/featured_tags", body).await.is(422);
    }
    let other = api.post(&ana, "/api/v1/featured_tags", "name=unused").await.ok();
    assert_eq!((&other["statuses_count"], &other["last_status_at"]), (&json!("0"), &Value::Null));
    assert_eq!(api.get(&ana, "/api/v1/featured_tags").await.ok(), json!([expected, other]));
    let of_ana = format!("/api/v1/accounts/{}/featured_tags", ana.id);
    assert_eq!(api.look(&of_ana).await.ok(), json!([expected, other]));
    api.look("/api/v1/accounts/17/featured_tags").await.is(404);
    let path = format!("/api/v1/featured_tags/{}", id(&made));
    api.call(Method::DELETE, &ben.token, &path, "").await.is(404);
    assert_eq!(api.call(Method::DELETE, &ana.token, &path, "").await.ok(), json!({}));
    assert_eq!(api.post(&ana, "/api/v1/tags/market/feature", "").await.ok()["featuring"], true);
    assert_eq!(api.post(&ana, "/api/v1/tags/market/feature", "").await.ok()["featuring"], true);
    assert_eq!(api.look(&of_ana).await.ok()[1]["name"], "Market");
    assert_eq!(api.post(&ana, "/api/v1/tags/market/unfeature", "").await.ok()["featuring"], false);
    assert_eq!(api.look(&of_ana).await.ok(), json!([other]));
}

#[tokio::test]
async fn a_tag_timeline_takes_other_tags_into_account() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let one = id(&api.write(&ana, "status=%23one").await);
    let two = id(&api.write(&ana, "status=%23two").await);
    let both = id(&api.write(&ana, "status=%23one+%23two").await);
    for (query, expected) in [
        ("", vec![&both, &one]),
        ("?any[]=two", vec![&both, &two, &one]),
        ("?all[]=two", vec![&both]),
        ("?none[]=two", vec![&one]),
        ("?only_media=true", vec![]),
        ("?any[]=two&limit=2", vec![&both, &two]),
    ] {
        let page = api.look(&format!("/api/v1/timelines/tag/one{query}")).await.ok();
        assert_eq!(ids(&page).iter().collect::<Vec<_>>(), expected, "{query}");
    }
}
