//! Many followers on many servers, of which some hang, some fail and some are gone (threats R1–R4).

use std::time::Duration;

use parvis_domain::accounts::find;
use parvis_domain::follows::{self, Wishes};
use parvis_domain::outbox;
use parvis_domain::remote::{self, RemoteActor};
use parvis_domain::testing::somebody_at;
use parvis_federation::client::Limits;
use system_tests::{ACTIVITY, Behaviour, Peers, Setup, Town, settle, text, within};

const HOSTS: usize = 200;
const PER_HOST: usize = 5;
/// Of each kind of trouble.
const TROUBLED: usize = 20;

fn host(number: usize) -> String {
    format!("h{number}")
}

/// Somebody on one of the servers, as the town would have kept them after fetching their document.
fn follower(peers: &Peers, host: &str, number: usize) -> RemoteActor {
    let uri = peers.url(host, &format!("/users/f{number}")).to_string();
    RemoteActor {
        name: String::new(),
        shared_inbox: Some(peers.url(host, "/inbox").to_string()),
        ..somebody_at(&uri, &format!("f{number}"))
    }
}

async fn gather(town: &Town, peers: &Peers) {
    let all: Vec<RemoteActor> = (0..HOSTS)
        .flat_map(|h| (0..PER_HOST).map(move |f| (h, f)))
        .map(|(h, f)| follower(peers, &host(h), f))
        .collect();
    for some in all.chunks(100) {
        let some = some.to_vec();
        let write = move |tx: &mut parvis_domain::Tx<'_>| {
            let ana = find::local(tx, "ana")?.id;
            for actor in &some {
                let id = remote::accounts::upsert(tx, actor)?;
                follows::follow(tx, id, ana, &Wishes::default(), Some(&format!("{}#follows/1", actor.uri)))?;
            }
            Ok::<_, parvis_domain::Error>(())
        };
        town.town().db().write(write).await.unwrap();
    }
}

/// How many rows the outbox has had.
async fn rows(town: &Town) -> i64 {
    town.town().db().read(outbox::head).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_post_for_1000_followers_on_200_servers_is_one_row_and_reaches_all_that_live() {
    // A server that hangs is given up soon, so that the test is not long; what is tested does not depend on how soon.
    let limits = Limits { json_total: Duration::from_secs(3), ..Limits::default() };
    let setup = Setup { limits, ..Setup::named("a.localhost") };
    let (town, peers) = (Town::start(setup).await, Peers::start().await);
    let ana = town.resident("ana").await;
    gather(&town, &peers).await;
    settle(&[&town]).await;
    assert_eq!(
        ana.get("/api/v1/accounts/verify_credentials").await.ok()["followers_count"],
        HOSTS * PER_HOST
    );

    for number in 0..TROUBLED {
        peers.behave(&host(number), Behaviour::Hangs);
        peers.behave(&host(TROUBLED + number), Behaviour::Answers(500));
        let gone = host(2 * TROUBLED + number);
        peers.behave(&gone, Behaviour::Answers(410));
        for follower in 0..PER_HOST {
            peers.serve_as(&peers.url(&gone, &format!("/users/f{follower}")), 410, ACTIVITY, "{}");
        }
    }
    let before = rows(&town).await;
    let post = ana.say("Everybody is invited").await;
    let uri = text(&post, "uri");
    let created = |peers: &Peers, number: usize| {
        peers.arrived_at(&host(number), "Create").iter().filter(|a| a.activity["object"]["id"] == uri).count()
    };
    within("the living have it", async { while town.step().await > 0 {} }).await;
    assert_eq!(rows(&town).await - before, 1, "rows written for one post");
    for number in 3 * TROUBLED..HOSTS {
        assert_eq!(created(&peers, number), 1, "{}", host(number));
    }
    assert!((0..3 * TROUBLED).all(|number| created(&peers, number) == 0));

    // The troubled recover, except for the gone.
    for number in 0..2 * TROUBLED {
        peers.behave(&host(number), Behaviour::Takes);
    }
    for _try in 0..4 {
        town.clock.advance(13 * 3_600_000);
        settle(&[&town]).await;
    }
    for number in (0..2 * TROUBLED).chain(3 * TROUBLED..HOSTS) {
        assert_eq!(created(&peers, number), 1, "{}", host(number));
    }
    let second = ana.say("Bring a chair").await;
    town.clock.advance(13 * 3_600_000);
    settle(&[&town]).await;
    let heard = peers.arrived().iter().filter(|a| a.activity["object"]["id"] == second["uri"]).count();
    assert_eq!(heard, HOSTS - TROUBLED);
    assert_eq!(rows(&town).await - before, 2);
}
