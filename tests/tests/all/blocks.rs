//! A blocked town is nobody's neighbour, on any path (threats O14).

use parvis_domain::policy::{self, Severity};
use system_tests::{Peers, Person, Sender as _, Town, each, json, settle, text};

async fn block(town: &Town, host: &str) {
    let host = host.to_owned();
    let write = move |tx: &mut parvis_domain::Tx<'_>| policy::block(tx, &host, Severity::Suspend, false, "");
    town.town().db().write(write).await.expect("the block is written");
}

/// Whether anything of `words` shows in town a to `person` or to anybody.
async fn shows(person: &Person<'_>, words: &str, uri: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in [
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/public?remote=true",
        "/api/v1/timelines/tag/market",
        "/api/v1/notifications",
    ] {
        if person.get(path).await.text().contains(words) {
            found.push(path.to_owned());
        }
    }
    for path in ["/", "/public", "/tags/market"] {
        if person.town.get(path).await.text().contains(words) {
            found.push(path.to_owned());
        }
    }
    if person.search(uri, true).await.to_string().contains(words) {
        found.push("search".to_owned());
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn o14_nothing_of_a_blocked_town_shows_comes_in_or_is_answered() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        ana.follow(&bea).await;
        bea.follow(&ana).await;
        towns.settle().await;
        let ours = ana.say("before the quarrel").await;
        let theirs = bea.say(&format!("@{} quarrelsome #market", ana.address())).await;
        towns.settle().await;
        let (uri, here) = (text(&theirs, "uri"), ana.copy_of(&theirs).await.expect("it arrived"));
        assert!(!shows(&ana, "quarrelsome", &uri).await.is_empty());
        let known = ana.id_of(&bea).await;

        block(&towns.a, &towns.b.domain()).await;
        towns.settle().await;
        assert_eq!(shows(&ana, "quarrelsome", &uri).await, Vec::<String>::new());
        assert_eq!(ana.status(&here["id"]).await.code(), 404);
        assert_eq!(ana.get(&format!("/api/v1/statuses/{}/context", text(&here, "id"))).await.code(), 404);
        assert!(!ana.get(&format!("/api/v1/accounts/{known}/statuses")).await.text().contains("quarrelsome"));
        assert!(
            ana.search(&format!("@{}", bea.address()), true).await["accounts"].as_array().unwrap().is_empty()
        );
        let follow = ana.post(&format!("/api/v1/accounts/{known}/follow"), json!({})).await;
        assert!(follow.status.is_client_error(), "{}", follow.status);

        // What they send is refused, what they ask for is not given to them, and nothing is sent.
        let later = bea.say(&format!("@{} still quarrelsome", ana.address())).await;
        let silent = ana.say("after the quarrel").await;
        towns.settle().await;
        assert!(ana.known(&text(&later, "uri")).await.is_none());
        assert!(bea.known(&text(&silent, "uri")).await.is_none(), "a blocked town is still told");
        assert!(bea.copy_of(&ours).await.is_some(), "what was told before stays theirs");
        let signed = bea.search(&text(&silent, "uri"), true).await;
        assert!(signed["statuses"].as_array().unwrap().is_empty(), "a blocked town fetches: {signed}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn o14_a_blocked_server_is_answered_403_and_its_people_do_not_come_through_others() {
    let towns = system_tests::TwoTowns::new().await;
    let peers = Peers::start().await;
    let ana = towns.a.resident("ana").await;
    let (bad, good) = (peers.actor("bad", "bob"), peers.actor("good", "gus"));
    block(&towns.a, "bad.localhost").await;
    let follow = bad.does("Follow", "/follows/1", &json!(ana.uri()));
    assert_eq!(bad.send(&towns.a, &follow).await.code(), 403);

    ana.town.clock.advance(1_000);
    let found = ana.search(&format!("@gus@{}", peers.host("good")), true).await;
    let gus = text(&found["accounts"][0], "id");
    ana.post(&format!("/api/v1/accounts/{gus}/follow"), json!({})).await.ok();
    settle(&[&towns.a]).await;
    let follows = peers.arrived_at("good", "Follow");
    assert_eq!(follows.len(), 1);
    let accept = good.does("Accept", "/accepts/1", &follows[0].activity);
    assert_eq!(good.send(&towns.a, &accept).await.code(), 202);

    let note = bad.note("/notes/1", "smuggled");
    peers.serve(&bad.id("/notes/1").parse().unwrap(), &note);
    let boost = good.does("Announce", "/boosts/1", &json!(bad.id("/notes/1")));
    assert_eq!(good.send(&towns.a, &boost).await.code(), 202);
    let mut reply = good.note("/notes/2", "look at this");
    reply["inReplyTo"] = json!(bad.id("/notes/1"));
    assert_eq!(good.send(&towns.a, &good.does("Create", "/creates/2", &reply)).await.code(), 202);
    settle(&[&towns.a]).await;
    assert!(!ana.get("/api/v1/timelines/home").await.text().contains("smuggled"));
    assert!(ana.known(&bad.id("/notes/1")).await.is_none());
    assert!(
        !peers.asked().iter().any(|url| url.contains("bad.localhost") && url.contains("notes")),
        "a blocked server was asked"
    );
}
