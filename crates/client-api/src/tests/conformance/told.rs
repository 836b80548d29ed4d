//! What people are told: one by one, as groups, and what is held back.

use parvis_domain::moderation::appeals;
use parvis_domain::{policy, severances};
use parvis_model::account::Role;
use parvis_model::ids::StrikeId;
use serde_json::json;

use super::super::*;
use super::{Square, several};

/// A square on which Eli, Dan and two others like what Ana wrote.
async fn liked() -> (Square, Value) {
    let square = Square::new().await;
    let (dan, eli) = (square.resident("dan").await, square.resident("eli").await);
    let (post, other) = (
        square.rich_post(&square.ana, "Together", None).await,
        square.rich_post(&square.ana, "Apart", None).await,
    );
    for who in [&square.ben, &eli, &square.cem, &dan] {
        for (what, post) in [("favourite", &post), ("favourite", &other), ("reblog", &other)] {
            square.post(who, &format!("/api/v1/statuses/{}/{what}", id(post)), "").await;
        }
    }
    (square, post)
}

#[tokio::test]
async fn what_belongs_together_shows_as_one() {
    let (square, post) = liked().await;
    let ana = &square.ana;
    several(square.get(ana, "/api/v1/notifications").await);
    let all = "/api/v2/notifications";
    for path in [all, "/api/v2_alpha/notifications", "/api/v2/notifications?expand_accounts=partial_avatars"]
    {
        let page = square.get(ana, path).await;
        for list in ["accounts", "statuses", "notification_groups"] {
            several(page[list].clone());
        }
        for group in several(page["notification_groups"].clone()) {
            several(group["sample_account_ids"].clone());
        }
    }
    let page = square.get(ana, &format!("{all}?expand_accounts=partial_avatars")).await;
    several(page["partial_accounts"].clone());
    for path in [
        "/api/v2/notifications/unread_count",
        "/api/v2_alpha/notifications/unread_count",
        "/api/v1/notifications/unread_count",
    ] {
        assert!(square.get(ana, path).await["count"].as_i64() >= Some(4), "{path}");
    }
    let groups = several(page["notification_groups"].clone());
    let liked = groups.iter().find(|g| g["type"] == "favourite" && g["status_id"] == post["id"]).unwrap();
    let key = liked["group_key"].as_str().unwrap();
    assert_eq!(liked["notifications_count"], 4);
    several(square.get(ana, &format!("{all}/{key}/accounts")).await);
    several(square.get(ana, &format!("{all}/{key}")).await["accounts"].clone());
    let alpha = format!("/api/v2_alpha/notifications/{key}");
    several(square.get(ana, &alpha).await["accounts"].clone());
    assert_eq!(square.post(ana, &format!("{alpha}/dismiss"), "").await, json!({}));
    let follows = groups.iter().find(|g| g["type"] == "follow").unwrap()["group_key"].as_str().unwrap();
    assert_eq!(square.post(ana, &format!("{all}/{follows}/dismiss"), "").await, json!({}));
    let left = square.get(ana, all).await;
    assert_eq!(left["notification_groups"].as_array().unwrap().len(), groups.len() - 2);
}

#[tokio::test]
async fn notifications_are_dismissed_in_every_way() {
    let (square, _) = liked().await;
    let ana = &square.ana;
    let list = "/api/v1/notifications";
    let told = ids(&square.get(ana, list).await);
    square.get(ana, &format!("{list}/{}", told[0])).await;
    square.post(ana, &format!("{list}/{}/dismiss", told[0]), "").await;
    square.post(ana, &format!("{list}/dismiss"), &format!("id={}", told[1])).await;
    let both = format!("{list}/destroy_multiple?ids[]={}&ids[]={}", told[2], told[3]);
    square.api.call(Method::DELETE, &ana.token, &both, "").await.ok();
    assert_eq!(ids(&square.get(ana, list).await), told[4..]);
    square.post(ana, &format!("{list}/clear"), "").await;
    assert_eq!(square.get(ana, list).await, json!([]));
}

