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
