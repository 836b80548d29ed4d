//! Reports and the desk, as a client program of residents and of staff meets them.

use parvis_model::account::Role;

use super::*;

const ALL: &str = "read write follow push admin:read admin:write";

pub async fn staff(api: &Api, name: &str, role: Role) -> Person {
    let id = api.town.account(name, role).await;
    Person { id, token: api.token(id, ALL).await }
}

async fn act(api: &Api, by: &Person, whom: &Person, form: &str) -> Answer {
    api.post(by, &format!("/api/v1/admin/accounts/{}/action", whom.id), form).await
}

#[tokio::test]
async fn a_report_is_filed_taken_and_resolved() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let mo = staff(&api, "mo", Role::Moderator).await;
    let post = api.write(&ben, "status=Rude+words").await;
    let form = format!(
        "account_id={}&status_ids[]={}&comment=Insults&category=violation&rule_ids[]=1&forward=true&collection_ids[]=9",
        ben.id,
        id(&post)
    );
    let report = api.post(&ana, "/api/v1/reports", &form).await.ok();
    insta::assert_json_snapshot!(report, {
        ".id" => "[id]", ".created_at" => "[time]", ".status_ids[0]" => "[id]", ".target_account" => "[account]",
    }, @r#"
    {
      "id": "[id]",
      "action_taken": false,
      "action_taken_at": null,
      "category": "violation",
      "comment": "Insults",
      "forwarded": false,
      "created_at": "[time]",
      "status_ids": [
        "[id]"
      ],
      "rule_ids": [
        "1"
      ],
      "collection_ids": [],
      "target_account": "[account]"
    }
    "#);
    let told = api.get(&mo, "/api/v1/notifications?types[]=admin.report").await.ok();
    assert_eq!(told[0]["report"]["id"], report["id"]);

    let one = format!("/api/v1/admin/reports/{}", id(&report));
    assert_eq!(ids(&api.get(&mo, "/api/v1/admin/reports").await.ok()), [id(&report)]);
    let taken = api.post(&mo, &format!("{one}/assign_to_self"), "").await.ok();
    assert_eq!(taken["assigned_account"]["username"], "mo");
    assert_eq!(taken["account"]["username"], "ana");
    assert_eq!(taken["target_account"]["email"], "ben@mail.example");
    assert_eq!(taken["statuses"][0]["id"], post["id"]);
    assert_eq!(taken["rules"][0]["id"], "1");
    assert!(taken["statuses"][0].get("favourited").is_none(), "evidence has no viewer");
    let freed = api.post(&mo, &format!("{one}/unassign"), "").await.ok();
    assert!(freed["assigned_account"].is_null());
    let corrected = api.call(Method::PUT, &mo.token, &one, "category=spam").await.ok();
    assert_eq!((&corrected["category"], &corrected["rules"]), (&"spam".into(), &serde_json::json!([])));
    api.call(Method::PUT, &mo.token, &one, "category=dull").await.is(422);
    let resolved = api.post(&mo, &format!("{one}/resolve"), "").await.ok();
    assert_eq!(
        (&resolved["action_taken"], &resolved["action_taken_by_account"]["username"]),
        (&true.into(), &"mo".into())
    );
    assert_eq!(api.get(&mo, "/api/v1/admin/reports").await.ok(), serde_json::json!([]));
    let closed = format!("/api/v1/admin/reports?resolved=true&target_account_id={}", ben.id);
    assert_eq!(ids(&api.get(&mo, &closed).await.ok()), [id(&report)]);
    let reopened = api.post(&mo, &format!("{one}/reopen"), "").await.ok();
    assert_eq!(reopened["action_taken"], false);
    api.get(&mo, "/api/v1/admin/reports/1").await.is(404);
}

#[tokio::test]
async fn a_report_that_cannot_be_says_why() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    for (form, status) in [
        (String::new(), 404),
        ("account_id=7".to_owned(), 404),
        (format!("account_id={}", ana.id), 403),
        (format!("account_id={}&category=dull", ben.id), 422),
        (format!("account_id={}&category=violation", ben.id), 422),
        (format!("account_id={}&rule_ids[]=77", ben.id), 422),
        (format!("account_id={}&comment={}", ben.id, "x".repeat(1_001)), 422),
        (format!("account_id={}&comment=%00", ben.id), 422),
    ] {
        api.post(&ana, "/api/v1/reports", &form).await.is(status);
    }
}

