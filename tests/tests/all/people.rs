//! Residents seen from the other town: found, changed, suspended, deleted.

use parvis_domain::accounts::{find, suspend};
use parvis_model::account::Role;
use system_tests::{Town, Value, each, json, text};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_found_by_their_handle_and_by_the_address_of_their_page() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        let unknown = ana.search(&format!("@{}", bea.address()), false).await;
        assert!(unknown["accounts"].as_array().unwrap().is_empty(), "nobody was to be asked");
        let by_handle = ana.find(&bea).await;
        assert_eq!((&by_handle["acct"], &by_handle["username"]), (&json!(bea.address()), &json!("bea")));
        for address in [bea.uri(), text(&by_handle, "url")] {
            let found = ana.search(&address, true).await;
            assert_eq!(found["accounts"][0]["id"], by_handle["id"], "{address}");
        }
        let upper = format!("@BEA@{}", towns.b.domain().to_uppercase());
        let found = ana.search(&upper, true).await;
        assert_eq!(found["accounts"][0]["id"], by_handle["id"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_nobody_here_follows_is_found_by_its_address_with_what_it_answers() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        let first = ana.say("Who has a ladder?").await;
        let second = ana.reply(&first, "A long one").await;
        for address in ["uri", "url"] {
            let found = bea.search(&text(&second, address), true).await;
            assert_eq!(found["statuses"][0]["uri"], second["uri"], "{address}");
        }
        towns.settle().await;
        let there = bea.copy_of(&second).await.expect("it was fetched");
        assert_eq!(
            bea.thread(&there).await.0,
            ["Who has a ladder?"],
            "what it answers is fetched in its turn"
        );
        let signed_out = towns.b.get(&format!("/api/v2/search?q={}&resolve=true", text(&first, "uri"))).await;
        assert!(signed_out.code() < 500);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_profile_crosses() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let change = json!({"display_name": "Ana of the Mill", "note": "I bake bread.", "fields_attributes": [{"name": "Street", "value": "Mill Lane"}]});
        ana.ask(reqwest::Method::PATCH, "/api/v1/accounts/update_credentials", Some(change)).await.ok();
        towns.settle().await;
        let there = bea.find(&ana).await;
        assert_eq!(there["display_name"], "Ana of the Mill");
        assert!(text(&there, "note").contains("I bake bread."));
        assert_eq!(there["fields"][0]["name"], "Street");
        assert!(text(&there["fields"][0], "value").contains("Mill Lane"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_gone_in_both_towns() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let post = ana.say("my last words").await;
        towns.settle().await;
        let (there, known) = (bea.copy_of(&post).await.expect("it arrived"), bea.id_of(&ana).await);

        delete(&towns.a, "ana").await;
        towns.settle().await;
        assert_eq!(ana.get("/api/v1/accounts/verify_credentials").await.code(), 401);
        let actor = towns.a.document("/users/ana").await;
        assert_eq!((actor.code(), actor.json()["type"].clone()), (410, json!("Tombstone")));
        assert_eq!(towns.a.document(&text(&post, "uri")).await.code(), 410);
        let finger = format!("/.well-known/webfinger?resource=acct:ana@{}", towns.a.domain());
        assert!(matches!(towns.a.get(&finger).await.code(), 404 | 410));

        assert!(bea.home().await.is_empty());
        assert_eq!(bea.status(&there["id"]).await.code(), 404);
        let gone = bea.get(&format!("/api/v1/accounts/{known}")).await;
        assert!(gone.code() == 404 || gone.json()["suspended"] == true, "{} {}", gone.code(), gone.text());
        let me = bea.get("/api/v1/accounts/verify_credentials").await.ok();
        assert_eq!(me["following_count"], 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_account_disappears_and_comes_back() {
    each(|towns| async move {
        let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
        let bea = towns.b.resident("bea").await;
        ari.follow(&ana).await;
        bea.follow(&ana).await;
        towns.settle().await;
        let post = ana.say("something unkind").await;
        towns.settle().await;
        assert_eq!(ari.home().await.len(), 1);

        set_suspended(&towns.a, "ana", true).await;
        towns.settle().await;
        assert!(matches!(ana.get("/api/v1/accounts/verify_credentials").await.code(), 401 | 403));
        assert!(ari.home().await.is_empty());
        assert_eq!(ari.status(&post["id"]).await.code(), 404);
        assert_eq!(towns.a.get(&text(&post, "url")).await.code(), 404);
        assert!(matches!(towns.a.document(&text(&post, "uri")).await.code(), 403 | 404 | 410));
        // Others learn that she is suspended, so that they hide her too, and nothing else of her.
        let actor = towns.a.document("/users/ana").await.ok();
        assert_eq!((&actor["suspended"], &actor["summary"]), (&json!(true), &json!("")));
        assert!(!ari.get("/api/v1/timelines/public?local=true").await.text().contains("something unkind"));

        set_suspended(&towns.a, "ana", false).await;
        towns.settle().await;
        assert_eq!(ari.status(&post["id"]).await.code(), 200);
        assert_ne!(towns.a.document("/users/ana").await.ok()["suspended"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn o14_what_a_suspended_neighbour_says_does_not_come_in_through_others() {
    let towns = system_tests::TwoTowns::new().await;
    let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
    let bea = towns.b.resident("bea").await;
    ana.follow(&bea).await;
    bea.follow(&ari).await;
    towns.settle().await;
    let post = ari.say("advertising").await;
    towns.settle().await;
    let there = bea.copy_of(&post).await.expect("it arrived");
    set_suspended(&towns.a, "ari", true).await;
    bea.does("reblog", &there).await;
    towns.settle().await;
    let home: Vec<Value> = ana.home().await;
    assert!(home.iter().all(|s| s["reblog"].is_null()), "a boost shows what is suspended");
}

async fn delete(town: &Town, name: &'static str) {
    let write = move |tx: &mut parvis_domain::Tx<'_>| {
        let account = find::local(tx, name)?;
        parvis_domain::accounts::delete::delete(tx, account.id)
    };
    town.town().db().write(write).await.expect("the account is deleted");
}

async fn set_suspended(town: &Town, name: &'static str, is_suspended: bool) {
    let write = move |tx: &mut parvis_domain::Tx<'_>| {
        let account = find::local(tx, name)?;
        if is_suspended {
            suspend::suspend(tx, Role::Admin, account.id)
        } else {
            suspend::restore(tx, Role::Admin, account.id)
        }
    };
    town.town().db().write(write).await.expect("it is done");
}
