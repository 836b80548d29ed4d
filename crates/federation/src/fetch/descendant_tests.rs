//! Answers that another server lists are fetched from where they are, and no more of them than the budget allows.

use parvis_domain::actors;
use parvis_domain::outside::Remote as _;
use parvis_model::ids::StatusId;
use serde_json::json;

use super::tests::{Elsewhere, town};

#[tokio::test]
async fn f10_the_answers_to_a_post_are_fetched_from_two_pages_and_within_the_budget() {
    let (town, federation) = town().await;
    let (away, other) = (Elsewhere::start("away").await, Elsewhere::start("other").await);
    let (bea, cem) = (away.has("bea"), other.has("cem"));
    let parent = away.url("/notes/0");
    let mut post = away.note("/notes/0", &bea, None);
    let page = |n: usize| away.url(&format!("/notes/0/replies?page={n}"));
    post["replies"] = json!({ "type": "Collection", "id": away.url("/notes/0/replies"), "first": page(1) });
    away.says("/notes/0", &post);
    other.says("/notes/9", &other.note("/notes/9", &cem, Some(&parent)));
    // Says that it answers something else: it is kept, and does not stand below.
    other.says("/notes/8", &other.note("/notes/8", &cem, None));
    for n in 1..=3 {
        let mut items =
            vec![json!(other.url("/notes/9")), json!(other.url("/notes/8")), json!(town.urls().actor("ana"))];
        for one in 0..10 {
            let path = format!("/notes/{n}{one}");
            away.says(&path, &away.note(&path, &bea, Some(&parent)));
            items.push(
                json!({ "id": away.url(&path), "type": "Note", "content": "what is inside is not believed" }),
            );
        }
        away.says(&format!("/notes/0/replies?page={n}"), &json!({
            "type": "CollectionPage", "id": page(n), "partOf": away.url("/notes/0/replies"), "items": items, "next": page(n + 1),
        }));
    }
    federation.by_url(&parent).await.unwrap();
    let before = away.count() + other.count();
    federation.thread_below(&parent).await.unwrap();
    assert!(away.count() + other.count() - before <= usize::try_from(super::FETCHES).unwrap() + 2);
    let found = async |uri: String| town.read(move |c| actors::post_by_uri(c, &uri)).await;
    let post = found(parent.clone()).await.unwrap();
    for uri in [other.url("/notes/9"), away.url("/notes/10"), away.url("/notes/19")] {
        let answer = found(uri.clone()).await.unwrap();
        assert_eq!(answer.in_reply_to_id, Some(post.id), "{uri}");
        assert!(!answer.html.contains("inside"));
    }
    assert_eq!(found(other.url("/notes/8")).await.unwrap().in_reply_to_id, None);
    assert!(found(away.url("/notes/30")).await.is_none(), "the third page");
    assert!(federation.is_thread_due(StatusId(1)) && !federation.is_thread_due(StatusId(1)));
    // A collection elsewhere is not read.
    let mut post = away.note("/notes/100", &bea, None);
    post["replies"] = json!(other.url("/notes/replies"));
    away.says("/notes/100", &post);
    let asked = other.count();
    federation.thread_below(&away.url("/notes/100")).await.unwrap();
    assert_eq!(other.count(), asked);
}

#[tokio::test]
async fn fep_7888_a_thread_is_filled_by_the_server_where_it_began_too() {
    let (town, federation) = town().await;
    let (away, other) = (Elsewhere::start("away").await, Elsewhere::start("other").await);
    let (bea, cem) = (away.has("bea"), other.has("cem"));
    let (first, context) = (away.url("/notes/0"), away.url("/contexts/0"));
    let mut root = away.note("/notes/0", &bea, None);
    root["context"] = json!(context);
    away.says("/notes/0", &root);
    // Cem's server lists no answers; where the conversation began they are known.
    let mut second = other.note("/notes/1", &cem, Some(&first));
    second["context"] = json!(context);
    other.says("/notes/1", &second);
    away.says("/notes/2", &away.note("/notes/2", &bea, Some(&other.url("/notes/1"))));
    away.says(
        "/contexts/0",
        &json!({ "id": context, "type": "OrderedCollection", "orderedItems": [first, other.url("/notes/1"), away.url("/notes/2")] }),
    );
    let second = other.url("/notes/1");
    federation.by_url(&second).await.unwrap();
    federation.thread_below(&second).await.unwrap();
    let found = async |uri: String| town.read(move |c| actors::post_by_uri(c, &uri)).await;
    let post = found(second.clone()).await.unwrap();
    assert_eq!(post.context_uri.as_deref(), Some(context.as_str()));
    assert_eq!(found(away.url("/notes/2")).await.unwrap().in_reply_to_id, Some(post.id));
    // Most contexts are addresses of nothing, and some are none at all.
    for (n, odd) in
        ["https://nowhere.example/contexts/1", "tag:away.example,2026:x", "ostatus:7"].into_iter().enumerate()
    {
        let path = format!("/notes/odd{n}");
        let mut note = other.note(&path, &cem, None);
        note["context"] = json!(odd);
        other.says(&path, &note);
        federation.by_url(&other.url(&path)).await.unwrap();
        federation.thread_below(&other.url(&path)).await.unwrap();
        let kept = found(other.url(&path)).await.unwrap().context_uri;
        assert_eq!(kept.is_some(), odd.starts_with("https"), "{odd}");
    }
}