#[tokio::test]
async fn strangers_wait_and_are_let_through_or_sent_away() {
    let square = Square::new().await;
    let ana = &square.ana;
    for name in ["dan", "eli", "fay", "gus"] {
        let who = square.resident(name).await;
        let media_ids = [square.picture(&who).await, square.picture(&who).await];
        let body = json!({ "status": "@ana hello", "visibility": "direct", "media_ids": media_ids });
        square.api.write(&who, &body.to_string()).await;
    }
    let all = "/api/v1/notifications/requests";
    let waiting = several(square.get(ana, all).await);
    assert!(waiting.iter().all(|r| r["notifications_count"] == "1" && r["last_status"].is_object()));
    let policy = square.get(ana, "/api/v2/notifications/policy").await;
    assert_eq!(policy["summary"], json!({ "pending_requests_count": 4, "pending_notifications_count": 4 }));
    assert_eq!(square.get(ana, "/api/v1/notifications/policy").await["summary"], policy["summary"]);
    square.get(ana, &format!("{all}/{}", id(&waiting[0]))).await;
    square.post(ana, &format!("{all}/{}/accept", id(&waiting[0])), "").await;
    square.post(ana, &format!("{all}/{}/dismiss", id(&waiting[1])), "").await;
    square.post(ana, &format!("{all}/accept"), &format!("id[]={}", id(&waiting[2]))).await;
    square.post(ana, &format!("{all}/dismiss"), &format!("id[]={}", id(&waiting[3]))).await;
    assert_eq!(square.get(ana, &format!("{all}/merged")).await, json!({ "merged": true }));
    assert_eq!(square.get(ana, all).await, json!([]));
    several(square.get(ana, "/api/v1/notifications?types[]=mention").await);
    let change =
        square.api.call(Method::PATCH, &ana.token, "/api/v2/notifications/policy", "for_new_accounts=filter");
    assert_eq!(change.await.ok()["for_new_accounts"], "filter");
    let change =
        square.api.call(Method::PUT, &ana.token, "/api/v1/notifications/policy", "filter_not_following=true");
    assert_eq!(change.await.ok()["filter_not_following"], true);
}

#[tokio::test]
async fn reports_and_decisions_come_with_their_groups() {
    let square = Square::new().await;
    let mo = square.api.town.account("mo", Role::Moderator).await;
    let mo = Person { id: mo, token: square.api.token(mo, "read write admin:read admin:write").await };
    let post = square.rich_post(&square.cem, "Rude", None).await;
    for who in [&square.ana, &square.ben] {
        let form = format!("account_id={}&status_ids[]={}&comment=Rude", square.cem.id, id(&post));
        square.post(who, "/api/v1/reports", &form).await;
    }
    let page = square.get(&mo, "/api/v2/notifications").await;
    for group in several(page["notification_groups"].clone()) {
        assert_eq!(group["type"], "admin.report");
        assert_eq!(group["report"]["target_account"]["acct"], "cem");
    }
    several(square.get(&mo, "/api/v1/notifications?types[]=admin.report").await);
    for text in ["One", "Two"] {
        let form = format!("type=none&text={text}");
        square.post(&mo, &format!("/api/v1/admin/accounts/{}/action", square.cem.id), &form).await;
    }
    let told = several(square.get(&square.cem, "/api/v1/notifications?types[]=moderation_warning").await);
    let strike: StrikeId = id(&told[0]["moderation_warning"]).parse().unwrap();
    let cem = square.cem.id;
    square.api.town.write(move |tx| appeals::appeal(tx, cem, strike, "I was not rude")).await;
    let page = square.get(&square.cem, "/api/v2/notifications?types[]=moderation_warning").await;
    let groups = several(page["notification_groups"].clone());
    assert_eq!(groups[0]["moderation_warning"]["text"], "Two");
    let told = several(square.get(&square.cem, "/api/v1/notifications?types[]=moderation_warning").await);
    for warning in [&groups[0], &told[0]] {
        let appeal = json!({ "text": "I was not rude", "state": "pending" });
        assert_eq!(warning["moderation_warning"]["appeal"], appeal);
    }
}

#[tokio::test]
async fn people_are_told_of_follows_that_end_with_a_server() {
    let square = Square::new().await;
    let (ana, bea) = (&square.ana, square.bea);
    let bob = parvis_domain::testing::somebody("other.example", "bob");
    let bob = square.api.town.write(move |tx| parvis_domain::remote::accounts::upsert(tx, &bob)).await;
    for whom in [bea, bob] {
        square.post(ana, &format!("/api/v1/accounts/{whom}/follow"), "").await;
        let me = ana.id;
        square.api.town.write(move |tx| parvis_domain::follows::accept(tx, whom, me)).await;
    }
    let terms = policy::Terms { severity: policy::Severity::Suspend, ..policy::Terms::default() };
    let shut_out = move |tx: &mut parvis_domain::Tx<'_>| {
        policy::set(tx, "away.example", &terms)?;
        severances::later(tx, "away.example")
    };
    square.api.town.write(shut_out).await;
    square.api.town.run_jobs().await;
    square.post(ana, "/api/v1/domain_blocks", "domain=other.example").await;
    let kind = "types[]=severed_relationships";
    let told = several(square.get(ana, &format!("/api/v1/notifications?{kind}")).await);
    let groups =
        square.get(ana, &format!("/api/v2/notifications?{kind}")).await["notification_groups"].clone();
    for list in [told, several(groups)] {
        for (one, (kind, host)) in
            list.iter().zip([("user_domain_block", "other.example"), ("domain_block", "away.example")])
        {
            let event = &one["event"];
            assert_eq!((&event["type"], &event["target_name"]), (&json!(kind), &json!(host)));
            assert_eq!((&event["followers_count"], &event["following_count"]), (&json!(0), &json!(1)));
        }
    }
}
