//! Real processes that are killed in the middle of their work: everything arrives, nothing twice (threats R5, R6).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt as _, stream};
use parvis_domain::testing::Place;
use parvis_model::time::{Clock as _, SystemClock};
use system_tests::{Letter, Peers, Program, Sender as _, Value, json, text, words};

/// Posts under way when the process dies.
const MANY: usize = 500;

/// Where the towns of a test have their data: on SQLite in their own folders, then, when there is one, on PostgreSQL.
async fn on_both(test: impl AsyncFn(&dyn Fn(&str) -> Program)) {
    test(&Program::new).await;
    if Place::postgres().is_some() {
        test(&|host| Program::new(host).on(Place::postgres().expect("there was one"))).await;
    }
}

/// Makes an account, and gives its token.
pub fn resident(town: &Program, name: &str) -> String {
    let _made =
        town.command(&["account", "create", "--username", name, "--email", &format!("{name}@mail.example")]);
    town.command(&["account", "token", "--username", name])
}

/// Follows somebody elsewhere: their id here.
async fn follow(town: &Program, token: &str, address: &str) -> String {
    let found = town.get(token, &format!("/api/v2/search?resolve=true&type=accounts&q=@{address}")).await;
    let id = text(&found["accounts"][0], "id");
    town.post(token, &format!("/api/v1/accounts/{id}/follow"), &json!({})).await.ok();
    id
}

async fn follows(town: &Program, token: &str, id: &str) -> bool {
    town.get(token, &format!("/api/v1/accounts/relationships?id[]={id}")).await[0]["following"] == true
}

/// All entries of a list, page by page.
async fn whole(town: &Program, token: &str, path: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let below = all.last().map_or(String::new(), |last| format!("&max_id={}", text(last, "id")));
        let page = town.get(token, &format!("{path}?limit=40{below}")).await;
        match page.as_array() {
            Some(page) if !page.is_empty() => all.extend(page.iter().cloned()),
            _ => return all,
        }
    }
}

/// How often each of the posts stands in a list.
fn counted(list: &[Value]) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for status in list {
        let number = words(status).rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
        *counts.entry(number).or_insert(0) += 1;
    }
    counts
}

/// Each once.
fn all_once() -> BTreeMap<usize, usize> {
    (0..MANY).map(|number| (number, 1)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_the_sending_town_is_killed_while_500_deliveries_wait_and_everything_arrives_once() {
    on_both(async |program| killed_while_it_sends(program("a.localhost"), program("b.localhost")).await)
        .await;
}

async fn killed_while_it_sends(mut a: Program, mut b: Program) {
    a.serve().await;
    b.serve().await;
    let (ana, bea) = (resident(&a, "ana"), resident(&b, "bea"));
    let there = follow(&b, &bea, &format!("ana@{}", a.domain())).await;
    b.until("the follow is answered", async || follows(&b, &bea, &there).await).await;

    // The other town is away, so that every delivery waits.
    b.kill();
    for number in 0..MANY {
        let mention = if number < 5 { format!("@bea@{} ", b.domain()) } else { String::new() };
        a.post(&ana, "/api/v1/statuses", &json!({"status": format!("{mention}number {number}")})).await.ok();
    }
    a.kill();
    b.serve().await;
    a.serve().await;
    b.until("the first have arrived", async || !whole(&b, &bea, "/api/v1/timelines/home").await.is_empty())
        .await;
    a.kill();
    a.serve().await;
    let path = format!("/api/v1/accounts/{there}/statuses");
    b.until("all have arrived", async || counted(&whole(&b, &bea, &path).await).len() >= MANY).await;
    b.until("all are at home", async || {
        counted(&whole(&b, &bea, "/api/v1/timelines/home").await).len() >= MANY
    })
    .await;
    assert_eq!(counted(&whole(&b, &bea, &path).await), all_once());
    assert_eq!(counted(&whole(&b, &bea, "/api/v1/timelines/home").await), all_once());
    let told = whole(&b, &bea, "/api/v1/notifications").await;
    assert_eq!(told.iter().filter(|n| n["type"] == "mention").count(), 5);
    assert!(!a.logged().contains("panicked") && !b.logged().contains("panicked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_the_receiving_town_is_killed_while_it_works_through_its_inbox_and_loses_nothing() {
    on_both(async |program| killed_while_it_receives(program("b.localhost")).await).await;
}

async fn killed_while_it_receives(mut town: Program) {
    let peers = Peers::start().await;
    let bob = peers.actor("away", "bob");
    town.serve().await;
    let bea = resident(&town, "bea");
    let there = follow(&town, &bea, &format!("bob@{}", peers.host("away"))).await;
    town.until("bob is asked", async || !peers.arrived_at("away", "Follow").is_empty()).await;
    let asked = peers.arrived_at("away", "Follow").remove(0).activity;
    let send = async |activity: &Value| {
        let body = activity.to_string().into_bytes();
        Letter::to_program(bob.signer(), &town.url("/inbox"), body, SystemClock.now()).post().await.code()
    };
    assert_eq!(send(&bob.does("Accept", "/accepts/1", &asked)).await, 202);
    town.until("bea follows bob", async || follows(&town, &bea, &there).await).await;

    let creates: Vec<Value> = (0..MANY)
        .map(|number| {
            bob.does(
                "Create",
                &format!("/creates/{number}"),
                &bob.note(&format!("/notes/{number}"), &format!("number {number}")),
            )
        })
        .collect();
    let taken = AtomicUsize::new(0);
    stream::iter(&creates)
        .for_each_concurrent(16, async |create| {
            if send(create).await == 202 {
                taken.fetch_add(1, Ordering::SeqCst);
            }
        })
        .await;
    // What was answered 202 is on the disk, whatever happens the next moment.
    town.kill();
    assert_eq!(taken.into_inner(), MANY, "a town that is not full takes everything");
    town.serve().await;
    // And once more while it works.
    town.kill();
    town.serve().await;
    let path = format!("/api/v1/accounts/{there}/statuses");
    town.until("all have had their effect", async || counted(&whole(&town, &bea, &path).await).len() >= MANY)
        .await;
    town.until("all are at home", async || {
        counted(&whole(&town, &bea, "/api/v1/timelines/home").await).len() >= MANY
    })
    .await;
    // The sender cannot know which answers were read before the end, and sends everything again.
    for create in &creates {
        let body = create.to_string().into_bytes();
        let answer =
            Letter::to_program(bob.signer(), &town.url("/inbox"), body, SystemClock.now()).post().await;
        assert_eq!(answer.code(), 202);
    }
    let marker = bob.does("Create", "/creates/last", &bob.note("/notes/last", "the last"));
    let body = marker.to_string().into_bytes();
    assert_eq!(
        Letter::to_program(bob.signer(), &town.url("/inbox"), body, SystemClock.now()).post().await.code(),
        202
    );
    // One actor's activities are worked on in order: when the last is there, the repeated ones have been looked at.
    town.until("the last is there", async || {
        counted(&whole(&town, &bea, &path).await).contains_key(&usize::MAX)
    })
    .await;
    let mut expected = all_once();
    expected.insert(usize::MAX, 1);
    assert_eq!(counted(&whole(&town, &bea, &path).await), expected);
    assert!(!town.logged().contains("panicked"));
}
