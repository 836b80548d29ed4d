//! A community of one town, and people of another one in it.

use parvis_domain::communities::{self, NewCommunity};
use parvis_domain::facilitation;
use parvis_domain::staff::By;
use parvis_model::ids::{AccountId, StatusId};
use system_tests::{Person, Town, Value, each, json, text, words};

async fn open(town: &Town, facilitator: &Person<'_>) -> AccountId {
    let new = NewCommunity {
        username: "garden".to_owned(),
        title: "The shared garden".to_owned(),
        charter: "Be kind.".to_owned(),
        facilitators: vec![facilitator.name.clone()],
    };
    communities::create(town.town(), By::Operator, new).await.unwrap()
}

/// Somebody follows the community, by its address.
async fn join(person: &Person<'_>, address: &str) {
    let found = person.search(address, true).await["accounts"][0].clone();
    assert_eq!((&found["group"], &found["display_name"]), (&json!(true), &json!("The shared garden")));
    let id = text(&found, "id");
    person.post(&format!("/api/v1/accounts/{id}/follow"), json!({})).await.ok();
}

/// The texts that the community boosted into somebody's home, newest first.
async fn shown(person: &Person<'_>) -> Vec<String> {
    let home = person.home().await;
    let is_its = |post: &&Value| post["account"]["username"] == "garden" && post["reblog"].is_object();
    home.iter().filter(is_its).map(|post| words(&post["reblog"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_community_is_followed_and_written_in_from_another_town_and_looked_after_at_home() {
    each(|towns| async move {
        let (fay, ana) = (towns.a.resident("fay").await, towns.a.resident("ana").await);
        let bea = towns.b.resident("bea").await;
        let garden = open(&towns.a, &fay).await;
        let address = format!("@garden@{}", towns.a.domain());
        join(&ana, "@garden").await;
        let first = ana.say("@garden who has a rake?").await;
        towns.settle().await;
        assert_eq!(shown(&ana).await, ["@garden who has a rake?"]);

        join(&bea, &address).await;
        towns.settle().await;
        assert_eq!(shown(&bea).await.len(), 1, "what was said before she came is there");
        let copy = bea.copy_of(&first).await.expect("the post is there");
        bea.reply(&copy, "I have one").await;
        let hers = bea.say(&format!("{address} who waters it in August?")).await;
        towns.settle().await;
        assert_eq!(ana.thread(&first).await.1, ["I have one"]);
        assert!(shown(&ana).await[0].contains("August"));
        assert!(shown(&bea).await.iter().any(|post| post.contains("August")), "as a boost by the group");
        assert_eq!(shown(&ana).await.len(), 2, "answers are no boosts");
        assert_eq!(bea.notifications("reblog").await.len(), 1);

        let here = ana.copy_of(&hers).await.expect("town a has it");
        let (post, by) =
            (text(&here, "id").parse::<StatusId>().unwrap(), fay.id.parse::<AccountId>().unwrap());
        let db = towns.a.town().db();
        db.write(move |tx| facilitation::remove(tx, By::Account(by), garden, post, "spam")).await.unwrap();
        towns.settle().await;
        assert_eq!(shown(&ana).await.len(), 1);
        assert_eq!(shown(&bea).await.len(), 1, "her own town has heard that the group shows it no longer");

        let author = text(&here["account"], "id").parse::<AccountId>().unwrap();
        db.write(move |tx| facilitation::ban(tx, By::Account(by), garden, author, "")).await.unwrap();
        towns.settle().await;
        bea.say(&format!("{address} let me in")).await;
        towns.settle().await;
        assert_eq!(shown(&ana).await.len(), 1);
        let id = text(&bea.search(&address, false).await["accounts"][0], "id");
        let tie = bea.get(&format!("/api/v1/accounts/relationships?id[]={id}")).await.ok();
        assert_eq!(tie[0]["following"], false);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn o8_a_closed_thread_takes_no_answer_from_either_town() {
    each(|towns| async move {
        let (fay, ana) = (towns.a.resident("fay").await, towns.a.resident("ana").await);
        let bea = towns.b.resident("bea").await;
        let garden = open(&towns.a, &fay).await;
        join(&bea, &format!("@garden@{}", towns.a.domain())).await;
        towns.settle().await;
        let first = ana.say("@garden who has a rake?").await;
        towns.settle().await;
        let (post, by) =
            (text(&first, "id").parse::<StatusId>().unwrap(), fay.id.parse::<AccountId>().unwrap());
        let db = towns.a.town().db();
        db.write(move |tx| facilitation::lock(tx, By::Account(by), garden, post, true)).await.unwrap();
        let refused =
            ana.post("/api/v1/statuses", json!({ "status": "so?", "in_reply_to_id": first["id"] })).await;
        assert_eq!(refused.code(), 403, "{}", refused.text());
        assert!(refused.text().contains("This discussion is closed"), "{}", refused.text());
        let copy = bea.copy_of(&first).await.expect("the post is there");
        bea.reply(&copy, "I have one").await;
        towns.settle().await;
        assert!(ana.thread(&first).await.1.is_empty());
    })
    .await;
}
