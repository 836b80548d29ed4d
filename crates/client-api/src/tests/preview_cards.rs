//! What links lead to, as clients see it.

use std::sync::Arc;

use parvis_domain::testing::Web;

use super::*;

const PAGE: &str = r#"<title>The <b>bridge</title><meta property="og:description" content="It is open.">
<meta name="author" content="Paul"><meta property="article:author" content="https://news.example/paul">
<meta property="og:image" content="/bridge.png"><meta property="og:video" content="https://news.example/player">
<meta property="article:published_time" content="2026-03-01T10:00:00Z">"#;

async fn api() -> Api {
    let api = Api::new().await;
    api.town.connect(Arc::new(Web::of(PAGE)));
    api
}

#[tokio::test]
async fn x2_a_card_is_shown_as_mastodon_shows_it_without_foreign_html_or_pictures() {
    let api = api().await;
    let ana = api.resident("ana").await;
    let post = api.write(&ana, "status=See+https://news.example/bridge").await;
    assert!(post["card"].is_null());
    let path = format!("/api/v1/statuses/{}", id(&post));
    assert_eq!(api.look(&format!("{path}/card")).await.ok(), serde_json::json!({}));
    api.town.run_jobs().await;
    let card = api.look(&path).await.ok()["card"].clone();
    assert_eq!(api.look(&format!("{path}/card")).await.ok(), card);
    assert!(card["image"].as_str().unwrap().starts_with("http://town.example/media/cards/"));
    insta::assert_json_snapshot!(card, { ".image" => "[ours]", ".blurhash" => "[blurhash]" }, @r#"
    {
      "url": "https://news.example/bridge",
      "title": "The <b>bridge",
      "description": "It is open.",
      "language": null,
      "type": "link",
      "author_name": "Paul",
      "author_url": "https://news.example/paul",
      "provider_name": "news.example",
      "provider_url": "https://news.example/",
      "html": "",
      "width": 32,
      "height": 18,
      "image": "[ours]",
      "image_description": "",
      "embed_url": "",
      "blurhash": "[blurhash]",
      "published_at": "2026-03-01T10:00:00.000Z",
      "authors": [
        {
          "name": "Paul",
          "url": "https://news.example/paul",
          "account": null
        }
      ]
    }
    "#);
    let boost = api.post(&ana, &format!("{path}/reblog"), "").await.ok();
    assert!(boost["card"].is_null() && boost["reblog"]["card"].is_object());
}

#[tokio::test]
async fn a_page_names_an_author_who_must_name_its_site_too() {
    let api = Api::new().await;
    let page = r#"<title>The bridge</title><meta name="fediverse:creator" content="@Ben@town.example">"#;
    api.town.connect(Arc::new(Web::of(page)));
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=See+https://www.news.example/bridge").await;
    api.town.run_jobs().await;
    let path = format!("/api/v1/statuses/{}", id(&post));
    let authors = async || api.look(&path).await.ok()["card"]["authors"].clone();
    assert_eq!(authors().await, serde_json::json!([]), "anybody can write a name");
    let profile = "/api/v1/accounts/update_credentials";
    for (site, is_shown) in [("news.example", true), ("other.example", false)] {
        let form = format!("attribution_domains[]={site}");
        api.call(Method::PATCH, &ben.token, profile, &form).await.ok();
        assert_eq!(authors().await[0]["account"]["acct"] == "ben", is_shown, "{site}");
    }
}

#[tokio::test]
async fn a_card_is_for_those_who_see_the_post() {
    let api = api().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, "status=https://news.example/bridge&visibility=private").await;
    api.town.run_jobs().await;
    let path = format!("/api/v1/statuses/{}/card", id(&post));
    assert_eq!(api.get(&ana, &path).await.ok(), serde_json::json!({}), "posts for few have none");
    api.get(&ben, &path).await.is(404);
    api.look(&path).await.is(404);
}
