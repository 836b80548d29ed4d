//! Writing, editing, deleting, reacting.

use super::*;

#[tokio::test]
async fn a_post_is_shown_as_mastodon_shows_it() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let post =
        api.write(&ana, "status=Hello+%23town&spoiler_text=A+word&language=en&visibility=unlisted").await;
    insta::assert_json_snapshot!(post, {
        ".id" => "[id]", ".uri" => "[uri]", ".url" => "[url]", ".account" => "[account]", ".created_at" => "[time]",
    }, @r##"
    {
      "id": "[id]",
      "created_at": "[time]",
      "in_reply_to_id": null,
      "in_reply_to_account_id": null,
      "sensitive": true,
      "spoiler_text": "A word",
      "visibility": "unlisted",
      "language": "en",
      "uri": "[uri]",
      "url": "[url]",
      "edited_at": null,
      "content": "<p>Hello <a href=\"http://town.example/tags/town\" class=\"mention hashtag\" rel=\"tag\">#<span>town</span></a></p>",
      "media_attachments": [],
      "mentions": [],
      "tags": [
        {
          "name": "town",
          "url": "http://town.example/tags/town"
        }
      ],
      "emojis": [],
      "replies_count": 0,
      "reblogs_count": 0,
      "favourites_count": 0,
      "quotes_count": 0,
      "favourited": false,
      "reblogged": false,
      "muted": false,
      "bookmarked": false,
      "pinned": false,
      "filtered": [],
      "application": {
        "name": "Parvis command line",
        "website": null
      },
      "account": "[account]",
      "card": null,
      "poll": null,
      "quote": null,
      "quote_approval": {
        "automatic": [
          "public"
        ],
        "manual": [],
        "current_user": "automatic"
      },
      "reblog": null
    }
    "##);
    assert_eq!(api.get(&ana, &format!("/api/v1/statuses/{}", id(&post))).await.ok(), post);
}

#[tokio::test]
async fn a_post_comes_in_any_shape_that_clients_send() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let json = r#"{"status":"Hi","sensitive":"0","visibility":"private","media_ids":[],"poll":null,"in_reply_to_id":null,"language":""}"#;
    for body in [json, "status=Hi&sensitive=false&visibility=private"] {
        let post = api.write(&ana, body).await;
        assert_eq!((&post["visibility"], &post["sensitive"]), (&"private".into(), &false.into()));
    }
}

#[tokio::test]
async fn the_same_key_gives_the_same_post() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let send = |key: String| {
        let request = Request::post("/api/v1/statuses")
            .header("authorization", format!("Bearer {}", ana.token))
            .header("content-type", "application/json")
            .header("idempotency-key", key.clone())
            .body(Body::from(r#"{"status":"once"}"#))
            .unwrap();
        api.send(request)
    };
    let key = || "a-key".to_owned();
    assert_eq!(id(&send(key()).await.ok()), id(&send(key()).await.ok()));
    // Cut, it would be the same as others that begin alike.
    send("k".repeat(201)).await.is(422);
}

#[tokio::test]
async fn what_cannot_be_posted_is_refused_with_a_sentence() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let long = format!("status={}", "x".repeat(1_001));
    for body in [
        "",
        "status=",
        long.as_str(),
        "status=x&visibility=secret",
        "status=x&language=gibberish-language",
        "status=x&media_ids[]=999",
        "status=x&media_ids[]=abc",
        "status=a%00b",
        "status[a]=b",
    ] {
        let answer = api.post(&ana, "/api/v1/statuses", body).await;
        answer.is(422);
        assert!(answer.json()["error"].as_str().is_some_and(|s| !s.is_empty()), "{body}");
    }
    api.post(&ana, "/api/v1/statuses", "status=x&in_reply_to_id=12345").await.is(404);
    api.post(&ana, "/api/v1/statuses", "{broken").await.is(400);
}

#[tokio::test]
async fn an_edit_is_seen_and_its_history_kept() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let post = api.write(&ana, "status=First+%3C3").await;
    let path = format!("/api/v1/statuses/{}", id(&post));
    let source = api.get(&ana, &format!("{path}/source")).await.ok();
    assert_eq!(source["text"], "First <3");
    let edited = api.call(Method::PUT, &ana.token, &path, "status=Second").await.ok();
    assert_eq!(edited["content"], "<p>Second</p>");
    assert!(edited["edited_at"].is_string());
    let history = api.look(&format!("{path}/history")).await.ok();
    let texts: Vec<&str> =
        history.as_array().unwrap().iter().map(|e| e["content"].as_str().unwrap()).collect();
    assert_eq!(texts, ["<p>First &lt;3</p>", "<p>Second</p>"]);
}

