//! Servers, mail and networks that are kept out, as administrators keep the lists.

use std::net::IpAddr;

use parvis_domain::barriers::networks;
use parvis_domain::outside::ClientIp;
use parvis_domain::policy;
use parvis_model::account::Role;
use parvis_model::barrier::NetworkSeverity;
use parvis_model::time::HOUR;

use super::*;

async fn admin(api: &Api) -> Person {
    let id = api.town.account("ada", Role::Admin).await;
    Person { id, token: api.token(id, "read admin:read admin:write").await }
}

#[tokio::test]
async fn a_server_is_blocked_changed_and_let_in_again() {
    let api = Api::new().await;
    let ada = admin(&api).await;
    let list = "/api/v1/admin/domain_blocks";
    let block = api.post(&ada, list, "domain=Evil.example&obfuscate=true&private_comment=why").await.ok();
    insta::assert_json_snapshot!(block, { ".id" => "[id]", ".created_at" => "[time]", ".digest" => "[digest]" }, @r#"
    {
      "id": "[id]",
      "domain": "evil.example",
      "digest": "[digest]",
      "created_at": "[time]",
      "severity": "silence",
      "reject_media": false,
      "reject_reports": false,
      "private_comment": "why",
      "public_comment": null,
      "obfuscate": true
    }
    "#);
    let again = api.post(&ada, list, "domain=evil.example&severity=suspend").await;
    again.is(422);
    assert_eq!(again.json()["existing_domain_block"]["id"], block["id"]);
    api.post(&ada, list, "domain=sub.evil.example&severity=noop").await.is(422);
    api.post(&ada, list, "domain=sub.evil.example&severity=suspend").await.ok();
    for bad in ["domain=", "domain=127.0.0.1", "domain=town.example", "domain=x.example&severity=odd"] {
        api.post(&ada, list, bad).await.is(422);
    }
    let one = format!("{list}/{}", id(&block));
    let changed = api.call(Method::PUT, &ada.token, &one, "severity=suspend&public_comment=Spam").await.ok();
    assert_eq!((&changed["severity"], &changed["private_comment"]), (&"suspend".into(), &"why".into()));
    assert_eq!(api.get(&ada, &one).await.ok(), changed);
    let is_suspended = async |host: &'static str| api.town.read(move |c| policy::is_suspended(c, host)).await;
    assert!(is_suspended("a.evil.example").await);
    assert_eq!(ids(&api.get(&ada, &format!("{list}?limit=1")).await.ok()).len(), 1);
    api.call(Method::DELETE, &ada.token, &one, "").await.ok();
    api.get(&ada, &one).await.is(404);
    assert!(!is_suspended("a.evil.example").await && is_suspended("sub.evil.example").await);
}

#[tokio::test]
async fn where_everybody_is_shut_out_only_allowed_servers_come_in() {
    let api = Api::new().await;
    let ada = admin(&api).await;
    let is_suspended = async |host: &'static str| api.town.read(move |c| policy::is_suspended(c, host)).await;
    let allow = api.post(&ada, "/api/v1/admin/domain_allows", "domain=Friend.example").await.ok();
    assert_eq!(api.post(&ada, "/api/v1/admin/domain_allows", "domain=friend.example").await.ok(), allow);
    assert!(!is_suspended("other.example").await);
    api.post(&ada, "/api/v1/admin/domain_blocks", "domain=*&severity=suspend").await.ok();
    assert!(is_suspended("other.example").await && !is_suspended("www.friend.example").await);
    assert!(!is_suspended("").await, "the town itself");
    let instance = api.look("/api/v2/instance").await.ok();
    assert_eq!(instance["configuration"]["limited_federation"], true);
    let one = format!("/api/v1/admin/domain_allows/{}", id(&allow));
    assert_eq!(api.get(&ada, &one).await.ok()["domain"], "friend.example");
    assert_eq!(ids(&api.get(&ada, "/api/v1/admin/domain_allows").await.ok()), [id(&allow)]);
    api.call(Method::DELETE, &ada.token, &one, "").await.ok();
    assert!(is_suspended("friend.example").await);
    api.post(&ada, "/api/v1/admin/domain_allows", "domain=10.0.0.1").await.is(422);
}

/// With the token of a program that somebody uses.
async fn sign_up(api: &Api, program: &Person, name: &str, email: &str, from: [u8; 4]) -> Answer {
    let token = &program.token;
    let form = format!("username={name}&email={email}&password=a+long+enough+one&agreement=true&locale=en");
    let mut request = Request::post("/api/v1/accounts")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    request.extensions_mut().insert(ClientIp(IpAddr::from(from)));
    api.send(request).await
}

#[tokio::test]
async fn blocked_mail_and_networks_do_not_sign_up() {
    let api = Api::new().await;
    let (ada, program) = (admin(&api).await, api.resident("dev").await);
    let here = [192, 0, 2, 7];
    let domain = api.post(&ada, "/api/v1/admin/email_domain_blocks", "domain=Throwaway.example").await.ok();
    assert_eq!(
        (&domain["domain"], &domain["history"]),
        (&"throwaway.example".into(), &serde_json::json!([]))
    );
    api.post(&ada, "/api/v1/admin/email_domain_blocks", "domain=throwaway.example").await.is(422);
    let refused = sign_up(&api, &program, "ann", "a@mx.throwaway.example", here).await;
    refused.is(422);
    assert!(refused.json()["details"]["email"].is_array());
    let one = format!("/api/v1/admin/email_domain_blocks/{}", id(&domain));
    assert_eq!(api.get(&ada, &one).await.ok(), domain);
    api.call(Method::DELETE, &ada.token, &one, "").await.ok();
    sign_up(&api, &program, "ann", "a@mx.throwaway.example", here).await.is(200);

    let list = "/api/v1/admin/canonical_email_blocks";
    let block = api.post(&ada, list, "email=b.o.b%2Bx@mail.example").await.ok();
    let found = api.post(&ada, &format!("{list}/test"), "email=BOB@mail.example").await.ok();
    assert_eq!(found, serde_json::json!([block]));
    assert_eq!(
        api.post(&ada, &format!("{list}/test"), "email=x@mail.example").await.ok(),
        serde_json::json!([])
    );
    api.post(&ada, &format!("{list}/test"), "").await.is(422);
    api.post(&ada, list, "canonical_email_hash=xyz").await.is(422);
    sign_up(&api, &program, "bob", "bo.b@mail.example", here).await.is(422);
    assert_eq!(ids(&api.get(&ada, list).await.ok()), [id(&block)]);
    assert_eq!(api.get(&ada, &format!("{list}/{}", id(&block))).await.ok(), block);
    api.call(Method::DELETE, &ada.token, &format!("{list}/{}", id(&block)), "").await.ok();
    sign_up(&api, &program, "bob", "bo.b@mail.example", here).await.is(200);

    let list = "/api/v1/admin/ip_blocks";
    let form = "ip=192.0.2.0/24&severity=sign_up_block&comment=abuse&expires_in=3600";
    let block = api.post(&ada, list, form).await.ok();
    assert_eq!((&block["ip"], &block["severity"]), (&"192.0.2.0/24".into(), &"sign_up_block".into()));
    assert!(block["expires_at"].is_string());
    api.post(&ada, list, form).await.is(422);
    for bad in [
        "ip=0.0.0.0/0&severity=no_access",
        "ip=x&severity=no_access",
        "ip=192.0.2.1",
        "ip=192.0.2.1&severity=odd",
    ] {
        api.post(&ada, list, bad).await.is(422);
    }
    sign_up(&api, &program, "cat", "cat@mail.example", here).await.is(403);
    sign_up(&api, &program, "cat", "cat@mail.example", [198, 51, 100, 1]).await.is(200);
    let one = format!("{list}/{}", id(&block));
    let changed = api.call(Method::PUT, &ada.token, &one, "severity=no_access").await.ok();
    assert_eq!((&changed["severity"], &changed["comment"]), (&"no_access".into(), &"abuse".into()));
    let at_the_door = async || networks::of(&api.town, IpAddr::from(here)).await.unwrap();
    assert_eq!(at_the_door().await, Some(NetworkSeverity::NoAccess));
    api.town.clock.advance(HOUR);
    assert_eq!(at_the_door().await, None, "over");
    api.call(Method::DELETE, &ada.token, &one, "").await.ok();
    api.get(&ada, &one).await.is(404);
}
