//! What the town says to everybody, and what it says of itself.

use parvis_config::settings::ShownTo;
use parvis_domain::announcements::{self, NewAnnouncement};
use parvis_domain::policy::{self, Severity, Terms};
use parvis_domain::staff::By;
use parvis_model::time::DAY;

use super::*;

async fn publish(api: &Api, text: &str, days: Option<i64>) -> i64 {
    let new = NewAnnouncement {
        text: text.to_owned(),
        ends_at: days.map(|d| api.town.now().plus(d * DAY)),
        ..NewAnnouncement::default()
    };
    api.town.write(move |tx| announcements::publish(tx, By::Operator, &new)).await
}

#[tokio::test]
async fn an_announcement_is_read_reacted_to_and_put_away() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let first = publish(&api, "Market on <b>Sunday</b>", Some(2)).await;
    let list = "/api/v1/announcements";
    let seen = api.get(&ana, list).await.ok();
    insta::assert_json_snapshot!(seen[0], {
        ".id" => "[id]", ".published_at" => "[time]", ".updated_at" => "[time]", ".ends_at" => "[time]",
    }, @r#"
    {
      "id": "[id]",
      "content": "<p>Market on &lt;b&gt;Sunday&lt;/b&gt;</p>",
      "starts_at": null,
      "ends_at": "[time]",
      "all_day": false,
      "published_at": "[time]",
      "updated_at": "[time]",
      "read": false,
      "mentions": [],
      "statuses": [],
      "tags": [],
      "emojis": [],
      "reactions": []
    }
    "#);
    let thumb = format!("{list}/{first}/reactions/%F0%9F%91%8D");
    for who in [&ana, &ben, &ana] {
        api.call(Method::PUT, &who.token, &thumb, "").await.ok();
    }
    let reactions = api.get(&ana, list).await.ok()[0]["reactions"].clone();
    assert_eq!(reactions, serde_json::json!([{ "name": "👍", "count": 2, "me": true }]));
    api.call(Method::DELETE, &ana.token, &thumb, "").await.ok();
    let reactions = api.get(&ana, list).await.ok()[0]["reactions"].clone();
    assert_eq!(reactions, serde_json::json!([{ "name": "👍", "count": 1, "me": false }]));
    for bad in ["a", "no_such_code", "%3Cb%3E"] {
        api.call(Method::PUT, &ana.token, &format!("{list}/{first}/reactions/{bad}"), "").await.is(422);
    }
    api.call(Method::PUT, &ana.token, &format!("{list}/7/reactions/%F0%9F%91%8D"), "").await.is(404);

    api.post(&ana, &format!("{list}/{first}/dismiss"), "").await.ok();
    assert_eq!(api.get(&ana, list).await.ok(), serde_json::json!([]));
    assert_eq!(api.get(&ana, &format!("{list}?with_dismissed=true")).await.ok()[0]["read"], true);
    assert_eq!(api.get(&ben, list).await.ok()[0]["read"], false);
    api.post(&ana, &format!("{list}/7/dismiss"), "").await.is(404);
    api.town.clock.advance(2 * DAY);
    assert_eq!(api.get(&ben, list).await.ok(), serde_json::json!([]), "over");
    api.post(&ben, &format!("{list}/{first}/dismiss"), "").await.is(404);
}

#[tokio::test]
async fn eight_kinds_of_reactions_and_then_no_more() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let id = publish(&api, "Hello", None).await;
    let react = async |n: u32| {
        let emoji: String =
            url::form_urlencoded::byte_serialize(char::from_u32(0x1F600 + n).unwrap().to_string().as_bytes())
                .collect();
        api.call(Method::PUT, &ana.token, &format!("/api/v1/announcements/{id}/reactions/{emoji}"), "").await
    };
    for n in 0..8 {
        react(n).await.ok();
    }
    react(8).await.is(422);
    react(3).await.ok();
}

#[tokio::test]
async fn blocked_servers_are_told_to_whom_the_settings_say() {
    for (shown, nobody, somebody) in
        [(ShownTo::Everybody, 200, 200), (ShownTo::Residents, 401, 200), (ShownTo::Nobody, 404, 404)]
    {
        let api = Api::of(Town::builder().settings(move |s| s.federation.show_domain_blocks = shown)).await;
        let ana = api.resident("ana").await;
        api.town
            .write(|tx| {
                let terms = Terms {
                    severity: Severity::Suspend,
                    obfuscate: true,
                    public_comment: "Spam".to_owned(),
                    private_comment: "Told by the police".to_owned(),
                    ..Terms::default()
                };
                policy::set(tx, "evil.example", &terms)?;
                policy::set(tx, "odd.example", &Terms { severity: Severity::Noop, ..Terms::default() })
            })
            .await;
        let path = "/api/v1/instance/domain_blocks";
        api.look(path).await.is(nobody);
        let seen = api.get(&ana, path).await;
        seen.is(somebody);
        assert!(!seen.text.contains("police"));
        if somebody == 200 {
            let list = seen.json();
            assert_eq!(list.as_array().unwrap().len(), 1);
            assert_eq!((&list[0]["domain"], &list[0]["comment"]), (&"evi*.****ple".into(), &"Spam".into()));
            assert_eq!(list[0]["digest"].as_str().unwrap().len(), 64);
        }
    }
}

#[tokio::test]
async fn privacy_and_terms_are_the_settings() {
    let api = Api::new().await;
    assert_eq!(api.look("/api/v1/instance/privacy_policy").await.ok()["content"], "");
    api.look("/api/v1/instance/terms_of_service").await.is(404);
    let api = Api::of(Town::builder().settings(|s| {
        s.town.privacy_policy = "We keep little.\n\nAsk us.".to_owned();
        s.town.terms_of_service = "Be kind.".to_owned();
        s.town.terms_of_service_date = "2026-01-01".to_owned();
    }))
    .await;
    let policy = api.look("/api/v1/instance/privacy_policy").await.ok();
    assert_eq!(policy["content"], "<p>We keep little.</p><p>Ask us.</p>");
    let terms = api.look("/api/v1/instance/terms_of_service").await.ok();
    assert_eq!((&terms["effective"], &terms["effective_date"]), (&true.into(), &"2026-01-01".into()));
    assert_eq!(api.look("/api/v1/instance/terms_of_service/2026-01-01").await.ok(), terms);
    api.look("/api/v1/instance/terms_of_service/2025-01-01").await.is(404);
}
