//! Who may say what about what: servers that speak about things that are not theirs (threats O1–O13, R6–R9).

use system_tests::{Actor, PUBLIC, Peers, Person, Sender as _, Town, Value, json, settle, text, words};

/// A town whose resident ana follows bob, who lives elsewhere; eve lives at a third place.
struct Scene {
    town: Town,
    peers: Peers,
    bob: Actor,
    eve: Actor,
}

impl Scene {
    async fn set() -> Self {
        let (town, peers) =
            (Town::start(system_tests::Setup::named("a.localhost")).await, Peers::start().await);
        let (bob, eve) = (peers.actor("away", "bob"), peers.actor("evil", "eve"));
        let scene = Self { town, peers, bob, eve };
        let ana = scene.town.resident("ana").await;
        for (who, host) in [("bob", "away"), ("eve", "evil")] {
            let found = ana.search(&format!("@{who}@{}", scene.peers.host(host)), true).await;
            ana.post(&format!("/api/v1/accounts/{}/follow", text(&found["accounts"][0], "id")), json!({}))
                .await
                .ok();
        }
        settle(&[&scene.town]).await;
        for (who, host) in [(&scene.bob, "away"), (&scene.eve, "evil")] {
            let follow = scene.peers.arrived_at(host, "Follow").remove(0).activity;
            scene.take(who, &who.does("Accept", "/accepts/1", &follow)).await;
        }
        scene
    }

