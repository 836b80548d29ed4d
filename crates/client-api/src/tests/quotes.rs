//! Quotes as clients write and see them.

use serde_json::json;

use super::*;

async fn quote(api: &Api, who: &Person, of: &Value, more: &str) -> Answer {
    api.post(who, "/api/v1/statuses", &format!("status=Look&quoted_status_id={}{more}", id(of))).await
}

fn seen(post: &Value) -> (&str, &Value) {
    (post["quote"]["state"].as_str().unwrap_or_default(), &post["quote"]["quoted_status"]["id"])
}

#[tokio::test]
async fn a_quote_shows_the_quoted_post_and_what_that_quotes_by_id_only() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let first = api.write(&ana, "status=First").await;
    let second = quote(&api, &ben, &first, "").await.ok();
    let third = quote(&api, &ana, &second, "").await.ok();
    assert_eq!(seen(&third), ("accepted", &second["id"]));
    assert_eq!(
        third["quote"]["quoted_status"]["quote"],
        json!({ "state": "accepted", "quoted_status_id": first["id"] })
    );
    let path = format!("/api/v1/statuses/{}", id(&first));
    assert_eq!(api.look(&path).await.ok()["quotes_count"], 1);
    assert_eq!(ids(&api.get(&ben, &format!("{path}/quotes")).await.ok()), [id(&second)]);
    let content = second["content"].as_str().unwrap();
    assert!(
        content.starts_with(r#"<p class="quote-inline">RE: <a href="http://town.example/@ana/"#),
        "{content}"
    );
    assert!(content.ends_with("<p>Look</p>"));
    let told = api.get(&ana, "/api/v1/notifications?types[]=quote").await.ok();
    assert_eq!((&told[0]["type"], &told[0]["status"]["id"]), (&json!("quote"), &second["id"]));
    // A quote needs no words of its own.
    let bare = api.post(&ben, "/api/v1/statuses", &format!("quoted_status_id={}", id(&first))).await.ok();
    assert_eq!(seen(&bare).0, "accepted");
}

#[tokio::test]
async fn an_author_says_who_may_quote() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=Hello&quote_approval_policy=followers").await;
    let path = format!("/api/v1/statuses/{}", id(&post));
    let approval = |of: Value| of["quote_approval"].clone();
    assert_eq!(
        approval(api.get(&ben, &path).await.ok()),
        json!({ "automatic": ["followers"], "manual": [], "current_user": "denied" })
    );
    quote(&api, &ben, &post, "").await.is(404);
    api.follow(&ben, &ana).await;
    assert_eq!(approval(api.get(&ben, &path).await.ok())["current_user"], "automatic");
    quote(&api, &ben, &post, "").await.ok();
    let policy = format!("{path}/interaction_policy");
    let set = |word: &str| format!("quote_approval_policy={word}");
    let closed = api.call(Method::PUT, &ana.token, &policy, &set("nobody")).await.ok();
    assert_eq!(
        closed["quote_approval"],
        json!({ "automatic": [], "manual": [], "current_user": "automatic" })
    );
    quote(&api, &ben, &post, "").await.is(404);
    quote(&api, &ana, &post, "").await.ok();
    for bad in ["", "quote_approval_policy=everybody", "quote_approval_policy[]=public"] {
        api.call(Method::PUT, &ana.token, &policy, bad).await.is(422);
    }
    api.call(Method::PUT, &ben.token, &policy, &set("public")).await.is(404);
    api.post(&ana, "/api/v1/statuses", "status=x&quote_approval_policy=all").await.is(422);
    // The default is the author's to choose.
    let source = "source[quote_policy]=nobody";
    api.call(Method::PATCH, &ana.token, "/api/v1/accounts/update_credentials", source).await.ok();
    assert_eq!(api.write(&ana, "status=x").await["quote_approval"]["automatic"], json!([]));
    assert_eq!(api.get(&ana, "/api/v1/preferences").await.ok()["posting:default:quote_policy"], "nobody");
    let me = api.get(&ana, "/api/v1/accounts/verify_credentials").await.ok();
    assert_eq!(me["source"]["quote_policy"], "nobody");
    assert_eq!(
        api.write(&ana, "status=x&visibility=private&quote_approval_policy=public").await["quote_approval"]["automatic"],
        json!([])
    );
}

#[tokio::test]
async fn i2_nobody_quotes_or_sees_through_a_quote_what_is_not_for_them() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    api.follow(&ben, &ana).await;
    let private = api.write(&ana, "status=secret&visibility=private").await;
    quote(&api, &ben, &private, "").await.is(404);
    quote(&api, &eve, &private, "").await.is(404);
    api.post(&eve, "/api/v1/statuses", "status=x&quoted_status_id=999").await.is(404);
    api.post(&eve, "/api/v1/statuses", "status=x&quoted_status_id=abc").await.is(404);
    // The author may, for no more people than the post itself.
    let own = quote(&api, &ana, &private, "&visibility=public").await.ok();
    assert_eq!(own["visibility"], "private");
    let path = format!("/api/v1/statuses/{}", id(&own));
    assert_eq!(seen(&api.get(&ben, &path).await.ok()), ("accepted", &private["id"]));
    api.get(&eve, &path).await.is(404);
    api.get(&eve, &format!("/api/v1/statuses/{}/quotes", id(&private))).await.is(404);
    // A block hides the quoted post inside somebody else's quote too.
    let open = api.write(&ana, "status=open").await;
    let quoting = quote(&api, &ben, &open, "").await.ok();
    api.post(&ana, &format!("/api/v1/accounts/{}/block", eve.id), "").await.ok();
    let shown = api.get(&eve, &format!("/api/v1/statuses/{}", id(&quoting))).await.ok();
    assert_eq!(shown["quote"], json!({ "state": "unauthorized", "quoted_status": null }));
    quote(&api, &eve, &open, "").await.is(404);
    // A direct post quotes only somebody who reads it.
    quote(&api, &ben, &open, "&visibility=direct").await.is(422);
}

#[tokio::test]
async fn consent_is_taken_back_and_a_quoted_post_that_goes_or_changes_is_noticed() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=Hello").await;
    let (kept, taken) = (quote(&api, &ben, &post, "").await.ok(), quote(&api, &ben, &post, "").await.ok());
    let path = format!("/api/v1/statuses/{}", id(&post));
    let revoke = format!("{path}/quotes/{}/revoke", id(&taken));
    api.post(&ben, &revoke, "").await.is(403);
    api.post(&ana, &format!("{path}/quotes/12/revoke"), "").await.is(404);
    let revoked = api.post(&ana, &revoke, "").await.ok();
    assert_eq!(revoked["quote"], json!({ "state": "revoked", "quoted_status": null }));
    assert!(!revoked["content"].as_str().unwrap().contains("RE:"));
    assert_eq!(ids(&api.get(&ben, &format!("{path}/quotes")).await.ok()), [id(&kept)]);
    api.call(Method::PUT, &ana.token, &path, "status=Hello+you").await.ok();
    let told = api.get(&ben, "/api/v1/notifications?types[]=quoted_update").await.ok();
    assert_eq!((told.as_array().unwrap().len(), &told[0]["status"]["id"]), (1, &post["id"]));
    api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    let shown = api.look(&format!("/api/v1/statuses/{}", id(&kept))).await.ok();
    assert_eq!(shown["quote"], json!({ "state": "deleted", "quoted_status": null }));
}
