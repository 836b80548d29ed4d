//! The outbox of a group elsewhere, for somebody who follows it from now on.

use parvis_domain::follows::{self, Wishes};
use parvis_domain::outside::Remote as _;
use parvis_domain::{actors, timelines};
use parvis_model::time::{HOUR, MINUTE};
use serde_json::{Value, json};
use url::Url;

use super::tests::{Elsewhere, town};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

#[tokio::test]
async fn f10_the_past_of_a_group_is_fetched_once_from_one_page_and_within_the_budget() {
    let (town, federation) = town().await;
    let (there, other) = (Elsewhere::start("away").await, Elsewhere::start("other").await);
    let (park, bea, cem) = (there.has("park"), there.has("bea"), other.has("cem"));
    let mut document = there.document("park", &park);
    document["type"] = json!("Group");
    document["outbox"] = json!(format!("{park}/outbox"));
    there.says("/users/park", &document);
    let note = |server: &Elsewhere, path: &str, author: &str, ago: i64| {
        let mut note = server.note(path, author, None);
        note["published"] = json!(town.now().minus(ago).to_rfc3339());
        server.says(path, &note);
        note
    };
    let announce = |n: usize, object: Value| {
        json!({ "id": there.url(&format!("/acts/{n}")), "type": "Announce", "actor": park, "to": [PUBLIC], "object": object,
                "published": town.now().minus(HOUR).to_rfc3339() })
    };
    let mut first = note(&there, "/notes/1", &bea, HOUR);
    // What is inside is not believed.
    first["content"] = json!("<p>what she never said</p>");
    let create = json!({ "id": there.url("/acts/c"), "type": "Create", "actor": bea, "object": first });
    let second = note(&other, "/notes/2", &cem, 2 * HOUR);
    let mut items = vec![
        announce(1, create),
        announce(2, second["id"].clone()),
        json!({ "id": other.url("/acts/3"), "type": "Announce", "actor": cem, "to": [PUBLIC], "object": first["id"] }),
        announce(4, json!({ "type": "Like", "actor": bea, "object": first["id"] })),
        announce(5, json!(there.url("/notes/gone"))),
    ];
    for n in 10..60 {
        let path = format!("/notes/{n}");
        items.push(announce(n, note(&there, &path, &bea, MINUTE)["id"].clone()));
    }
    there.says("/users/park/outbox", &json!({
        "type": "OrderedCollection", "id": format!("{park}/outbox"), "totalItems": 55, "first": format!("{park}/outbox?page=1"),
    }));
    there.says(
        "/users/park/outbox?page=1",
        &json!({
            "type": "OrderedCollectionPage", "id": format!("{park}/outbox?page=1"), "orderedItems": items,
            "next": format!("{park}/outbox?page=2"),
        }),
    );
    let ana = town.resident("ana").await;
    let data = federation.data();
    let park_id = federation.actor(&Url::parse(&park).unwrap(), &data).await.unwrap().id;
    let before = there.count() + other.count();
    federation.past_of(&park).await.unwrap();
    assert_eq!(there.count() + other.count(), before, "nobody here follows it");
    town.write(move |tx| follows::follow(tx, ana, park_id, &Wishes::default(), None)).await;
    town.write(move |tx| follows::accept(tx, park_id, ana)).await;
    let run = async || {
        let registry = parvis_jobs::Registry::default().with::<super::Past>();
        let runner = parvis_jobs::Runner::new(town.db().clone(), town.handle(), registry);
        runner.run_due().await.unwrap();
    };
    run().await;
    assert!(there.count() + other.count() - before <= usize::try_from(super::FETCHES).unwrap() + 2);
    let shown = town
        .read(move |c| {
            let range = parvis_domain::rows::Range::newest(40);
            timelines::of_account(c, None, park_id, &timelines::Wanted::default(), range)
        })
        .await;
    let boosted: Vec<String> =
        shown.iter().filter_map(|v| Some(v.boost_of.as_ref()?.status.uri.clone())).collect();
    for path in [there.url("/notes/1"), other.url("/notes/2"), there.url("/notes/10")] {
        assert!(boosted.contains(&path), "{path}: {boosted:?}");
    }
    assert!(!boosted.contains(&there.url("/notes/59")), "twenty requests, and no more");
    // Who follows it later finds it here.
    let asked = there.count() + other.count();
    let bo = town.resident("bo").await;
    town.write(move |tx| follows::follow(tx, bo, park_id, &Wishes::default(), None)).await;
    town.write(move |tx| follows::accept(tx, park_id, bo)).await;
    run().await;
    assert_eq!(there.count() + other.count(), asked);
    let uri = there.url("/notes/1");
    let post = town.read(move |c| actors::post_by_uri(c, &uri)).await.unwrap();
    assert!(!post.html.contains("never"));
}
