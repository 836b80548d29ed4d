//! Lists and their timelines, as a client program meets them.

use parvis_model::ids::ListId;
use serde_json::json;

use super::*;

/// Lets a post be written into lists.
async fn to_lists(api: &Api, status: &Value) {
    let id: StatusId = id(status).parse().unwrap();
    api.town.write(move |tx| feed::fan_out(tx, id, ListId(0))).await;
}

#[tokio::test]
async fn a_list_is_made_read_changed_and_removed() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let made = api.post(&ana, "/api/v1/lists", "title=+Market+&exclusive=true").await.ok();
    let path = format!("/api/v1/lists/{}", id(&made));
    assert_eq!(
        made,
        json!({ "id": id(&made), "title": "Market", "replies_policy": "list", "exclusive": true })
    );
    let sent = r#"{"replies_policy":"followed","exclusive":false}"#;
    let changed = api.call(Method::PUT, &ana.token, &path, sent).await.ok();
    assert_eq!(
        changed,
        json!({ "id": id(&made), "title": "Market", "replies_policy": "followed", "exclusive": false }),
        "a missing title keeps it"
    );
    let other = api.post(&ana, "/api/v1/lists", "title=Other&replies_policy=none").await.ok();
    assert_eq!(api.get(&ana, "/api/v1/lists").await.ok(), json!([changed, other]));
    assert_eq!(api.get(&ana, &path).await.ok(), changed);
    assert_eq!(api.call(Method::DELETE, &ana.token, &path, "").await.ok(), json!({}));
    api.get(&ana, &path).await.is(404);
    assert_eq!(api.get(&ana, "/api/v1/lists").await.ok(), json!([other]));
}

#[tokio::test]
async fn i2_a_list_of_somebody_else_is_not_there() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let made = api.post(&ana, "/api/v1/lists", "title=Mine").await.ok();
    let list = id(&made);
    for (method, path, body) in [
        (Method::GET, "/api/v1/lists/ID", ""),
        (Method::PUT, "/api/v1/lists/ID", "title=x"),
        (Method::DELETE, "/api/v1/lists/ID", ""),
        (Method::GET, "/api/v1/lists/ID/accounts", ""),
        (Method::POST, "/api/v1/lists/ID/accounts", "account_ids[]=1"),
        (Method::DELETE, "/api/v1/lists/ID/accounts", "account_ids[]=1"),
        (Method::GET, "/api/v1/timelines/list/ID", ""),
    ] {
        let foreign = api.call(method.clone(), &ben.token, &path.replace("ID", &list), body).await;
        let absent = api.call(method, &ben.token, &path.replace("ID", "17"), body).await;
        foreign.is(404);
        assert_eq!(foreign.text, absent.text, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_is_422_and_never_a_list() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    for body in
        ["", "title=", "title=x&replies_policy=all", "title=x&exclusive=maybe", "title[]=x", "title=%00"]
    {
        api.post(&ana, "/api/v1/lists", body).await.is(422);
    }
    assert_eq!(api.get(&ana, "/api/v1/lists").await.ok(), json!([]));
}

#[tokio::test]
async fn accounts_come_and_go_and_are_paged_by_links() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let list = id(&api.post(&ana, "/api/v1/lists", "title=Friends").await.ok());
    let path = format!("/api/v1/lists/{list}/accounts");
    let mut friends = Vec::new();
    for name in ["ben", "cleo", "dan"] {
        let friend = api.resident(name).await;
        api.post(&ana, &path, &format!("account_ids[]={}", friend.id)).await.is(404);
        api.follow(&ana, &friend).await;
        assert_eq!(api.post(&ana, &path, &format!("account_ids[]={}", friend.id)).await.ok(), json!({}));
        friends.push(friend);
    }
    api.post(&ana, &path, &format!("account_ids[]={}", friends[0].id)).await.is(422);
    api.post(&ana, &path, "account_ids[]=nobody").await.is(404);
    let first = api.get(&ana, &format!("{path}?limit=2")).await;
    let link = first.headers["link"].to_str().unwrap().to_owned();
    let newest: Vec<String> = friends.iter().rev().map(|f| f.id.to_string()).collect();
    assert_eq!(ids(&first.ok()), newest[..2]);
    let next = link.split_once("<http://town.example").unwrap().1.split_once('>').unwrap().0.to_owned();
    assert_eq!(ids(&api.get(&ana, &next).await.ok()), newest[2..]);
    let whole = api.get(&ana, &format!("{path}?limit=0")).await;
    assert!(whole.headers.get("link").is_none());
    assert_eq!(ids(&whole.ok()).len(), 3);
    let more = id(&api.post(&ana, "/api/v1/lists", "title=More").await.ok());
    let body = format!("account_ids[]={}", friends[0].id);
    api.post(&ana, &format!("/api/v1/lists/{more}/accounts"), &body).await.ok();
    let of_ben = format!("/api/v1/accounts/{}/lists", friends[0].id);
    assert_eq!(ids(&api.get(&ana, &of_ben).await.ok()), [list, more]);
    assert_eq!(api.get(&friends[1], &of_ben).await.ok(), json!([]), "only one's own lists");
    // Out again: in the body once, in the query once.
    let body = format!("account_ids[]={}", friends[0].id);
    assert_eq!(api.call(Method::DELETE, &ana.token, &path, &body).await.ok(), json!({}));
    let query = format!("{path}?account_ids[]={}", friends[1].id);
    api.call(Method::DELETE, &ana.token, &query, "").await.ok();
    assert_eq!(ids(&api.get(&ana, &path).await.ok()), [friends[2].id.to_string()]);
}

#[tokio::test]
async fn the_timeline_of_a_list_is_leafed_through_like_the_others() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.follow(&ana, &ben).await;
    let list = id(&api.post(&ana, "/api/v1/lists", "title=Friends").await.ok());
    api.post(&ana, &format!("/api/v1/lists/{list}/accounts"), &format!("account_ids[]={}", ben.id))
        .await
        .ok();
    let mut written = Vec::new();
    for n in 0..3 {
        let post = api.write(&ben, &format!("status={n}")).await;
        to_lists(&api, &post).await;
        written.insert(0, id(&post));
    }
    let path = format!("/api/v1/timelines/list/{list}");
    assert_eq!(ids(&api.get(&ana, &path).await.ok()), written);
    let older = api.get(&ana, &format!("{path}?limit=2&max_id={}", written[0])).await;
    assert!(
        older.headers["link"].to_str().unwrap().contains(&format!("{path}?limit=2&max_id={}", written[2]))
    );
    assert_eq!(ids(&older.ok()), written[1..]);
    api.post(&ana, &format!("/api/v1/accounts/{}/mute", ben.id), "").await.ok();
    assert_eq!(api.get(&ana, &path).await.ok(), json!([]), "who is muted is not shown there either");
}