#[tokio::test]
async fn accounts_are_found_by_what_they_are() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let mo = staff(&api, "mo", Role::Moderator).await;
    act(&api, &mo, &ben, "type=silence").await.ok();
    let found = async |query: &str| -> Vec<String> {
        let list = api.get(&mo, query).await.ok();
        list.as_array().unwrap().iter().map(|a| a["username"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found("/api/v2/admin/accounts").await, ["mo", "ben", "ana"]);
    assert_eq!(found("/api/v2/admin/accounts?status=active&origin=local").await, ["mo", "ana"]);
    assert_eq!(found("/api/v2/admin/accounts?status=silenced").await, ["ben"]);
    assert_eq!(found("/api/v2/admin/accounts?permissions=staff").await, ["mo"]);
    assert_eq!(found("/api/v2/admin/accounts?role_ids[]=3").await, ["mo"]);
    assert_eq!(found("/api/v2/admin/accounts?role_ids[]=77").await, Vec::<String>::new());
    assert_eq!(found("/api/v2/admin/accounts?origin=remote").await, Vec::<String>::new());
    assert_eq!(found("/api/v1/admin/accounts?silenced=true").await, ["ben"]);
    assert_eq!(found("/api/v1/admin/accounts?email=ANA@mail.example").await, ["ana"]);
    assert_eq!(found("/api/v1/admin/accounts?username=an").await, ["ana"]);
    // The beginning is enough, as in Mastodon.
    assert_eq!(found("/api/v1/admin/accounts?email=ANA@m").await, ["ana"]);
    assert_eq!(found("/api/v2/admin/accounts?email=mail.example").await, [""; 0]);
    api.call(
        Method::PATCH,
        &ana.token,
        "/api/v1/accounts/update_credentials",
        "display_name=L%C3%A9a+Martin",
    )
    .await
    .ok();
    for name in ["lea", "LEA+MAR", "martin", "L%C3%A9a"] {
        assert_eq!(found(&format!("/api/v2/admin/accounts?display_name={name}")).await, ["ana"], "{name}");
    }
    for name in ["ana", "ea", "%25", "lea+x", "%F0%9F%8E%89"] {
        assert_eq!(found(&format!("/api/v1/admin/accounts?display_name={name}")).await, [""; 0], "{name}");
    }
    assert_eq!(found("/api/v1/admin/accounts?staff=true&ip=192.0.2.1").await, Vec::<String>::new());
    let page = api.get(&mo, "/api/v2/admin/accounts?limit=1").await;
    assert!(page.headers["link"].to_str().unwrap().contains(&format!("max_id={}", mo.id)));
    api.get(&mo, "/api/v2/admin/accounts?status=odd").await.is(422);
    let one = api.get(&mo, &format!("/api/v1/admin/accounts/{}", ana.id)).await.ok();
    insta::assert_json_snapshot!(one, {
        ".id" => "[id]", ".created_at" => "[time]", ".account" => "[account]",
    }, @r#"
    {
      "id": "[id]",
      "username": "ana",
      "domain": null,
      "created_at": "[time]",
      "email": "ana@mail.example",
      "ip": null,
      "ips": [],
      "locale": "en",
      "invite_request": null,
      "role": {
        "id": "-99",
        "name": "",
        "permissions": "0",
        "color": "",
        "highlighted": false
      },
      "confirmed": true,
      "approved": true,
      "disabled": false,
      "silenced": false,
      "suspended": false,
      "sensitized": false,
      "created_by_application_id": null,
      "invited_by_account_id": null,
      "account": "[account]"
    }
    "#);
}

#[tokio::test]
async fn limits_show_where_they_should_and_can_be_taken_back() {
    let api = Api::new().await;
    let (ana, ben, cleo) = (api.resident("ana").await, api.resident("ben").await, api.resident("cleo").await);
    let (mo, ada) = (staff(&api, "mo", Role::Moderator).await, staff(&api, "ada", Role::Admin).await);
    api.follow(&ana, &ben).await;
    let post = api.write(&ben, "status=Hello").await;
    act(&api, &mo, &ben, "type=silence&text=Calm+down").await.ok();
    let warning = api.get(&ben, "/api/v1/notifications").await.ok()[0].clone();
    assert_eq!(warning["type"], "moderation_warning");
    assert_eq!(
        (&warning["moderation_warning"]["action"], &warning["moderation_warning"]["text"]),
        (&"silence".into(), &"Calm down".into())
    );
    assert_eq!(warning["account"]["id"], ben.id.to_string());
    let public = "/api/v1/timelines/public";
    assert_eq!(ids(&api.get(&ana, public).await.ok()), [id(&post)], "followers see them");
    assert_eq!(ids(&api.get(&ben, public).await.ok()), [id(&post)], "and they themselves");
    assert_eq!(api.get(&cleo, public).await.ok(), serde_json::json!([]));
    assert_eq!(api.look(public).await.ok(), serde_json::json!([]));
    let search = "/api/v2/search?q=ben&type=accounts";
    assert_eq!(api.get(&cleo, search).await.ok()["accounts"], serde_json::json!([]));
    assert_eq!(ids(&api.get(&ana, search).await.ok()["accounts"]), [ben.id.to_string()]);
    api.get(&cleo, &format!("/api/v1/statuses/{}", id(&post))).await.ok();
    let seen = api.get(&cleo, &format!("/api/v1/accounts/{}", ben.id)).await.ok();
    assert_eq!(seen["limited"], true);
    let asked = api.post(&ben, &format!("/api/v1/accounts/{}/follow", cleo.id), "").await.ok();
    assert_eq!((&asked["following"], &asked["requested"]), (&false.into(), &true.into()));
    let back = api.post(&mo, &format!("/api/v1/admin/accounts/{}/unsilence", ben.id), "").await.ok();
    assert_eq!(back["silenced"], false);
    assert_eq!(ids(&api.look(public).await.ok()), [id(&post)]);

    act(&api, &mo, &ben, "type=sensitive").await.ok();
    let back = api.post(&mo, &format!("/api/v1/admin/accounts/{}/unsensitive", ben.id), "").await.ok();
    assert_eq!(back["sensitized"], false);

    act(&api, &mo, &ben, "type=suspend&send_email_notification=false").await.ok();
    api.get(&ben, "/api/v1/preferences").await.is(401);
    let seen = api.get(&cleo, &format!("/api/v1/accounts/{}", ben.id)).await.ok();
    assert_eq!((&seen["suspended"], &seen["display_name"]), (&true.into(), &"".into()));
    api.get(&cleo, &format!("/api/v1/statuses/{}", id(&post))).await.is(404);
    let one = format!("/api/v1/admin/accounts/{}", ben.id);
    assert_eq!(api.post(&mo, &format!("{one}/unsuspend"), "").await.ok()["suspended"], false);
    api.call(Method::DELETE, &ada.token, &one, "").await.is(403);
    act(&api, &mo, &ben, "type=suspend").await.ok();
    api.call(Method::DELETE, &mo.token, &one, "").await.is(403);
    api.call(Method::DELETE, &ada.token, &one, "").await.ok();
    api.get(&ada, &one).await.is(404);
}

#[tokio::test]
async fn moderators_do_not_decide_about_administrators_or_themselves() {
    let api = Api::new().await;
    let (mo, ada) = (staff(&api, "mo", Role::Moderator).await, staff(&api, "ada", Role::Admin).await);
    let ana = api.resident("ana").await;
    act(&api, &mo, &ada, "type=suspend").await.is(403);
    act(&api, &mo, &mo, "type=suspend").await.is(403);
    act(&api, &ada, &ada, "type=disable").await.is(403);
    act(&api, &mo, &ana, "type=banish").await.is(422);
    act(&api, &mo, &ana, "").await.is(422);
    act(&api, &mo, &ana, "type=none&report_id=9").await.is(404);
    act(&api, &mo, &ana, "type=none&warning_preset_id=9").await.is(404);
    act(&api, &ada, &mo, "type=disable").await.ok();
    api.get(&mo, "/api/v1/admin/reports").await.is(401);
}

#[tokio::test]
async fn people_who_wait_are_let_in_or_not_once() {
    use parvis_config::settings::Registration;
    use parvis_domain::accounts::{SignUp, sign_up};
    let api = Api::of(Town::builder().settings(|s| s.accounts.registration = Registration::Approval)).await;
    let mo = staff(&api, "mo", Role::Moderator).await;
    let mut waiting = Vec::new();
    for name in ["newa", "newb"] {
        let form = SignUp {
            username: name.to_owned(),
            email: format!("{name}@mail.example"),
            password: "a long enough one".to_owned(),
            reason: "I live here".to_owned(),
            accepts_rules: true,
            locale: "fr".to_owned(),
            from: None,
        };
        waiting.push(sign_up(&api.town, form).await.unwrap().unwrap());
    }
    let list = api.get(&mo, "/api/v2/admin/accounts?status=pending").await.ok();
    assert_eq!(list[0]["invite_request"], "I live here");
    let path = |n: usize, what: &str| format!("/api/v1/admin/accounts/{}/{what}", waiting[n]);
    assert_eq!(api.post(&mo, &path(0, "approve"), "").await.ok()["approved"], true);
    api.post(&mo, &path(0, "approve"), "").await.is(403);
    api.post(&mo, &path(0, "reject"), "").await.is(403);
    assert_eq!(api.post(&mo, &path(1, "reject"), "").await.ok()["approved"], false);
    api.post(&mo, &path(1, "reject"), "").await.is(404);
}
