//! What the town says of itself, and search.

use super::*;

#[tokio::test]
async fn the_town_introduces_itself() {
    let api = Api::new().await;
    api.resident("ana").await;
    let v2 = api.look("/api/v2/instance").await.ok();
    assert_eq!(v2["domain"], "town.example");
    assert_eq!(v2["version"], crate::version());
    assert!(v2["version"].as_str().unwrap().starts_with(crate::MASTODON_VERSION));
    assert_eq!(v2["usage"]["users"]["active_month"], 1);
    assert_eq!(v2["configuration"]["urls"]["streaming"], "ws://town.example");
    assert_eq!(v2["configuration"]["statuses"]["max_characters"], 1_000);
    assert_eq!(v2["registrations"]["enabled"], true);
    assert_eq!(v2["api_versions"]["mastodon"], 7);
    assert_eq!(v2["rules"].as_array().unwrap().len(), 3);
    assert_eq!(v2["rules"], api.look("/api/v1/instance/rules").await.ok());
    let v1 = api.look("/api/v1/instance").await.ok();
    assert_eq!(v1["uri"], "town.example");
    assert_eq!(v1["urls"]["streaming_api"], "ws://town.example");
    assert_eq!(v1["stats"], serde_json::json!({ "user_count": 1, "status_count": 0, "domain_count": 0 }));
    assert_eq!(v1["max_toot_chars"], 1_000);
    assert_eq!(api.look("/api/v1/custom_emojis").await.ok(), serde_json::json!([]));
}

#[tokio::test]
async fn lists_of_later_topics_are_empty_and_not_missing() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    for path in ["/api/v1/announcements"] {
        assert_eq!(api.get(&ana, path).await.ok(), serde_json::json!([]), "{path}");
    }
}

#[tokio::test]
async fn the_pictures_of_people_without_one_are_there() {
    let api = Api::new().await;
    for path in ["/avatars/original/missing.png", "/headers/original/missing.png"] {
        let answer = api.look(path).await;
        answer.is(200);
        assert_eq!(answer.headers["content-type"], "image/png");
    }
}

#[tokio::test]
async fn search_finds_by_name_by_address_and_by_url() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=Hello+%23Square").await;
    let found = |q: String| api.get(&ben, Box::leak(format!("/api/v2/search?q={q}").into_boxed_str()));
    for q in ["an", "@ana", "ana@town.example", "@ana@town.example", "http://town.example/@ana"] {
        let answer = found(q.to_owned()).await.ok();
        assert_eq!(answer["accounts"][0]["acct"], "ana", "{q}");
        assert!(answer["statuses"].is_array() && answer["hashtags"].is_array(), "{q}");
    }
    let answer = found("%23squ".to_owned()).await.ok();
    assert_eq!(answer["hashtags"][0]["name"], "Square");
    for url in ["uri", "url"] {
        let answer = found(post[url].as_str().unwrap().to_owned()).await.ok();
        assert_eq!(ids(&answer["statuses"]), [id(&post)], "{url}");
    }
    let nothing = serde_json::json!({ "accounts": [], "statuses": [], "hashtags": [] });
    for q in ["", "%20", "http://", "https://unknown.example/@x", "@x@unknown.example", "%00"] {
        let answer = found(format!("{q}&resolve=true")).await;
        assert!(answer.status == 422 || answer.json() == nothing, "{q}: {}", answer.text);
    }
    api.look("/api/v2/search?q=ana&resolve=true").await.is(401);
    api.look("/api/v2/search?q=ana&offset=20").await.is(401);
    api.look("/api/v2/search?q=ana").await.ok();
    let answer = api.get(&ben, "/api/v1/accounts/search?q=an&following=true").await.ok();
    assert_eq!(answer, serde_json::json!([]));
    api.follow(&ben, &ana).await;
    let answer = api.get(&ben, "/api/v1/accounts/search?q=an&following=true").await.ok();
    assert_eq!(answer[0]["acct"], "ana");
}

#[tokio::test]
async fn the_old_search_names_hashtags_as_texts() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    api.write(&ana, "status=%23market").await;
    let found = api.get(&ana, "/api/v1/search?q=market").await.ok();
    assert_eq!(found["hashtags"], serde_json::json!(["market"]));
    let found = api.get(&ana, "/api/v1/search?q=ana").await.ok();
    assert_eq!((ids(&found["accounts"]), found["statuses"].is_array()), (vec![ana.id.to_string()], true));
    api.look("/api/v1/search?q=ana").await.is(401);
}