    async fn ana(&self) -> Person<'_> {
        self.town.sign_in("ana", "read write follow").await
    }

    /// Sends, which must be taken, and lets it have its effect.
    async fn take(&self, who: &Actor, activity: &Value) {
        let answer = who.send(&self.town, activity).await;
        assert_eq!(answer.code(), 202, "{activity}: {}", answer.text());
        settle(&[&self.town]).await;
    }

    /// Publishes a note of bob's the way his server would: the document is there, and the Create comes.
    async fn bob_says(&self, number: u32, content: &str) -> String {
        let note = self.bob.note(&format!("/notes/{number}"), content);
        self.peers.serve(&text(&note, "id").parse().unwrap(), &note);
        self.take(&self.bob, &self.bob.does("Create", &format!("/creates/{number}"), &note)).await;
        text(&note, "id")
    }

    async fn content(&self, uri: &str) -> Option<String> {
        self.ana().await.known(uri).await.map(|s| words(&s))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn o1_a_document_that_claims_anothers_id_is_not_believed() {
    let scene = Scene::set().await;
    let victim = scene.bob.id("/notes/9");
    let mut forged = scene.eve.note("/notes/9", "bob would never say this");
    forged["id"] = json!(victim);
    forged["attributedTo"] = json!(scene.bob.uri);
    scene.peers.serve(&scene.eve.id("/notes/9").parse().unwrap(), &forged);
    let found = scene.ana().await.search(&scene.eve.id("/notes/9"), true).await;
    assert!(found["statuses"].as_array().unwrap().is_empty(), "{found}");
    assert_eq!(scene.content(&victim).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn o2_a_redirect_lends_nobodys_name() {
    let scene = Scene::set().await;
    // bob's server redirects to eve's document, which claims bob's address.
    let mut forged = scene.eve.note("/notes/7", "redirected");
    forged["id"] = json!(scene.bob.id("/out"));
    forged["attributedTo"] = json!(scene.bob.uri);
    scene.peers.serve(&scene.eve.id("/notes/7").parse().unwrap(), &forged);
    scene.peers.redirect(&scene.bob.id("/out").parse().unwrap(), &scene.eve.id("/notes/7"));
    let found = scene.ana().await.search(&scene.bob.id("/out"), true).await;
    assert!(found["statuses"].as_array().unwrap().is_empty(), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn o3_an_upload_on_somebodys_server_is_no_post_and_our_uploads_are_none_either() {
    let scene = Scene::set().await;
    let note = scene.bob.note("/media/evil.json", "uploaded");
    for kind in ["application/json", "text/html", "application/octet-stream", "application/ld+json"] {
        scene.peers.serve_as(
            &scene.bob.id("/media/evil.json").parse().unwrap(),
            200,
            kind,
            &note.to_string(),
        );
        let found = scene.ana().await.search(&scene.bob.id("/media/evil.json"), true).await;
        assert!(found["statuses"].as_array().unwrap().is_empty(), "{kind}: {found}");
        scene.town.clock.advance(120_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn o4_a_copy_of_anothers_post_is_only_a_hint() {
    let scene = Scene::set().await;
    // The genuine note says one thing, eve's copy of it another.
    let genuine = scene.bob.note("/notes/4", "genuine");
    scene.peers.serve(&scene.bob.id("/notes/4").parse().unwrap(), &genuine);
    let mut copy = genuine.clone();
    copy["content"] = json!("forged");
    scene.take(&scene.eve, &scene.eve.does("Announce", "/boosts/4", &copy)).await;
    assert_ne!(scene.content(&scene.bob.id("/notes/4")).await.as_deref(), Some("forged"));
    let mut invented = scene.bob.note("/notes/5", "invented");
    invented["to"] = json!([PUBLIC]);
    scene.take(&scene.eve, &scene.eve.does("Create", "/creates/5", &invented)).await;
    assert_eq!(scene.content(&scene.bob.id("/notes/5")).await, None, "a Create of somebody else's note");
}

#[tokio::test(flavor = "multi_thread")]
async fn o5_a_post_of_somebody_else_or_of_several_is_dropped() {
    let scene = Scene::set().await;
    for (number, author) in [
        json!(scene.bob.uri),
        json!([scene.eve.uri, scene.bob.uri]),
        json!({"id": scene.bob.uri}),
        json!(null),
    ]
    .iter()
    .enumerate()
    {
        let mut note = scene.eve.note(&format!("/notes/{number}"), "whose is this?");
        note["attributedTo"] = author.clone();
        scene.take(&scene.eve, &scene.eve.does("Create", &format!("/creates/{number}"), &note)).await;
        let ana = scene.ana().await;
        if let Some(kept) = ana.known(&scene.eve.id(&format!("/notes/{number}"))).await {
            assert_eq!(kept["account"]["username"], "eve", "{author}");
        }
        assert!(
            !ana.get("/api/v1/timelines/home")
                .await
                .json()
                .as_array()
                .unwrap()
                .iter()
                .any(|s| s["account"]["username"] == "bob")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn o6_an_id_is_used_once_and_ours_are_never_written_from_outside() {
    let scene = Scene::set().await;
    let ours = scene.ana().await.say("mine").await;
    let (uri, id) = (text(&ours, "uri"), ours["id"].clone());
    let mut stolen = scene.eve.note("/x", "stolen");
    stolen["id"] = json!(uri);
    for activity in [
        scene.eve.does("Create", "/c/1", &stolen),
        scene.eve.does("Update", "/u/1", &stolen),
        scene.eve.does("Delete", "/d/1", &json!(uri)),
    ] {
        let code = scene.eve.send(&scene.town, &activity).await.code();
        assert!(code == 202 || code == 403 || code == 400, "{code}");
    }
    settle(&[&scene.town]).await;
    assert_eq!(words(&scene.ana().await.status(&id).await.ok()), "mine");

    let theirs = scene.bob_says(6, "bob's").await;
    let neighbour = scene.peers.actor("away", "nick");
    let mut second = scene.bob.note("/notes/6", "nick's");
    second["attributedTo"] = json!(neighbour.uri);
    scene.take(&neighbour, &neighbour.does("Create", "/creates/66", &second)).await;
    scene
        .take(&scene.bob, &scene.bob.does("Create", "/creates/67", &scene.bob.note("/notes/6", "again")))
        .await;
    assert_eq!(scene.content(&theirs).await.as_deref(), Some("bob's"));
}

#[tokio::test(flavor = "multi_thread")]
async fn o7_a_private_post_does_not_become_public() {
    let scene = Scene::set().await;
    let mut note = scene.bob.note("/notes/8", "for followers");
    note["to"] = json!([format!("{}/followers", scene.bob.uri)]);
    note["cc"] = json!([]);
    scene.take(&scene.bob, &scene.bob.does("Create", "/creates/8", &note)).await;
    let uri = text(&note, "id");
    assert_eq!(scene.ana().await.known(&uri).await.unwrap()["visibility"], "private");
    let mut wider = note.clone();
    wider["to"] = json!([PUBLIC]);
    wider["updated"] = json!("2026-11-22T11:00:00Z");
    scene.town.clock.advance(7_200_000);
    scene.take(&scene.bob, &scene.bob.does("Create", "/creates/9", &wider)).await;
    scene.take(&scene.bob, &scene.bob.does("Update", "/updates/9", &wider)).await;
    scene.take(&scene.eve, &scene.eve.does("Announce", "/boosts/9", &json!(uri))).await;
    assert_eq!(scene.ana().await.known(&uri).await.unwrap()["visibility"], "private");
    let stranger = scene.town.resident("ari").await;
    assert!(stranger.known(&uri).await.is_none());
    assert!(!stranger.get("/api/v1/timelines/public").await.text().contains("for followers"));
}

#[tokio::test(flavor = "multi_thread")]
async fn o8_only_the_author_changes_or_deletes() {
    let scene = Scene::set().await;
    let uri = scene.bob_says(1, "as bob said it").await;
    let neighbour = scene.peers.actor("away", "nick");
    scene.town.clock.advance(60_000);
    for who in [&scene.eve, &neighbour] {
        let mut changed = scene.bob.note("/notes/1", "twisted");
        changed["updated"] = json!("2026-11-22T10:00:30Z");
        for activity in [
            who.does("Update", "/u/1", &changed),
            who.does("Delete", "/d/1", &json!(uri)),
            who.does("Delete", "/d/2", &json!(scene.bob.uri)),
        ] {
            let code = who.send(&scene.town, &activity).await.code();
            assert!(matches!(code, 202 | 400 | 401 | 403), "{code}");
        }
    }
    settle(&[&scene.town]).await;
    assert_eq!(scene.content(&uri).await.as_deref(), Some("as bob said it"));
}

#[tokio::test(flavor = "multi_thread")]
async fn o9_answers_to_follows_that_were_never_asked_and_undos_of_others_do_nothing() {
    let scene = Scene::set().await;
    let ari = scene.town.resident("ari").await;
    let invented = json!({"id": format!("{}#follows/99", ari.uri()), "type": "Follow", "actor": ari.uri(), "object": scene.bob.uri});
    scene.take(&scene.bob, &scene.bob.does("Accept", "/accepts/99", &invented)).await;
    assert_eq!(ari.get("/api/v1/accounts/verify_credentials").await.ok()["following_count"], 0);
    // Eve answers the follow that bob was asked for.
    let asked = scene.peers.arrived_at("away", "Follow").remove(0).activity;
    scene.take(&scene.eve, &scene.eve.does("Reject", "/rejects/1", &asked)).await;
    scene.take(&scene.bob, &scene.bob.does("Follow", "/follows/1", &json!(scene.ana().await.uri()))).await;
    let follow = scene.bob.does("Follow", "/follows/1", &json!(scene.ana().await.uri()));
    let code = scene.eve.send(&scene.town, &scene.eve.does("Undo", "/undos/1", &follow)).await.code();
    assert!(matches!(code, 202 | 400 | 403), "{code}");
    settle(&[&scene.town]).await;
    let me = scene.ana().await.get("/api/v1/accounts/verify_credentials").await.ok();
    assert_eq!((&me["following_count"], &me["followers_count"]), (&json!(2), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn o11_a_handle_belongs_to_whoever_it_points_to_both_ways() {
    let scene = Scene::set().await;
    // Evil's WebFinger says that somebody of its own is bob's actor, and that ana is its own.
    let finger = |subject: &str, href: &str| json!({"subject": subject, "links": [{"rel": "self", "type": system_tests::ACTIVITY, "href": href}]});
    for (asked, subject, href) in [
        ("mallory", format!("acct:bob@{}", scene.peers.host("away")), scene.eve.uri.to_string()),
        ("fake", format!("acct:ana@{}", scene.town.domain()), scene.eve.uri.to_string()),
        ("ours", format!("acct:ours@{}", scene.peers.host("evil")), scene.town.url("/users/ana")),
    ] {
        let at = scene
            .peers
            .url("evil", &format!("/.well-known/webfinger?acct:{asked}@{}", scene.peers.host("evil")));
        scene.peers.serve_as(&at, 200, "application/jrd+json", &finger(&subject, &href).to_string());
        let found = scene.ana().await.search(&format!("@{asked}@{}", scene.peers.host("evil")), true).await;
        for account in found["accounts"].as_array().unwrap() {
            let acct = text(account, "acct");
            assert!(
                acct.ends_with(&scene.peers.host("evil")) && text(account, "url").contains("evil.localhost"),
                "{asked}: {account}"
            );
        }
    }
    let bob = scene.ana().await.search(&format!("@bob@{}", scene.peers.host("away")), false).await;
    assert_eq!(bob["accounts"][0]["uri"].as_str().unwrap_or(scene.bob.uri.as_str()), scene.bob.uri.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn o12_hostile_usernames_are_not_kept() {
    let scene = Scene::set().await;
    for (number, name) in
        ["../../etc", "a@b", "\u{202e}ana", "a b", "", "<b>", &"x".repeat(5_000)].iter().enumerate()
    {
        let actor = scene.peers.actor("evil", &format!("p{number}"));
        let mut document = actor.document();
        document["preferredUsername"] = json!(name);
        scene.peers.serve(&actor.uri, &document);
        let follow = actor.does("Follow", &format!("/follows/{number}"), &json!(scene.ana().await.uri()));
        let code = actor.send(&scene.town, &follow).await.code();
        assert!(code == 202 || (400..500).contains(&code), "{name}: {code}");
    }
    settle(&[&scene.town]).await;
    assert_eq!(scene.ana().await.get("/api/v1/accounts/verify_credentials").await.ok()["followers_count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn o13_nobody_uses_up_the_id_of_anothers_activity() {
    let scene = Scene::set().await;
    let note = scene.bob.note("/notes/13", "genuine");
    let genuine = scene.bob.does("Create", "/creates/13", &note);
    let mut poison = scene.eve.does("Like", "/x", &json!(scene.bob.id("/notes/1")));
    poison["id"] = genuine["id"].clone();
    let code = scene.eve.send(&scene.town, &poison).await.code();
    assert!(code == 202 || (400..500).contains(&code), "{code}");
    settle(&[&scene.town]).await;
    scene.take(&scene.bob, &genuine).await;
    assert_eq!(scene.content(&scene.bob.id("/notes/13")).await.as_deref(), Some("genuine"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_the_same_delivery_many_times_at_once_has_one_effect() {
    let scene = Scene::set().await;
    let ours = scene.ana().await.say("like me").await;
    let like = scene.bob.does("Like", "/likes/1", &json!(ours["uri"]));
    let sendings = (0..16).map(|_| scene.bob.send(&scene.town, &like));
    for answer in futures_util::future::join_all(sendings).await {
        assert_eq!(answer.code(), 202);
    }
    settle(&[&scene.town]).await;
    // Another activity for the same like.
    scene.take(&scene.bob, &scene.bob.does("Like", "/likes/2", &json!(ours["uri"]))).await;
    assert_eq!(scene.ana().await.status(&ours["id"]).await.ok()["favourites_count"], 1);
    assert_eq!(scene.ana().await.notifications("favourite").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_a_delete_that_comes_before_its_create_wins() {
    let scene = Scene::set().await;
    let note = scene.bob.note("/notes/7", "too late");
    let tombstone = json!({"id": note["id"], "type": "Tombstone"});
    scene.take(&scene.bob, &scene.bob.does("Delete", "/deletes/7", &tombstone)).await;
    scene.take(&scene.bob, &scene.bob.does("Create", "/creates/7", &note)).await;
    assert_eq!(scene.content(&text(&note, "id")).await, None);
    assert!(scene.ana().await.home().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_an_undo_that_comes_before_its_follow_wins() {
    let scene = Scene::set().await;
    let follow = scene.bob.does("Follow", "/follows/8", &json!(scene.ana().await.uri()));
    scene.take(&scene.bob, &scene.bob.does("Undo", "/undos/8", &follow)).await;
    scene.take(&scene.bob, &follow).await;
    assert_eq!(scene.ana().await.get("/api/v1/accounts/verify_credentials").await.ok()["followers_count"], 0);
    // A new follow counts, and when it was undone its copy does not bring it back.
    let second = scene.bob.does("Follow", "/follows/9", &json!(scene.ana().await.uri()));
    scene.take(&scene.bob, &second).await;
    assert_eq!(scene.ana().await.get("/api/v1/accounts/verify_credentials").await.ok()["followers_count"], 1);
    scene.take(&scene.bob, &scene.bob.does("Undo", "/undos/9", &second)).await;
    scene.take(&scene.bob, &second).await;
    assert_eq!(scene.ana().await.get("/api/v1/accounts/verify_credentials").await.ok()["followers_count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_an_old_update_does_not_undo_a_newer_one() {
    let scene = Scene::set().await;
    let uri = scene.bob_says(1, "first").await;
    scene.town.clock.advance(600_000);
    for (number, updated, content) in
        [(2, "2026-11-22T10:02:00Z", "third"), (3, "2026-11-22T10:01:00Z", "second")]
    {
        let mut note = scene.bob.note("/notes/1", content);
        note["updated"] = json!(updated);
        note["published"] = json!("2026-11-22T10:00:00Z");
        scene.peers.serve(&uri.parse().unwrap(), &{
            let mut newest = note.clone();
            newest["content"] = json!("third");
            newest["updated"] = json!("2026-11-22T10:02:00Z");
            newest
        });
        scene.take(&scene.bob, &scene.bob.does("Update", &format!("/updates/{number}"), &note)).await;
    }
    assert_eq!(scene.content(&uri).await.as_deref(), Some("third"));
}

#[tokio::test(flavor = "multi_thread")]
async fn o10_a_move_takes_nobodys_followers_along() {
    let scene = Scene::set().await;
    let before = scene.ana().await.get("/api/v1/accounts/verify_credentials").await.ok();
    let moved = json!({"id": scene.bob.id("/moves/1"), "type": "Move", "actor": scene.bob.uri, "object": scene.bob.uri, "target": scene.eve.uri});
    scene.take(&scene.bob, &moved).await;
    let stolen = json!({"id": scene.eve.id("/moves/2"), "type": "Move", "actor": scene.eve.uri, "object": scene.bob.uri, "target": scene.eve.uri});
    let code = scene.eve.send(&scene.town, &stolen).await.code();
    assert!(matches!(code, 202 | 400 | 403), "{code}");
    settle(&[&scene.town]).await;
    let after = scene.ana().await.get("/api/v1/accounts/verify_credentials").await.ok();
    assert_eq!(before["following_count"], after["following_count"]);
    let uri = scene.bob_says(10, "still here").await;
    assert_eq!(scene.content(&uri).await.as_deref(), Some("still here"));
}
