//! Following across towns: asked, answered, taken back, refused, cut.

use system_tests::{each, json, text, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_crosses_is_accepted_and_comes_back() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        let asked = ana.follow(&bea).await;
        assert_eq!(asked["requested"], true, "an answer from elsewhere takes a while: {asked}");
        towns.settle().await;
        let ours = ana.relationship(&bea).await;
        assert_eq!((&ours["following"], &ours["requested"]), (&json!(true), &json!(false)));
        assert_eq!(bea.relationship(&ana).await["followed_by"], true);
        let heard = bea.notifications("follow").await;
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0]["account"]["acct"], ana.address());

        bea.follow(&ana).await;
        towns.settle().await;
        assert_eq!(ana.relationship(&bea).await["followed_by"], true);
        for person in [&ana, &bea] {
            let me = person.get("/api/v1/accounts/verify_credentials").await.ok();
            assert_eq!(
                (&me["followers_count"], &me["following_count"]),
                (&json!(1), &json!(1)),
                "{}",
                person.name
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_resident_decides_who_follows() {
    each(|towns| async move {
        let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
        let bea = towns.b.resident("bea").await;
        bea.ask(reqwest::Method::PATCH, "/api/v1/accounts/update_credentials", Some(json!({"locked": true})))
            .await
            .ok();
        for person in [&ana, &ari] {
            person.follow(&bea).await;
        }
        towns.settle().await;
        assert_eq!(ana.relationship(&bea).await["requested"], true, "nobody has answered yet");
        assert_eq!(bea.notifications("follow_request").await.len(), 2);
        let waiting = bea.get("/api/v1/follow_requests").await.ok();
        assert_eq!(waiting.as_array().unwrap().len(), 2);

        let (ana_there, ari_there) = (bea.id_of(&ana).await, bea.id_of(&ari).await);
        bea.post(&format!("/api/v1/follow_requests/{ana_there}/authorize"), json!({})).await.ok();
        bea.post(&format!("/api/v1/follow_requests/{ari_there}/reject"), json!({})).await.ok();
        towns.settle().await;
        assert_eq!(ana.relationship(&bea).await["following"], true);
        let refused = ari.relationship(&bea).await;
        assert_eq!((&refused["following"], &refused["requested"]), (&json!(false), &json!(false)));

        bea.say_to("private", "for those I know").await;
        towns.settle().await;
        assert_eq!(ana.home().await.iter().map(words).collect::<Vec<_>>(), ["for those I know"]);
        assert!(ari.home().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_unfollow_nothing_is_delivered_any_more() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let before = ana.say("while she follows").await;
        towns.settle().await;
        assert!(bea.copy_of(&before).await.is_some());

        bea.towards("unfollow", &ana).await;
        towns.settle().await;
        assert_eq!(ana.relationship(&bea).await["followed_by"], false);
        let after = ana.say("when she has left").await;
        towns.settle().await;
        assert!(bea.copy_of(&after).await.is_none(), "town b holds a post that nobody there follows");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_ends_follows_on_both_sides_and_refuses_new_ones() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        ana.follow(&bea).await;
        bea.follow(&ana).await;
        towns.settle().await;

        let blocked = ana.towards("block", &bea).await;
        assert_eq!(
            (&blocked["blocking"], &blocked["following"], &blocked["followed_by"]),
            (&json!(true), &json!(false), &json!(false))
        );
        towns.settle().await;
        let there = bea.relationship(&ana).await;
        assert_eq!((&there["following"], &there["followed_by"]), (&json!(false), &json!(false)));

        let post = ana.say("not for her").await;
        towns.settle().await;
        assert!(bea.home().await.is_empty());
        assert!(bea.copy_of(&post).await.is_none());

        // Her own town has heard of the block, and does not even ask.
        let id = bea.id_of(&ana).await;
        let again = bea.post(&format!("/api/v1/accounts/{id}/follow"), json!({})).await;
        assert_eq!(again.code(), 403, "{}", again.text());
        towns.settle().await;
        assert_eq!(ana.relationship(&bea).await["followed_by"], false);
        let mention = bea.say(&format!("@{} hello?", ana.address())).await;
        towns.settle().await;
        assert!(ana.notifications("mention").await.is_empty());
        assert!(text(&mention, "uri").starts_with(&towns.b.url("/")));
    })
    .await;
}
