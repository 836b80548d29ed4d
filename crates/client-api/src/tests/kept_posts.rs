//! What is rendered once and copied into lists is exactly what a post is when it is asked for alone.

use super::*;

const HOME: &str = "/api/v1/timelines/home";

/// The home timeline, asked for twice (rendered, then copied), against each post alone.
async fn home_is_its_posts(api: &Api, reader: &Person, after: &str) -> Vec<Value> {
    let first = api.get(reader, HOME).await.ok();
    let again = api.get(reader, HOME).await.ok();
    assert_eq!(first, again, "after {after}");
    let posts = again.as_array().unwrap().clone();
    assert!(!posts.is_empty(), "after {after}");
    for post in &posts {
        let alone = api.get(reader, &format!("/api/v1/statuses/{}", id(post))).await.ok();
        assert_eq!(*post, alone, "after {after}");
    }
    posts
}

#[tokio::test]
async fn a_post_in_a_list_is_the_post_alone_whatever_changes() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.follow(&ben, &ana).await;
    let plain = api.write(&ana, "status=Hello+%40ben+%23square&spoiler_text=market&language=fr").await;
    let poll = r#"{"status":"?","poll":{"options":["yes","no"],"expires_in":3600}}"#;
    let poll = api.write(&ana, poll).await;
    let private = api.write(&ana, "status=%22friends%22&visibility=private").await;
    let quoting = api.write(&ana, &format!("status=look&quoted_status_id={}", id(&plain))).await;
    let own = api.write(&ben, "status=mine").await;
    let boost = api.post(&ana, &format!("/api/v1/statuses/{}/reblog", id(&own)), "").await.ok();
    for post in [&plain, &poll, &private, &quoting, &boost] {
        api.fan_out(post).await;
    }
    let posts = home_is_its_posts(&api, &ben, "writing").await;
    assert_eq!(posts.len(), 6);
    assert_eq!(posts[0]["reblog"]["content"], "<p>mine</p>");
    home_is_its_posts(&api, &ana, "writing, for the author").await;

    let path = format!("/api/v1/statuses/{}", id(&plain));
    api.post(&ben, &format!("{path}/favourite"), "").await.ok();
    api.post(&ben, &format!("/api/v1/statuses/{}/bookmark", id(&private)), "").await.ok();
    home_is_its_posts(&api, &ben, "reacting").await;
    home_is_its_posts(&api, &ana, "somebody else's reaction").await;
    let edited = api.call(Method::PUT, &ana.token, &path, "status=Changed&language=en").await.ok();
    assert!(!edited["edited_at"].is_null());
    let posts = home_is_its_posts(&api, &ben, "an edit").await;
    let shown = posts.iter().find(|post| id(post) == id(&plain)).unwrap();
    assert_eq!((&shown["content"], &shown["language"]), (&Value::from("<p>Changed</p>"), &Value::from("en")));
    let profile = "/api/v1/accounts/update_credentials";
    api.call(Method::PATCH, &ana.token, profile, "display_name=Ana+of+the+Bridge").await.ok();
    let posts = home_is_its_posts(&api, &ben, "another name").await;
    assert_eq!(posts[0]["account"]["display_name"], "Ana of the Bridge");
    let filter = r#"{"title":"t","context":["home"],"filter_action":"warn","keywords_attributes":[{"keyword":"friends"}]}"#;
    api.post(&ben, "/api/v2/filters", filter).await.ok();
    let posts = home_is_its_posts(&api, &ben, "a filter").await;
    assert!(posts.iter().any(|post| !post["filtered"].as_array().unwrap().is_empty()));
    api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    let posts = home_is_its_posts(&api, &ben, "a deletion").await;
    let quote = posts.iter().find(|post| id(post) == id(&quoting)).unwrap();
    assert_eq!(quote["quote"]["state"], "deleted");
}
