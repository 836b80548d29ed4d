//! What is said in one town is read, answered, liked, passed on, changed and taken back in the other.

use system_tests::{Value, each, json, mixed, text, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_post_reaches_the_other_town_and_its_reply_makes_the_thread_whole_on_both_sides() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let post = ana.say("The market is on Saturday #market").await;
        towns.settle().await;
        let home = bea.home().await;
        assert_eq!(home.iter().map(words).collect::<Vec<_>>(), ["The market is on Saturday #market"]);
        assert_eq!(home[0]["uri"], post["uri"]);
        assert_eq!(home[0]["account"]["acct"], ana.address());
        assert_eq!(home[0]["created_at"], post["created_at"]);
        assert_eq!(home[0]["tags"][0]["name"], "market");

        let reply = bea.reply(&home[0], &format!("@{} until when?", ana.address())).await;
        towns.settle().await;
        let arrived = ana.copy_of(&reply).await.expect("the reply came back");
        assert_eq!(arrived["in_reply_to_id"], post["id"]);
        let heard = ana.notifications("mention").await;
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0]["status"]["uri"], reply["uri"]);
        let answer = ana.reply(&arrived, &format!("@{} until noon", bea.address())).await;
        towns.settle().await;

        let name = |n: &str, t: &str| format!("{n} {t}");
        let (question, noon) = (name("@ana", "until when?"), name("@bea", "until noon"));
        let here = ana.thread(&post).await;
        let there = bea.thread(&home[0]).await;
        assert!(here.0.is_empty() && there.0.is_empty());
        assert_eq!(here.1, [question.clone(), noon.clone()]);
        assert_eq!(there.1, [question, noon]);
        let answer_there = bea.copy_of(&answer).await.expect("the answer arrived");
        assert_eq!(bea.thread(&answer_there).await.0.len(), 2);
        assert_eq!(bea.status(&home[0]["id"]).await.ok()["replies_count"], 1);
        assert_eq!(ana.status(&post["id"]).await.ok()["replies_count"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_town_on_sqlite_and_a_town_on_postgresql_federate() {
    let Some(towns) = mixed().await else { return };
    assert!(!towns.a.town().db().is_postgres() && towns.b.town().db().is_postgres());
    let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
    ana.follow(&bea).await;
    bea.follow(&ana).await;
    towns.settle().await;
    let (from_a, from_b) = (ana.say("from SQLite").await, bea.say("from PostgreSQL").await);
    towns.settle().await;
    let there = bea.copy_of(&from_a).await.expect("it crossed");
    let here = ana.copy_of(&from_b).await.expect("it crossed back");
    bea.does("favourite", &there).await;
    ana.does("reblog", &here).await;
    towns.settle().await;
    assert_eq!(ana.status(&from_a["id"]).await.ok()["favourites_count"], 1);
    assert_eq!(bea.status(&from_b["id"]).await.ok()["reblogs_count"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn favourites_and_boosts_are_counted_and_told_and_taken_back() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        let bob = towns.b.resident("bob").await;
        bea.follow(&ana).await;
        bob.follow(&bea).await;
        towns.settle().await;
        let post = ana.say("New benches by the river").await;
        towns.settle().await;
        let there = bea.copy_of(&post).await.expect("it arrived");
        for _twice in 0..2 {
            assert_eq!(bea.does("favourite", &there).await["favourited"], true);
            assert_eq!(bea.does("reblog", &there).await["reblogged"], true);
        }
        towns.settle().await;
        let counts = |s: &Value| (s["favourites_count"].as_i64(), s["reblogs_count"].as_i64());
        assert_eq!(counts(&ana.status(&post["id"]).await.ok()), (Some(1), Some(1)));
        assert_eq!(counts(&bea.status(&there["id"]).await.ok()), (Some(1), Some(1)));
        assert_eq!(ana.notifications("favourite").await.len(), 1);
        assert_eq!(ana.notifications("reblog").await.len(), 1);
        let passed_on = bob.home().await;
        assert_eq!(passed_on.len(), 1);
        assert_eq!(passed_on[0]["reblog"]["uri"], post["uri"]);

        bea.does("unfavourite", &there).await;
        bea.does("unreblog", &there).await;
        towns.settle().await;
        assert_eq!(counts(&ana.status(&post["id"]).await.ok()), (Some(0), Some(0)));
        assert!(bob.home().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_boost_brings_a_post_to_followers_in_the_other_town() {
    each(|towns| async move {
        let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
        let bea = towns.b.resident("bea").await;
        bea.follow(&ari).await;
        towns.settle().await;
        let post = ana.say("Nobody in town b follows me").await;
        ari.does("reblog", &post).await;
        towns.settle().await;
        let home = bea.home().await;
        assert_eq!(home.len(), 1);
        assert_eq!(home[0]["account"]["acct"], ari.address());
        assert_eq!(home[0]["reblog"]["uri"], post["uri"]);
        assert_eq!(home[0]["reblog"]["account"]["acct"], ana.address());
        assert_eq!(words(&home[0]["reblog"]), "Nobody in town b follows me");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_crosses_and_keeps_its_history() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let post = ana.say("The market is on Sunday").await;
        towns.settle().await;
        towns.advance(1_000);
        let path = format!("/api/v1/statuses/{}", text(&post, "id"));
        let body = json!({"status": "The market is on Saturday", "spoiler_text": "corrected"});
        ana.ask(reqwest::Method::PUT, &path, Some(body)).await.ok();
        towns.settle().await;
        let there = bea.copy_of(&post).await.expect("still there");
        assert_eq!(words(&there), "The market is on Saturday");
        assert_eq!(there["spoiler_text"], "corrected");
        assert!(there["edited_at"].is_string());
        let history = bea.get(&format!("/api/v1/statuses/{}/history", text(&there, "id"))).await.ok();
        assert_eq!(history.as_array().unwrap().len(), 2);
        assert_eq!(words(&history[0]), "The market is on Sunday");
        assert_eq!(bea.home().await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_post_is_gone_in_both_towns_and_a_tombstone_stands_in_its_place() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let post = ana.say("I should not have said that").await;
        towns.settle().await;
        let there = bea.copy_of(&post).await.expect("it arrived");
        assert_eq!(towns.a.document(&text(&post, "uri")).await.code(), 200);

        ana.delete(&format!("/api/v1/statuses/{}", text(&post, "id"))).await.ok();
        towns.settle().await;
        assert_eq!(ana.status(&post["id"]).await.code(), 404);
        assert_eq!(bea.status(&there["id"]).await.code(), 404);
        assert!(bea.home().await.is_empty());
        let stone = towns.a.document(&text(&post, "uri")).await;
        assert_eq!(stone.code(), 410);
        let stone = stone.json();
        assert_eq!((&stone["type"], &stone["id"]), (&json!("Tombstone"), &post["uri"]));
        assert!(matches!(towns.a.get(&text(&post, "url")).await.code(), 404 | 410));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_post_deleted_before_it_left_never_appears_elsewhere() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let post = ana.say("gone before it went").await;
        ana.delete(&format!("/api/v1/statuses/{}", text(&post, "id"))).await.ok();
        let kept = ana.say("this one stays").await;
        towns.settle().await;
        assert!(bea.copy_of(&post).await.is_none());
        assert_eq!(bea.home().await.iter().map(words).collect::<Vec<_>>(), ["this one stays"]);
        assert!(bea.copy_of(&kept).await.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_without_followers_elsewhere_sends_nothing() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        ana.follow(&bea).await;
        towns.settle().await;
        let post = ana.say("talking to myself").await;
        towns.settle().await;
        assert!(bea.copy_of(&post).await.is_none());
        assert!(bea.known(&text(&post, "uri")).await.is_none());
    })
    .await;
}