#[tokio::test]
async fn a_deleted_post_gives_its_text_back() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let post = api.write(&ana, "status=Oops").await;
    let path = format!("/api/v1/statuses/{}", id(&post));
    let gone = api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    assert_eq!(gone["text"], "Oops");
    api.get(&ana, &path).await.is(404);
    api.call(Method::DELETE, &ana.token, &path, "").await.is(404);
}

#[tokio::test]
async fn reactions_show_at_once_and_twice_is_fine() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=Hello").await;
    let path = format!("/api/v1/statuses/{}", id(&post));
    for _ in 0..2 {
        let seen = api.post(&ben, &format!("{path}/favourite"), "").await.ok();
        assert_eq!((&seen["favourited"], &seen["favourites_count"]), (&true.into(), &1.into()));
    }
    assert_eq!(ids(&api.look(&format!("{path}/favourited_by")).await.ok()), [ben.id.to_string()]);
    assert_eq!(ids(&api.get(&ben, "/api/v1/favourites").await.ok()), [id(&post)]);
    let seen = api.post(&ben, &format!("{path}/unfavourite"), "").await.ok();
    assert_eq!((&seen["favourited"], &seen["favourites_count"]), (&false.into(), &0.into()));

    api.post(&ben, &format!("{path}/bookmark"), "").await.ok();
    assert_eq!(ids(&api.get(&ben, "/api/v1/bookmarks").await.ok()), [id(&post)]);
    assert_eq!(api.post(&ben, &format!("{path}/unbookmark"), "").await.ok()["bookmarked"], false);

    let boost = api.post(&ben, &format!("{path}/reblog"), "").await.ok();
    assert_ne!(id(&boost), id(&post));
    assert_eq!(id(&boost["reblog"]), id(&post));
    assert_eq!((&boost["reblog"]["reblogged"], &boost["reblog"]["reblogs_count"]), (&true.into(), &1.into()));
    assert_eq!(ids(&api.look(&format!("{path}/reblogged_by")).await.ok()), [ben.id.to_string()]);
    let back = api.post(&ben, &format!("{path}/unreblog"), "").await.ok();
    assert_eq!((id(&back), &back["reblogged"]), (id(&post), &false.into()));

    assert_eq!(api.post(&ana, &format!("{path}/pin"), "").await.ok()["pinned"], true);
    let pinned = format!("/api/v1/accounts/{}/statuses?pinned=true", ana.id);
    assert_eq!(ids(&api.look(&pinned).await.ok()), [id(&post)]);
    assert_eq!(api.post(&ana, &format!("{path}/unpin"), "").await.ok()["pinned"], false);
    api.post(&ben, &format!("{path}/pin"), "").await.is(422);
}

#[tokio::test]
async fn a_boost_can_be_taken_back_by_its_own_id() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=Hello").await;
    let boost = api.post(&ben, &format!("/api/v1/statuses/{}/reblog", id(&post)), "").await.ok();
    api.call(Method::DELETE, &ben.token, &format!("/api/v1/statuses/{}", id(&boost)), "").await.ok();
    assert_eq!(api.look(&format!("/api/v1/statuses/{}", id(&post))).await.ok()["reblogs_count"], 0);
}

#[tokio::test]
async fn a_thread_has_its_ancestors_and_descendants_in_order() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let first = api.write(&ana, "status=1").await;
    let second = api.write(&ben, &format!("status=2&in_reply_to_id={}", id(&first))).await;
    let third = api.write(&ana, &format!("status=3&in_reply_to_id={}", id(&second))).await;
    assert_eq!(second["in_reply_to_account_id"], ana.id.to_string());
    let around = api.look(&format!("/api/v1/statuses/{}/context", id(&second))).await.ok();
    assert_eq!(
        (ids(&around["ancestors"]), ids(&around["descendants"])),
        (vec![id(&first)], vec![id(&third)])
    );
}

#[tokio::test]
async fn the_program_shows_on_posts_for_everybody_and_else_to_the_author() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.follow(&ben, &ana).await;
    let open = api.write(&ana, "status=Hello").await;
    let closed = api.write(&ana, "status=Hello&visibility=private").await;
    let name = open["application"]["name"].clone();
    assert!(name.is_string(), "{open}");
    assert_eq!(closed["application"]["name"], name);
    let path = |post: &Value| format!("/api/v1/statuses/{}", id(post));
    assert_eq!(api.look(&path(&open)).await.ok()["application"]["name"], name);
    assert_eq!(api.get(&ben, &path(&closed)).await.ok()["application"], Value::Null);
}
