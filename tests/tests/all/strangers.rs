//! Servers of other kinds and tempers: what we send them, and what we make of how they answer (threats F5, F10, R3).

use system_tests::{Behaviour, Peers, Sender as _, Setup, Town, Value, json, settle, text};

/// ana, whom `name@host` follows.
async fn followed_by(town: &Town, peers: &Peers, host: &str, name: &str) -> system_tests::Actor {
    let actor = peers.actor(host, name);
    let follow = actor.does("Follow", &format!("/follows/{name}"), &json!(town.url("/users/ana")));
    assert_eq!(actor.send(town, &follow).await.code(), 202);
    settle(&[town]).await;
    actor
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_send_is_signed_addressed_and_whole() {
    let (town, peers) = (Town::start(Setup::named("a.localhost")).await, Peers::start().await);
    let ana = town.resident("ana").await;
    followed_by(&town, &peers, "away", "bob").await;
    followed_by(&town, &peers, "away", "nick").await;
    let post = ana.say("Hello #square").await;
    settle(&[&town]).await;
    let creates = peers.arrived_at("away", "Create");
    assert_eq!(creates.len(), 1, "one delivery for two followers on one server");
    let arrived = &creates[0];
    assert_eq!(arrived.path, "/inbox", "the inbox for everybody");
    let header =
        |name: &str| arrived.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    assert!(header("signature").contains(&format!("{}#main-key", ana.uri())), "{}", header("signature"));
    assert!(header("digest").starts_with("SHA-256="));
    assert!(header("user-agent").contains("Parvis"), "{}", header("user-agent"));
    assert!(header("content-type").starts_with("application/activity+json"));
    let note: &Value = &arrived.activity["object"];
    assert_eq!(
        (&note["id"], &note["type"], &note["attributedTo"]),
        (&post["uri"], &json!("Note"), &json!(ana.uri()))
    );
    assert_eq!(note["tag"][0]["name"], "#square");
    for member in ["to", "cc"] {
        assert_eq!(arrived.activity[member], note[member]);
    }
    // What was sent is what stands at its address.
    let document = town.document(&text(&post, "uri")).await.ok();
    assert_eq!(document["content"], note["content"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_server_that_fails_gets_it_later_and_only_once() {
    let (town, peers) = (Town::start(Setup::named("a.localhost")).await, Peers::start().await);
    let ana = town.resident("ana").await;
    followed_by(&town, &peers, "away", "bob").await;
    for status in [500, 503, 429] {
        peers.behave("away", Behaviour::Answers(status));
        let post = ana.say(&format!("despite {status}")).await;
        settle(&[&town]).await;
        peers.behave("away", Behaviour::Takes);
        settle(&[&town]).await;
        let has = |uri: &str| {
            peers.arrived_at("away", "Create").iter().filter(|a| a.activity["object"]["id"] == uri).count()
        };
        let uri = text(&post, "uri");
        assert_eq!(has(&uri), 0, "tried again without a pause after {status}");
        for _hour in 0..24 {
            town.clock.advance(3_600_000);
            settle(&[&town]).await;
        }
        assert_eq!(has(&uri), 1, "after {status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_an_inbox_that_is_gone_is_asked_no_more() {
    let (town, peers) = (Town::start(Setup::named("a.localhost")).await, Peers::start().await);
    let ana = town.resident("ana").await;
    let bob = followed_by(&town, &peers, "away", "bob").await;
    followed_by(&town, &peers, "other", "olga").await;
    peers.behave("away", Behaviour::Answers(410));
    peers.serve_as(&bob.uri, 410, system_tests::ACTIVITY, "{}");
    for number in 0..3 {
        ana.say(&format!("number {number}")).await;
        settle(&[&town]).await;
        town.clock.advance(24 * 3_600_000);
        settle(&[&town]).await;
    }
    assert_eq!(peers.arrived_at("other", "Create").len(), 3, "others are served on");
    assert!(peers.arrived_at("away", "Create").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_an_inbox_on_another_server_is_never_used() {
    let (town, peers) = (Town::start(Setup::named("a.localhost")).await, Peers::start().await);
    let ana = town.resident("ana").await;
    let eve = peers.actor("evil", "eve");
    let mut document = eve.document();
    document["inbox"] = json!(peers.url("victim", "/admin"));
    document["endpoints"] = json!({"sharedInbox": peers.url("victim", "/admin")});
    peers.serve(&eve.uri, &document);
    let follow = eve.does("Follow", "/follows/1", &json!(ana.uri()));
    let code = eve.send(&town, &follow).await.code();
    assert!(code == 202 || code == 401 || code == 400, "{code}");
    settle(&[&town]).await;
    ana.say("where does this go?").await;
    settle(&[&town]).await;
    assert!(peers.arrived().iter().all(|a| !a.host.starts_with("victim")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_an_endless_thread_costs_a_bounded_number_of_fetches() {
    let (town, peers) = (Town::start(Setup::named("a.localhost")).await, Peers::start().await);
    let ana = town.resident("ana").await;
    let bob = peers.actor("away", "bob");
    for number in 0..500 {
        let mut note = bob.note(&format!("/notes/{number}"), "and so on");
        note["inReplyTo"] = json!(bob.id(&format!("/notes/{}", number + 1)));
        peers.serve(&text(&note, "id").parse().unwrap(), &note);
    }
    let mut note = bob.note("/notes/start", "it begins");
    note["inReplyTo"] = json!(bob.id("/notes/0"));
    note["to"] = json!([system_tests::PUBLIC, ana.uri()]);
    note["tag"] = json!([{"type": "Mention", "href": ana.uri(), "name": "@ana"}]);
    assert_eq!(bob.send(&town, &bob.does("Create", "/creates/1", &note)).await.code(), 202);
    settle(&[&town]).await;
    let asked = peers.asked().iter().filter(|u| u.contains("/notes/")).count();
    assert!((1..=60).contains(&asked), "{asked} fetches for one activity");
    assert!(ana.known(&bob.id("/notes/start")).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_nothing_inside_is_asked_for_when_loopback_is_closed() {
    let peers = Peers::start().await;
    let setup =
        Setup { settings: Box::new(|s| s.federation.allow_loopback = false), ..Setup::named("a.localhost") };
    let town = Town::start(setup).await;
    let ana = town.resident("ana").await;
    let bob = peers.actor("away", "bob");
    assert_eq!(bob.send(&town, &bob.does("Follow", "/follows/1", &json!(ana.uri()))).await.code(), 401);
    for text in [
        format!("@bob@{}", peers.host("away")),
        bob.uri.to_string(),
        format!("http://127.0.0.1:{}/x", peers.address().port()),
    ] {
        let found = ana.search(&text, true).await;
        assert!(found["accounts"].as_array().unwrap().is_empty());
    }
    let mention = format!("@bob@{} are you there?", peers.host("away"));
    ana.say(&mention).await;
    settle(&[&town]).await;
    assert!(peers.asked().is_empty() && peers.arrived().is_empty(), "{:?}", peers.asked());
}
