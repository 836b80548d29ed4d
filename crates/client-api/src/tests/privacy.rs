//! What is not for somebody is not there for them (threats §8).

use super::*;

/// Every address under which a post can be asked for or changed.
const WAYS: &[(Method, &str)] = &[
    (Method::GET, ""),
    (Method::GET, "/context"),
    (Method::GET, "/history"),
    (Method::GET, "/source"),
    (Method::GET, "/reblogged_by"),
    (Method::GET, "/favourited_by"),
    (Method::POST, "/favourite"),
    (Method::POST, "/unfavourite"),
    (Method::POST, "/bookmark"),
    (Method::POST, "/reblog"),
    (Method::POST, "/unreblog"),
    (Method::PUT, ""),
    (Method::DELETE, ""),
];

#[tokio::test]
async fn i2_a_post_that_is_not_for_somebody_answers_as_one_that_is_not_there() {
    let api = Api::new().await;
    let (ana, eve) = (api.resident("ana").await, api.resident("eve").await);
    for visibility in ["private", "direct"] {
        let post = api.write(&ana, &format!("status=secret&visibility={visibility}")).await;
        for (method, way) in WAYS {
            for token in [eve.token.as_str(), ""] {
                let ask = async |id: String| {
                    let answer = api
                        .call(method.clone(), token, &format!("/api/v1/statuses/{id}{way}"), "status=x")
                        .await;
                    (answer.status.as_u16(), answer.text)
                };
                let (hidden, missing) = (ask(id(&post)).await, ask("1".to_owned()).await);
                assert_eq!(hidden, missing, "{visibility} {method} {way}");
                assert!(matches!(hidden.0, 404 | 401), "{visibility} {method} {way}: {}", hidden.0);
            }
        }
        assert_eq!(
            api.get(&eve, &format!("/api/v1/statuses?id[]={}", id(&post))).await.ok(),
            serde_json::json!([])
        );
        let by_url = format!("/api/v2/search?q={}", post["url"].as_str().unwrap());
        assert_eq!(api.get(&eve, &by_url).await.ok()["statuses"], serde_json::json!([]));
        let listed = api.get(&eve, &format!("/api/v1/accounts/{}/statuses", ana.id)).await.ok();
        assert!(!ids(&listed).contains(&id(&post)));
    }
}

#[tokio::test]
async fn i5_a_private_reply_is_not_in_the_thread_for_others() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let post = api.write(&ana, "status=Hello").await;
    let body = format!("status=%40ana+secret&visibility=direct&in_reply_to_id={}", id(&post));
    let secret = api.write(&ben, &body).await;
    let path = format!("/api/v1/statuses/{}/context", id(&post));
    assert_eq!(ids(&api.get(&ana, &path).await.ok()["descendants"]), [id(&secret)]);
    assert_eq!(api.get(&eve, &path).await.ok()["descendants"], serde_json::json!([]));
    assert_eq!(api.look(&path).await.ok()["descendants"], serde_json::json!([]));
}

#[tokio::test]
async fn i1_nobody_reaches_the_things_of_somebody_else() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    api.follow(&ben, &ana).await;
    let told = api.get(&ana, "/api/v1/notifications").await.ok();
    let notification = id(&told[0]);
    api.get(&eve, &format!("/api/v1/notifications/{notification}")).await.is(404);
    api.post(&eve, &format!("/api/v1/notifications/{notification}/dismiss"), "").await.is(404);
    api.post(&eve, "/api/v1/notifications/clear", "").await.ok();
    assert_eq!(api.get(&ana, "/api/v1/notifications").await.ok(), told);
    api.post(&eve, &format!("/api/v1/follow_requests/{}/authorize", ben.id), "").await.is(404);
    let post = api.write(&ana, "status=mine").await;
    for (method, way) in
        [(Method::PUT, ""), (Method::DELETE, ""), (Method::GET, "/source"), (Method::POST, "/unpin")]
    {
        let path = format!("/api/v1/statuses/{}{way}", id(&post));
        api.call(method, &eve.token, &path, "status=hers").await.is(404);
    }
}

#[tokio::test]
async fn who_is_blocked_sees_nothing_and_cannot_follow() {
    let api = Api::new().await;
    let (ana, eve) = (api.resident("ana").await, api.resident("eve").await);
    let post = api.write(&ana, "status=Hello").await;
    let tie = api.post(&ana, &format!("/api/v1/accounts/{}/block", eve.id), "").await.ok();
    assert_eq!(tie["blocking"], true);
    api.get(&eve, &format!("/api/v1/statuses/{}", id(&post))).await.is(404);
    api.post(&eve, &format!("/api/v1/accounts/{}/follow", ana.id), "").await.is(403);
    assert_eq!(
        api.get(&eve, &format!("/api/v1/accounts/{}/statuses", ana.id)).await.ok(),
        serde_json::json!([])
    );
    assert_eq!(api.get(&ana, "/api/v1/blocks").await.ok()[0]["acct"], "eve");
    let tie = api.post(&ana, &format!("/api/v1/accounts/{}/unblock", eve.id), "").await.ok();
    assert_eq!(tie["blocking"], false);
}

#[tokio::test]
async fn i3_what_somebody_kept_of_a_post_shows_it_no_longer_than_they_may_see_it() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    for who in [&ben, &eve] {
        api.follow(who, &ana).await;
    }
    let post = api.write(&ana, "status=%40eve+for+friends&visibility=private").await;
    let other = api.write(&ana, "status=for+friends&visibility=private").await;
    for status in [&post, &other] {
        api.fan_out(status).await;
        for what in ["favourite", "bookmark"] {
            api.post(&eve, &format!("/api/v1/statuses/{}/{what}", id(status)), "").await.ok();
        }
    }
    let reply = format!("status=me+too&visibility=private&in_reply_to_id={}", id(&other));
    let answered = api.write(&eve, &reply).await;
    api.post(&ana, &format!("/api/v1/accounts/{}/remove_from_followers", eve.id), "").await.ok();

    // The one that names her stays hers to read; the other is gone from wherever she kept it.
    for list in ["/api/v1/favourites", "/api/v1/bookmarks", "/api/v1/timelines/home"] {
        let shown = ids(&api.get(&eve, list).await.ok());
        assert!(!shown.contains(&id(&other)), "{list}");
    }
    assert_eq!(ids(&api.get(&eve, "/api/v1/bookmarks").await.ok()), [id(&post)]);
    let thread = api.get(&eve, &format!("/api/v1/statuses/{}/context", id(&answered))).await.ok();
    assert_eq!(thread["ancestors"], serde_json::json!([]));
    // Nor do the lists of others tell of it: who liked it, how often, and when Ana last wrote.
    for who in [Some(&eve), None] {
        for way in ["", "/favourited_by", "/reblogged_by", "/context", "/history"] {
            let path = format!("/api/v1/statuses/{}{way}", id(&other));
            let answer = match who {
                Some(eve) => api.get(eve, &path).await,
                None => api.look(&path).await,
            };
            answer.is(404);
        }
    }
    let profile = api.look(&format!("/api/v1/accounts/{}/statuses", ana.id)).await.ok();
    assert_eq!(profile, serde_json::json!([]));
}
