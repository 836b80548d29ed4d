//! Where a program's device is told of notifications. What the device then gets: `domain::push`.

use super::*;

const KEYS: &str = "subscription[keys][p256dh]=BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4&\
                    subscription[keys][auth]=BTBZMqHH6r4Tts7J_aSIgg";
const PATH: &str = "/api/v1/push/subscription";

#[tokio::test]
async fn a_program_subscribes_its_device_and_changes_its_mind() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    api.get(&ana, PATH).await.is(404);
    api.call(Method::PUT, &ana.token, PATH, "data[alerts][mention]=true").await.is(404);
    let form = format!(
        "subscription[endpoint]=https://push.example/1&{KEYS}&data[alerts][mention]=true&data[alerts][admin.sign_up]=1&data[policy]=followed"
    );
    let made = api.post(&ana, PATH, &form).await.ok();
    insta::assert_json_snapshot!(made, { ".id" => "[id]", ".server_key" => "[key]" }, @r#"
    {
      "id": "[id]",
      "endpoint": "https://push.example/1",
      "standard": false,
      "alerts": {
        "mention": true,
        "quote": false,
        "status": false,
        "reblog": false,
        "follow": false,
        "follow_request": false,
        "favourite": false,
        "poll": false,
        "update": false,
        "quoted_update": false,
        "admin.sign_up": true,
        "admin.report": false
      },
      "policy": "followed",
      "server_key": "[key]"
    }
    "#);
    assert_eq!(api.get(&ana, PATH).await.ok(), made);
    let key = made["server_key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 87);
    let town = api.look("/api/v2/instance").await.ok();
    assert_eq!(town["configuration"]["vapid"]["public_key"], key);
    let app = api.get(&ana, "/api/v1/apps/verify_credentials").await.ok();
    assert_eq!(app["vapid_key"], key);
    let form = "client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob";
    assert_eq!(api.call(Method::POST, "", "/api/v1/apps", form).await.ok()["vapid_key"], key);

    let json = r#"{"data":{"alerts":{"follow":true,"mention":"0"},"policy":"all"}}"#;
    let changed = api.call(Method::PUT, &ana.token, PATH, json).await.ok();
    assert_eq!((&changed["alerts"]["follow"], &changed["alerts"]["mention"]), (&true.into(), &false.into()));
    assert_eq!((&changed["policy"], &changed["endpoint"]), (&"all".into(), &made["endpoint"]));
    api.call(Method::PUT, &ana.token, PATH, "policy=everybody").await.is(422);

    let json = r#"{"subscription":{"endpoint":"https://push.example/2","standard":true,"keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4=","auth":"BTBZMqHH6r4Tts7J_aSIgg=="}}}"#;
    let again = api.post(&ana, PATH, json).await.ok();
    assert_eq!((&again["endpoint"], &again["standard"]), (&"https://push.example/2".into(), &true.into()));
    assert_eq!(again["alerts"]["mention"], false, "replaced, not mixed");
    assert_eq!(api.call(Method::DELETE, &ana.token, PATH, "").await.ok(), serde_json::json!({}));
    api.get(&ana, PATH).await.is(404);
    api.call(Method::DELETE, &ana.token, PATH, "").await.ok();
}

#[tokio::test]
async fn i1_a_subscription_belongs_to_its_token() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let second = api.token(ana.id, "push").await;
    api.post(&ana, PATH, &format!("subscription[endpoint]=https://push.example/1&{KEYS}")).await.ok();
    for token in [&second, &ben.token] {
        api.call(Method::GET, token, PATH, "").await.is(404);
        api.call(Method::PUT, token, PATH, "data[alerts][mention]=true").await.is(404);
        api.call(Method::DELETE, token, PATH, "").await.ok();
    }
    assert_eq!(api.get(&ana, PATH).await.ok()["alerts"]["mention"], false);
}

#[tokio::test]
async fn f6_an_endpoint_or_keys_that_cannot_be_used_are_refused_with_words() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    for form in [
        String::new(),
        "subscription=text".to_owned(),
        format!("subscription[endpoint]=nonsense&{KEYS}"),
        format!("subscription[endpoint]=ftp://push.example/&{KEYS}"),
        format!("subscription[endpoint]=https://push.example/{}&{KEYS}", "x".repeat(2_100)),
        "subscription[endpoint]=https://push.example/&subscription[keys][p256dh]=AA&subscription[keys][auth]=AA"
            .to_owned(),
        format!("subscription[endpoint]=https://push.example/&{KEYS}&data[policy]=everybody"),
        format!("subscription[endpoint]=https://push.example/&{KEYS}&data[alerts][mention]=perhaps"),
    ] {
        let answer = api.post(&ana, PATH, &form).await;
        answer.is(422);
        assert!(answer.json()["error"].is_string(), "{form}");
    }
    api.get(&ana, PATH).await.is(404);
}
