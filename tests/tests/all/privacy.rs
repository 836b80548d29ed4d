//! What is not for everybody, on every address where it could be asked for (threats I5, O15, I2).

use parvis_federation::signature::{Scheme, sign};
use system_tests::{ACTIVITY, Answer, Peers, Person, Sender as _, Value, each, json, settle, text, words};

/// Every address at which a post of its town could show, with what a stranger gets there.
async fn everywhere(asking: &Person<'_>, post: &Value, ours: &Value) -> Vec<(String, u16)> {
    let town = asking.town;
    let (uri, url, id) = (text(post, "uri"), text(post, "url"), text(ours, "id"));
    let mut found = Vec::new();
    for (what, answer) in [
        ("document", town.document(&uri).await),
        ("document at the page", town.document(&url).await),
        ("page", town.get(&url).await),
        ("activity", town.document(&format!("{uri}/activity")).await),
        ("replies", town.document(&format!("{uri}/replies")).await),
        ("signed out", town.get(&format!("/api/v1/statuses/{id}")).await),
        ("signed in", asking.get(&format!("/api/v1/statuses/{id}")).await),
        ("context", asking.get(&format!("/api/v1/statuses/{id}/context")).await),
        ("history", asking.get(&format!("/api/v1/statuses/{id}/history")).await),
        ("source", asking.get(&format!("/api/v1/statuses/{id}/source")).await),
        ("favourited by", asking.get(&format!("/api/v1/statuses/{id}/favourited_by")).await),
        ("reblogged by", asking.get(&format!("/api/v1/statuses/{id}/reblogged_by")).await),
        ("favourite", asking.post(&format!("/api/v1/statuses/{id}/favourite"), json!({})).await),
        ("boost", asking.post(&format!("/api/v1/statuses/{id}/reblog"), json!({})).await),
        ("bookmark", asking.post(&format!("/api/v1/statuses/{id}/bookmark"), json!({})).await),
    ] {
        found.push((what.to_owned(), answer.code()));
        assert!(!answer.text().contains("among friends"), "{what} shows it");
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_private_post_goes_to_followers_and_is_404_everywhere_else() {
    each(|towns| async move {
        let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
        let (bea, bob) = (towns.b.resident("bea").await, towns.b.resident("bob").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let post = ana.say_to("private", "among friends").await;
        towns.settle().await;
        assert_eq!(bea.home().await.iter().map(words).collect::<Vec<_>>(), ["among friends"]);
        let there = bea.copy_of(&post).await.expect("a follower has it");
        assert_eq!(there["visibility"], "private");

        for (what, status) in everywhere(&ari, &post, &post).await {
            assert_eq!(status, 404, "in its own town, {what}");
        }
        for (what, answer) in [
            ("signed out", towns.b.get(&format!("/api/v1/statuses/{}", text(&there, "id"))).await),
            ("neighbour", bob.status(&there["id"]).await),
            (
                "neighbour's context",
                bob.get(&format!("/api/v1/statuses/{}/context", text(&there, "id"))).await,
            ),
        ] {
            assert_eq!(answer.code(), 404, "in the other town, {what}");
        }
        for person in [&ari, &bob] {
            assert!(person.copy_of(&post).await.is_none(), "{} finds it", person.name);
            let resolved = person.search(&text(&post, "uri"), true).await;
            assert!(resolved["statuses"].as_array().unwrap().is_empty(), "{} fetches it", person.name);
            let public = person.get("/api/v1/timelines/public").await.ok();
            assert!(!public.to_string().contains("among friends"));
        }
        for path in ["/users/ana/outbox", "/users/ana/outbox?page=true", "/users/ana/featured"] {
            assert!(!towns.a.document(path).await.text().contains("among friends"), "{path}");
        }
        for path in ["/", "/@ana", "/public"] {
            assert!(!towns.a.get(path).await.text().contains("among friends"), "{path}");
        }
        // Nobody passes it on, not even a follower.
        let boosted = bea.post(&format!("/api/v1/statuses/{}/reblog", text(&there, "id")), json!({})).await;
        assert!(boosted.status.is_client_error(), "{}", boosted.status);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_direct_post_is_for_those_it_names() {
    each(|towns| async move {
        let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
        let (bea, bob) = (towns.b.resident("bea").await, towns.b.resident("bob").await);
        // Whom nobody knows would wait among the requests.
        bea.follow(&ana).await;
        bob.follow(&ana).await;
        towns.settle().await;
        let post = ana.say_to("direct", &format!("@{} among friends", bea.address())).await;
        towns.settle().await;
        let heard = bea.notifications("mention").await;
        assert_eq!(heard.len(), 1);
        let there = &heard[0]["status"];
        assert_eq!((&there["uri"], &there["visibility"]), (&post["uri"], &json!("direct")));
        for (what, status) in everywhere(&ari, &post, &post).await {
            assert_eq!(status, 404, "{what}");
        }
        assert!(bob.home().await.is_empty(), "a follower reads a letter to somebody else");
        assert_eq!(bob.status(&there["id"]).await.code(), 404);
        let reply = bea.publish(json!({"status": format!("@{} yes", ana.address()), "in_reply_to_id": there["id"], "visibility": "direct"})).await;
        towns.settle().await;
        let back = ana.copy_of(&reply).await.expect("the answer came");
        assert_eq!((&back["visibility"], &back["in_reply_to_id"]), (&json!("direct"), &post["id"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_what_is_not_yours_and_what_is_not_there_are_answered_alike() {
    let towns = system_tests::TwoTowns::new().await;
    let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
    let post = ana.say_to("private", "among friends").await;
    let (hidden, absent) = (text(&post, "id"), "109999999999999999");
    for rest in ["", "/context", "/history", "/source", "/favourited_by"] {
        let mut answers = Vec::new();
        for id in [hidden.as_str(), absent] {
            let answer = ari.get(&format!("/api/v1/statuses/{id}{rest}")).await;
            answers.push((answer.code(), answer.text()));
        }
        assert_eq!(answers[0], answers[1], "{rest}");
        assert_eq!(answers[0].0, 404);
    }
    let mut pages = Vec::new();
    for id in [hidden.as_str(), absent] {
        pages.push(towns.a.get(&format!("/@ana/{id}")).await.code());
    }
    assert_eq!(pages, [404, 404]);
}

/// A GET for a document, signed by somebody.
async fn signed_get(town: &system_tests::Town, actor: &system_tests::Actor, url: &str) -> Answer {
    let target = url.parse().unwrap();
    let headers =
        sign(Scheme::Cavage, actor.signer(), &reqwest::Method::GET, &target, None, town.clock_now()).unwrap();
    Answer::to(town.http.get(url).headers(headers).header("accept", ACTIVITY)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn o15_a_private_object_is_given_to_a_follower_who_signs_and_to_nobody_else() {
    let towns = system_tests::TwoTowns::new().await;
    let peers = Peers::start().await;
    let ana = towns.a.resident("ana").await;
    let (friend, stranger) = (peers.actor("friend", "fay"), peers.actor("stranger", "sam"));
    let follow = friend.does("Follow", "/follows/1", &json!(ana.uri()));
    assert_eq!(friend.send(&towns.a, &follow).await.code(), 202);
    settle(&[&towns.a]).await;
    assert_eq!(peers.arrived_at("friend", "Accept").len(), 1, "the follow is answered");
    let post = ana.say_to("private", "among friends").await;
    let uri = text(&post, "uri");

    let given = signed_get(&towns.a, &friend, &uri).await;
    assert_eq!(given.code(), 200, "{}", given.text());
    assert_eq!(given.json()["id"], uri);
    assert!(given.header("cache-control").contains("private"), "{}", given.header("cache-control"));
    let vary = given.header("vary").to_lowercase();
    assert!(vary.contains("accept") && vary.contains("signature"), "{vary}");
    assert_eq!(signed_get(&towns.a, &stranger, &uri).await.code(), 404);
    assert_eq!(towns.a.document(&uri).await.code(), 404);
    // A second time, now that somebody has been given it.
    assert_eq!(signed_get(&towns.a, &stranger, &uri).await.code(), 404);
}
