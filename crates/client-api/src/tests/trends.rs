//! What trends, posts in pages of others, and what this town does not do.

use serde_json::json;

use super::*;

async fn town() -> Api {
    let api = Api::of(Town::builder().settings(|s| s.trends.enabled = true)).await;
    api.town.connect(std::sync::Arc::new(parvis_domain::testing::Web::of("<title>The bridge</title>")));
    for name in ["ana", "ben", "eve"] {
        let who = api.resident(name).await;
        api.write(&who, "status=%23Bridge+https://news.example/bridge").await;
    }
    api.town.run_jobs().await;
    api.town.write(parvis_domain::trends::count).await;
    api
}

async fn staff(api: &Api) -> Person {
    let id = api.town.moderator("mo").await;
    Person { id, token: api.token(id, "read write admin:read admin:write").await }
}

#[tokio::test]
async fn i4_what_trends_shows_when_staff_allowed_it_and_only_they_may() {
    let api = town().await;
    let mo = staff(&api).await;
    for path in ["/api/v1/trends", "/api/v1/trends/tags", "/api/v1/trends/links", "/api/v1/trends/statuses"] {
        assert_eq!(api.look(path).await.ok(), json!([]), "{path}");
    }
    let link = "/api/v1/timelines/link?url=https://news.example/bridge";
    api.look(link).await.is(404);
    let seen = api.get(&mo, "/api/v1/admin/trends/tags").await.ok();
    assert_eq!((&seen[0]["name"], &seen[0]["requires_review"]), (&json!("Bridge"), &json!(true)));
    let zoe = api.resident("zoe").await;
    let approve = format!("/api/v1/admin/trends/tags/{}/approve", id(&seen[0]));
    api.post(&zoe, &approve, "").await.is(403);
    let approved = api.post(&mo, &approve, "").await.ok();
    assert_eq!((&approved["trendable"], &approved["listable"]), (&json!(true), &json!(true)));
    assert_eq!(approved["history"].as_array().unwrap().len(), 7);
    assert_eq!(approved, api.get(&mo, &format!("/api/v1/admin/tags/{}", id(&seen[0]))).await.ok());
    assert_eq!(api.get(&mo, "/api/v1/admin/trends/tags").await.ok()[0], approved);
    let shown = api.look("/api/v1/trends/tags").await.ok();
    assert_eq!(
        (shown[0]["history"].as_array().unwrap().len(), &shown[0]["history"][0]["accounts"]),
        (7, &json!("3"))
    );
    assert_eq!(api.look("/api/v1/trends/tags?offset=1").await.ok(), json!([]));

    let found = api.get(&mo, "/api/v1/admin/trends/links").await.ok();
    let approve = format!("/api/v1/admin/trends/links/{}/approve", id(&found[0]));
    api.post(&mo, &approve, "").await.ok();
    let shown = api.look("/api/v1/trends/links").await.ok();
    assert_eq!((&shown[0]["title"], &shown[0]["history"][0]["uses"]), (&json!("The bridge"), &json!("3")));
    assert!(shown[0].get("requires_review").is_none());
    assert_eq!(api.look(link).await.ok().as_array().unwrap().len(), 3);
    assert_eq!(api.look(&format!("{link}&limit=1")).await.ok().as_array().unwrap().len(), 1);
    let sites = api.get(&mo, "/api/v1/admin/trends/links/publishers").await.ok();
    assert_eq!(sites[0]["domain"], "news.example");
    let reject = format!("/api/v1/admin/trends/links/publishers/{}/reject", id(&sites[0]));
    assert_eq!(api.post(&mo, &reject, "").await.ok()["trendable"], false);
    assert_eq!(
        api.look("/api/v1/trends/links").await.ok().as_array().unwrap().len(),
        1,
        "the link itself was allowed"
    );
    for kind in ["tags", "links", "statuses", "links/publishers"] {
        api.post(&mo, &format!("/api/v1/admin/trends/{kind}/12/approve"), "").await.is(404);
    }
}

#[tokio::test]
async fn a_public_post_of_ours_can_stand_in_pages_of_others_as_text() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let post = api.write(&ana, "status=a+%3Cscript%3E+%26+b").await;
    let found =
        api.look(&format!("/api/oembed?url={}&maxwidth=9000", post["url"].as_str().unwrap())).await.ok();
    assert_eq!(
        (&found["type"], &found["width"], &found["author_name"]),
        (&json!("rich"), &json!(400), &json!("ana"))
    );
    assert!(found["html"].as_str().unwrap().contains("a &lt;script&gt; &amp; b"), "{found}");
    assert_eq!(api.look(&format!("/api/web/embeds/{}", id(&post))).await.ok()["html"], found["html"]);
    api.resident("ben").await;
    let by_uri = format!("/api/oembed?url={}", post["uri"].as_str().unwrap());
    assert_eq!(api.look(&by_uri).await.ok()["html"], found["html"]);
    let private = api.write(&ana, "status=secret&visibility=private").await;
    for path in [
        // A number under somebody else's name is no address (threats I2).
        format!("/api/oembed?url={}", post["url"].as_str().unwrap().replace("@ana", "@ben")),
        format!("/api/oembed?url={}", post["uri"].as_str().unwrap().replace("users/ana", "users/ben")),
        format!("/api/oembed?url={}", private["url"].as_str().unwrap()),
        format!("/api/web/embeds/{}", id(&private)),
        "/api/oembed?url=https://elsewhere.example/1".to_owned(),
        "/api/oembed".to_owned(),
    ] {
        api.get(&ana, &path).await.is(404);
    }
}

#[tokio::test]
async fn what_the_town_does_not_do_is_answered_as_mastodon_does_without_it() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let post = api.write(&ana, "status=Bonjour").await;
    api.post(&ana, &format!("/api/v1/statuses/{}/translate", id(&post)), "lang=en").await.is(404);
    api.get(&ana, "/api/v1_alpha/async_refreshes/abc").await.is(404);
    api.look("/api/v1_alpha/async_refreshes/abc").await.is(401);
}
