//! Posts with everything on them, threads, and lists of posts.

use super::super::server_sent::Lines;
use super::super::*;
use super::{Square, several};

fn path(status: &Value, what: &str) -> String {
    format!("/api/v1/statuses/{}{what}", id(status))
}

#[tokio::test]
async fn a_post_has_everything_a_post_can_have() {
    let square = Square::new().await;
    let post = square.rich_post(&square.ana, "Look", None).await;
    for list in ["media_attachments", "mentions", "tags", "emojis"] {
        assert_eq!(post[list].as_array().unwrap().len(), 2, "{list}");
    }
    assert_eq!((&post["language"], &post["spoiler_text"]), (&"fr".into(), &"Long :lindens:".into()));
    let away = square.away_post("one").await;
    assert_eq!(away["media_attachments"][0]["remote_url"], "https://away.example/one.png");
    assert_eq!((&away["emojis"][0]["shortcode"], &away["language"]), (&"wave".into(), &"de".into()));
    let both = format!("/api/v1/statuses?id[]={}&id[]={}", id(&post), id(&away));
    several(square.get(&square.ben, &both).await);
}

#[tokio::test]
async fn an_edited_post_keeps_its_earlier_versions_with_pictures_and_emojis() {
    let square = Square::new().await;
    let post = square.rich_post(&square.ana, "Frist", None).await;
    let body =
        serde_json::json!({ "status": "First :fountain:", "media_ids": ids(&post["media_attachments"]) });
    let edited =
        square.api.call(Method::PUT, &square.ana.token, &path(&post, ""), &body.to_string()).await.ok();
    assert!(edited["edited_at"].is_string());
    for version in several(square.get(&square.ben, &path(&post, "/history")).await) {
        assert!(!version["emojis"].as_array().unwrap().is_empty(), "{version}");
        assert_eq!(version["media_attachments"].as_array().unwrap().len(), 2);
    }
    let source = square.get(&square.ana, &path(&post, "/source")).await;
    assert_eq!(source["text"], "First :fountain:");
}

#[tokio::test]
async fn a_quote_keeps_its_quote_and_a_poll_its_emojis() {
    let square = Square::new().await;
    let (ana, ben) = (&square.ana, &square.ben);
    let first = square.rich_post(ana, "Look", None).await;
    let form = format!("status=Yes&quoted_status_id={}", id(&first));
    let quote = square.post(ben, "/api/v1/statuses", &form).await;
    square.api.call(Method::PUT, &ben.token, &path(&quote, ""), "status=Oh+yes").await.ok();
    for version in several(square.get(ana, &path(&quote, "/history")).await) {
        assert_eq!(version["quote"]["quoted_status"]["id"], first["id"]);
    }
    let poll = "status=Which?&poll[options][]=:lindens:&poll[options][]=:fountain:&poll[expires_in]=3600";
    let poll = square.api.write(ana, poll).await["poll"].clone();
    assert_eq!(
        several(square.get(ben, &format!("/api/v1/polls/{}", id(&poll))).await["emojis"].clone()).len(),
        2
    );
}

#[tokio::test]
async fn a_thread_goes_up_and_down() {
    let square = Square::new().await;
    let (ana, ben, cem) = (&square.ana, &square.ben, &square.cem);
    let first = square.rich_post(ana, "1", None).await;
    let second = square.rich_post(ben, "2", Some(&first)).await;
    let third = square.rich_post(cem, "3", Some(&second)).await;
    let fourth = square.rich_post(ana, "4", Some(&third)).await;
    let fifth = square.rich_post(ben, "5", Some(&fourth)).await;
    let thread = square.get(ana, &path(&third, "/context")).await;
    assert_eq!(ids(&thread["ancestors"]), [id(&first), id(&second)]);
    assert_eq!(ids(&thread["descendants"]), [id(&fourth), id(&fifth)]);
    assert_eq!(fifth["in_reply_to_account_id"], ana.id.to_string());
}

#[tokio::test]
async fn several_people_like_and_pass_on_several_posts() {
    let square = Square::new().await;
    let (ana, ben, cem) = (&square.ana, &square.ben, &square.cem);
    let posts = [square.rich_post(ana, "1", None).await, square.away_post("two").await];
    for post in &posts {
        for who in [ben, cem] {
            for what in ["/favourite", "/bookmark", "/reblog"] {
                square.post(who, &path(post, what), "").await;
            }
        }
        several(square.get(ana, &path(post, "/favourited_by")).await);
        several(square.get(ana, &path(post, "/reblogged_by")).await);
    }
    for list in ["/api/v1/favourites", "/api/v1/bookmarks"] {
        assert_eq!(ids(&square.get(ben, list).await), [id(&posts[1]), id(&posts[0])], "{list}");
    }
    let told = several(square.get(ana, "/api/v1/notifications").await);
    assert!(
        told.iter().any(|n| n["type"] == "favourite" && n["status"]["emojis"][0].is_object()),
        "{told:?}"
    );
}

#[tokio::test]
async fn timelines_show_several_posts() {
    let square = Square::new().await;
    let (ana, ben) = (&square.ana, &square.ben);
    for words in ["1", "2"] {
        let post = square.rich_post(ana, words, None).await;
        square.post(ana, &path(&post, "/pin"), "").await;
        square.away_post(words).await;
    }
    let own = format!("/api/v1/accounts/{}/statuses", ana.id);
    for list in [
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/public?remote=true",
        "/api/v1/timelines/public?local=true&only_media=true",
        "/api/v1/timelines/tag/square",
        own.as_str(),
        &format!("{own}?pinned=true"),
    ] {
        several(square.get(if list.ends_with("home") { ana } else { ben }, list).await);
    }
    let found = square.get(ben, "/api/v2/search?q=%23l").await;
    assert_eq!(found["hashtags"][0]["name"], "Lindens");
}

#[tokio::test]
async fn posts_of_elsewhere_come_as_server_sent_events() {
    let square = Square::new().await;
    let mut remote = Lines::open(&square.api, &square.ana, "/api/v1/streaming/public/remote").await;
    let post = square.away_post("one").await;
    assert_eq!(remote.event().await, ("update".to_owned(), id(&post)));
}

#[tokio::test]
async fn a_search_finds_several_people_hashtags_and_posts() {
    let square = Square::new().await;
    let (ana, ben) = (&square.ana, &square.ben);
    for name in ["anabel", "anatol"] {
        square.resident(name).await;
    }
    let agrees = ("/api/v1/accounts/update_credentials", "indexable=true");
    square.api.call(Method::PATCH, &ana.token, agrees.0, agrees.1).await.ok();
    square.api.write(ana, "status=%23anagram+and+%23analogy").await;
    let found = square.get(ben, "/api/v2/search?q=ana").await;
    several(found["accounts"].clone());
    several(found["hashtags"].clone());
    for words in ["about anagrams", "of anagrams"] {
        square.rich_post(ana, words, None).await;
    }
    while square.api.town.db().claim(parvis_domain::search::index::index_noted).await.unwrap() {}
    let found = square.get(ben, "/api/v2/search?q=anagram").await;
    several(found["statuses"].clone());
}

#[tokio::test]
async fn a_post_is_quoted_several_times() {
    let square = Square::new().await;
    let (ana, ben) = (&square.ana, &square.ben);
    let first = square.api.write(ana, "status=Look&quote_approval_policy=public").await;
    for who in [ben, &square.cem] {
        square
            .api
            .post(who, "/api/v1/statuses", &format!("status=Yes&quoted_status_id={}", id(&first)))
            .await
            .ok();
    }
    several(square.get(ana, &path(&first, "/quotes")).await);
}
