//! The addresses that other servers and client programs know by heart.

use system_tests::{ACTIVITY, TwoTowns, json, text};

#[tokio::test(flavor = "multi_thread")]
async fn other_servers_find_residents_software_and_the_town_itself() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    let finger = towns.a.get(&format!("/.well-known/webfinger?resource=acct:{}", ana.address())).await;
    assert!(finger.header("content-type").starts_with("application/jrd+json"));
    assert_eq!(finger.header("access-control-allow-origin"), "*");
    let finger = finger.ok();
    assert_eq!(finger["subject"], format!("acct:{}", ana.address()));
    let own = finger["links"].as_array().unwrap().iter().find(|l| l["rel"] == "self").unwrap();
    assert_eq!((&own["type"], &own["href"]), (&json!(ACTIVITY), &json!(ana.uri())));
    for absent in [
        "acct:nobody@a.localhost",
        &format!("acct:nobody@{}", towns.a.domain()),
        &format!("acct:ana@{}", towns.b.domain()),
    ] {
        assert_eq!(
            towns.a.get(&format!("/.well-known/webfinger?resource={absent}")).await.code(),
            404,
            "{absent}"
        );
    }
    assert!(
        towns.a.get("/.well-known/host-meta").await.text().contains("/.well-known/webfinger?resource={uri}")
    );

    let links = towns.a.get("/.well-known/nodeinfo").await.ok();
    let is_info = |link: &&system_tests::Value| text(link, "rel").contains("nodeinfo");
    for link in links["links"].as_array().unwrap().iter().filter(is_info) {
        let info = towns.a.get(&text(link, "href")).await.ok();
        assert_eq!(info["software"]["name"], "parvis");
        assert_eq!(info["usage"]["users"]["total"], 1, "the instance's own actor is nobody");
        assert!(info["protocols"].as_array().unwrap().contains(&json!("activitypub")));
    }
    let town = towns.a.document("/").await.ok();
    assert_eq!(town["type"], "Application");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_and_its_collections_are_read_page_by_page() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    for number in 0..45 {
        ana.say(&format!("number {number}")).await;
    }
    ana.say_to("private", "not for the outbox").await;
    let actor = towns.a.document("/users/ana").await;
    assert!(actor.header("content-type").starts_with(ACTIVITY), "{}", actor.header("content-type"));
    let vary = actor.header("vary").to_lowercase();
    assert!(vary.contains("accept"), "{vary}");
    let actor = actor.ok();
    let mut seen = 0;
    let mut next =
        towns.a.document(&text(&towns.a.document(&text(&actor, "outbox")).await.ok(), "first")).await.ok();
    for _page in 0..10 {
        seen += next["orderedItems"].as_array().unwrap().len();
        assert!(!next.to_string().contains("not for the outbox"));
        let Some(address) = next["next"].as_str() else { break };
        next = towns.a.document(address).await.ok();
    }
    assert_eq!(seen, 45);
    for collection in ["followers", "following", "featured"] {
        let answer = towns.a.document(&text(&actor, collection)).await;
        assert_eq!(answer.code(), 200, "{collection}");
        assert_eq!(answer.json()["totalItems"], 0, "{collection}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_is_a_page_for_people_and_a_document_for_machines() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    let post = ana.say("for both").await;
    for address in [text(&post, "url"), towns.a.url("/@ana")] {
        let page = towns.a.get(&address).await;
        assert!(page.header("content-type").starts_with("text/html"), "{address}");
        assert!(page.text().contains("application/activity+json"), "{address} names no document");
        let document = towns.a.document(&address).await;
        assert!(document.header("content-type").starts_with(ACTIVITY), "{address}");
        for answer in [page, document] {
            assert!(answer.header("vary").to_lowercase().contains("accept"), "{address}");
        }
    }
}
