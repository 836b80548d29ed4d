//! What staff see: lists of several people, reports, servers and addresses.

use parvis_model::account::Role;

use super::super::admin::staff;
use super::super::*;
use super::{Square, several};

async fn ada(square: &Square) -> Person {
    staff(&square.api, "ada", Role::Admin).await
}

#[tokio::test]
async fn staff_see_several_reports_and_people() {
    let square = Square::new().await;
    let ada = ada(&square).await;
    let mut reports = Vec::new();
    for (by, about) in [(&square.ana, &square.cem), (&square.ben, &square.cem)] {
        let post = square.rich_post(about, "Rude", None).await;
        let form =
            format!("account_id={}&status_ids[]={}&category=violation&rule_ids[]=1", about.id, id(&post));
        reports.push(square.post(by, "/api/v1/reports", &form).await);
    }
    several(square.get(&ada, "/api/v1/admin/reports").await);
    let one = square.get(&ada, &format!("/api/v1/admin/reports/{}", id(&reports[0]))).await;
    assert_eq!(one["statuses"].as_array().unwrap().len(), 1);
    for path in ["/api/v1/admin/accounts", "/api/v2/admin/accounts"] {
        several(square.get(&ada, path).await);
    }
    let path = format!("/api/v1/admin/accounts/{}", square.cem.id);
    square.post(&ada, &format!("{path}/action"), "type=disable").await;
    assert_eq!(square.post(&ada, &format!("{path}/enable"), "").await["disabled"], false);
}

#[tokio::test]
async fn staff_see_several_servers_addresses_and_networks() {
    let square = Square::new().await;
    let ada = ada(&square).await;
    let admin = "/api/v1/admin";
    for n in 1..3 {
        for (list, form) in [
            ("domain_allows", format!("domain=friend{n}.example")),
            ("domain_blocks", format!("domain=evil{n}.example&severity=silence")),
            ("email_domain_blocks", format!("domain=throw{n}.example")),
            ("canonical_email_blocks", format!("email=bad{n}@mail.example")),
            ("ip_blocks", format!("ip=192.0.{n}.0/24&severity=sign_up_block&comment=Spam&expires_in=3600")),
        ] {
            square.post(&ada, &format!("{admin}/{list}"), &form).await;
        }
    }
    for list in
        ["domain_allows", "domain_blocks", "email_domain_blocks", "canonical_email_blocks", "ip_blocks"]
    {
        let all = several(square.get(&ada, &format!("{admin}/{list}")).await);
        assert_eq!(square.get(&ada, &format!("{admin}/{list}/{}", id(&all[0]))).await, all[0], "{list}");
    }
}

#[tokio::test]
async fn staff_see_several_hashtags() {
    let square = Square::new().await;
    let ada = ada(&square).await;
    square.rich_post(&square.ana, "Two hashtags", None).await;
    let tags = several(square.get(&ada, "/api/v1/admin/tags").await);
    let one = format!("/api/v1/admin/tags/{}", id(&tags[0]));
    let changed = square.api.call(Method::PUT, &ada.token, &one, "trendable=true").await.ok();
    assert_eq!(square.get(&ada, &one).await, changed);
}

#[tokio::test]
async fn the_town_names_several_servers_that_it_knows() {
    let square = Square::new().await;
    for host in ["awake.example", "aware.example"] {
        let actor = parvis_domain::testing::somebody(host, "bob");
        square.api.town.write(move |tx| parvis_domain::remote::accounts::upsert(tx, &actor)).await;
    }
    several(square.api.look("/api/v1/instance/peers").await.ok());
    several(square.get(&square.ana, "/api/v1/peers/search?q=awa").await);
}

#[tokio::test]
async fn somebody_stands_in_several_collections() {
    let square = Square::new().await;
    let (ana, ben) = (&square.ana, &square.ben);
    let mut made = Vec::new();
    for name in ["Clubs", "Trees"] {
        let form = format!(
            "name={name}&description=Sport&tag_name={name}&account_ids[]={}&account_ids[]={}",
            ben.id, square.cem.id
        );
        made.push(square.post(ana, "/api/v1/collections", &form).await);
    }
    let of_ana = format!("/api/v1/accounts/{}/collections", ana.id);
    for path in [of_ana.clone(), of_ana.replace("/v1/", "/v1_alpha/")] {
        several(square.api.look(&path).await.ok()["collections"].clone());
    }
    let with_ben = format!("/api/v1/accounts/{}/in_collections", ben.id);
    several(square.get(ben, &with_ben).await["collections"].clone());
    let shown = square.get(ben, &format!("/api/v1/collections/{}", id(&made[0]["collection"]))).await;
    several(shown["accounts"].clone());
}

#[tokio::test]
async fn what_makes_no_sense_in_a_town_answers_as_mastodon_does_without_it() {
    let square = Square::new().await;
    let ana = &square.ana;
    square.api.look("/api/proofs?provider=x&username=y").await.is(404);
    let subscribe = format!("/api/v1/accounts/{}/email_subscriptions", ana.id);
    square.api.call(Method::POST, "", &subscribe, "email=x@mail.example").await.is(404);
    let proofs = format!("/api/v1/accounts/{}/identity_proofs", ana.id);
    assert_eq!(square.get(ana, &proofs).await, serde_json::json!([]));
    square.api.get(ana, "/api/v1/annual_reports/2025").await.is(404);
    for what in ["generate", "read"] {
        square.api.post(ana, &format!("/api/v1/annual_reports/2025/{what}"), "").await.is(404);
    }
    square.api.get(ana, "/api/v1/donation_campaigns").await.is(204);
    square.api.get(ana, "/api/v1_alpha/async_refreshes/abc").await.is(404);
}
