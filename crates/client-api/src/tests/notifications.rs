//! What people are told.

use super::*;

#[tokio::test]
async fn somebody_is_told_what_others_did() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=Hello").await;
    api.follow(&ben, &ana).await;
    api.post(&ben, &format!("/api/v1/statuses/{}/favourite", id(&post)), "").await.ok();
    api.post(&ben, &format!("/api/v1/statuses/{}/reblog", id(&post)), "").await.ok();
    api.write(&ben, "status=Hi+%40ana").await;
    let kinds = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|n| n["type"].as_str().unwrap().to_owned()).collect()
    };
    let all = api.get(&ana, "/api/v1/notifications").await.ok();
    assert_eq!(kinds(&all), ["mention", "reblog", "favourite", "follow"]);
    assert!(all[3].get("status").is_none());
    assert_eq!(all[2]["status"]["id"], id(&post));
    assert_eq!(all[0]["account"]["acct"], "ben");
    let some = api.get(&ana, "/api/v1/notifications?types[]=follow&types[]=poll").await.ok();
    assert_eq!(kinds(&some), ["follow"]);
    assert_eq!(api.get(&ana, "/api/v1/notifications?types[]=poll").await.ok(), serde_json::json!([]));
    let others =
        api.get(&ana, "/api/v1/notifications?exclude_types[]=follow&exclude_types[]=mention&limit=1").await;
    assert!(others.headers["link"].to_str().unwrap().contains("exclude_types"));
    assert_eq!(kinds(&others.ok()), ["reblog"]);
    assert_eq!(
        api.get(&ana, &format!("/api/v1/notifications?account_id={}", ana.id)).await.ok(),
        serde_json::json!([])
    );

    assert_eq!(api.get(&ana, "/api/v1/notifications/unread_count").await.ok()["count"], 4);
    api.post(&ana, "/api/v1/markers", &format!("notifications[last_read_id]={}", id(&all[1]))).await.ok();
    assert_eq!(api.get(&ana, "/api/v1/notifications/unread_count").await.ok()["count"], 1);

    let one = format!("/api/v1/notifications/{}", id(&all[0]));
    assert_eq!(api.get(&ana, &one).await.ok()["type"], "mention");
    api.post(&ana, &format!("{one}/dismiss"), "").await.ok();
    api.get(&ana, &one).await.is(404);
    api.post(&ana, "/api/v1/notifications/clear", "").await.ok();
    assert_eq!(api.get(&ana, "/api/v1/notifications").await.ok(), serde_json::json!([]));
}

#[tokio::test]
async fn a_muted_conversation_tells_nothing_more_and_still_shows() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=Hello").await;
    let path = format!("/api/v1/statuses/{}", id(&post));
    let answer = api.write(&ben, &format!("status=%40ana+1&in_reply_to_id={}", id(&post))).await;
    for _ in 0..2 {
        let seen = api.post(&ana, &format!("/api/v1/statuses/{}/mute", id(&answer)), "").await.ok();
        assert_eq!(seen["muted"], true);
    }
    let count = async || api.get(&ana, "/api/v1/notifications").await.ok().as_array().unwrap().len();
    assert_eq!((api.get(&ana, &path).await.ok()["muted"].clone(), count().await), (true.into(), 1));
    assert_eq!(api.get(&ben, &path).await.ok()["muted"], false, "for oneself only");
    let second = api.write(&ben, &format!("status=%40ana+2&in_reply_to_id={}", id(&answer))).await;
    api.post(&ben, &format!("{path}/favourite"), "").await.ok();
    api.post(&ben, &format!("{path}/reblog"), "").await.ok();
    assert_eq!(count().await, 1);
    let around = api.get(&ana, &format!("{path}/context")).await.ok();
    assert_eq!(ids(&around["descendants"]), [id(&answer), id(&second)]);
    assert_eq!(api.post(&ana, &format!("{path}/unmute"), "").await.ok()["muted"], false);
    api.post(&ana, &format!("{path}/unmute"), "").await.ok();
    api.write(&ben, &format!("status=%40ana+3&in_reply_to_id={}", id(&second))).await;
    assert_eq!(count().await, 2);
    let private = api.write(&ana, "status=secret&visibility=private").await;
    api.post(&ben, &format!("/api/v1/statuses/{}/mute", id(&private)), "").await.is(404);
}
