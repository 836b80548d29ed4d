//! The OAuth endpoints and client programs.

use base64::Engine;
use parvis_domain::oauth::authorize;

use super::*;

const OOB: &str = "urn:ietf:wg:oauth:2.0:oob";

async fn register(api: &Api) -> (String, String) {
    let body = format!("client_name=toot&redirect_uris={OOB}&scopes=read+write+follow&website=");
    let app = api.call(Method::POST, "", "/api/v1/apps", &body).await.ok();
    (app["client_id"].as_str().unwrap().to_owned(), app["client_secret"].as_str().unwrap().to_owned())
}

/// What the consent page does when the person agrees.
async fn code(api: &Api, who: &Person, client_id: &str, scope: &str) -> String {
    let request = authorize::Request {
        response_type: "code".to_owned(),
        client_id: client_id.to_owned(),
        redirect_uri: OOB.to_owned(),
        scope: Some(scope.to_owned()),
        ..authorize::Request::default()
    };
    let checked = api.town.read(move |c| authorize::check(c, &request)).await.unwrap();
    let me = who.id;
    match api.town.write(move |tx| authorize::grant(tx, me, &checked)).await {
        authorize::Granted::Show(code) => code,
        authorize::Granted::GoTo(url) => panic!("{url}"),
    }
}

#[tokio::test]
async fn a_program_registers_gets_a_token_for_a_code_and_gives_it_back() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let (id, secret) = register(&api).await;
    let code = code(&api, &ana, &id, "read write").await;
    let body = serde_json::json!({
        "grant_type": "authorization_code", "client_id": id, "client_secret": secret, "redirect_uri": OOB, "code": code, "scope": "read write",
    })
    .to_string();
    let answer = api.call(Method::POST, "", "/oauth/token", &body).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let token = answer.ok();
    assert_eq!((&token["token_type"], &token["scope"]), (&"Bearer".into(), &"read write".into()));
    assert!(token["created_at"].is_i64());
    let bearer = token["access_token"].as_str().unwrap().to_owned();
    let me = api.call(Method::GET, &bearer, "/api/v1/accounts/verify_credentials", "").await.ok();
    assert_eq!(me["acct"], "ana");
    let app = api.call(Method::GET, &bearer, "/api/v1/apps/verify_credentials", "").await.ok();
    assert_eq!(app["name"], "toot");
    assert!(app.get("client_secret").is_none());

    let introspected = api
        .call(
            Method::POST,
            "",
            "/oauth/introspect",
            &format!("client_id={id}&client_secret={secret}&token={bearer}"),
        )
        .await
        .ok();
    assert_eq!(introspected["active"], true);
    let foreign =
        api.call(Method::POST, "", "/oauth/revoke", &format!("client_id=other&token={bearer}")).await;
    foreign.is(403);
    assert_eq!(foreign.json()["error"], "unauthorized_client");
    let give_back = format!("client_id={id}&client_secret={secret}&token={bearer}");
    for _ in 0..2 {
        assert_eq!(api.call(Method::POST, "", "/oauth/revoke", &give_back).await.ok(), serde_json::json!({}));
    }
    api.call(Method::GET, &bearer, "/api/v1/accounts/verify_credentials", "").await.is(401);

    // The code again: refused.
    let again = api.call(Method::POST, "", "/oauth/token", &body).await;
    again.is(400);
    assert_eq!(again.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_program_proves_itself_by_http_basic_too() {
    let api = Api::new().await;
    let (id, secret) = register(&api).await;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    let request = Request::post("/oauth/token")
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("grant_type=client_credentials&scope=read"))
        .unwrap();
    let token = api.send(request).await.ok();
    let bearer = token["access_token"].as_str().unwrap();
    api.call(Method::GET, bearer, "/api/v1/apps/verify_credentials", "").await.ok();
    api.call(Method::GET, bearer, "/api/v1/accounts/verify_credentials", "").await.is(422);
}

#[tokio::test]
async fn a4_a_token_never_allows_more_than_was_registered() {
    let api = Api::new().await;
    let (id, secret) = register(&api).await;
    let body =
        format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=read+admin:read");
    let answer = api.call(Method::POST, "", "/oauth/token", &body).await;
    answer.is(400);
    assert_eq!(answer.json()["error"], "invalid_scope");
}

#[tokio::test]
async fn wrong_questions_get_the_answers_of_rfc_6749() {
    let api = Api::new().await;
    let (id, _) = register(&api).await;
    for (body, status, code) in [
        ("grant_type=password&username=a&password=b".to_owned(), 400, "unsupported_grant_type"),
        (String::new(), 400, "invalid_request"),
        (format!("grant_type=client_credentials&client_id={id}&client_secret=wrong"), 401, "invalid_client"),
    ] {
        let answer = api.call(Method::POST, "", "/oauth/token", &body).await;
        answer.is(status);
        assert_eq!(answer.json()["error"], code);
        assert!(answer.json()["error_description"].is_string());
    }
    for body in [
        "",
        "client_name=x",
        "client_name=x&redirect_uris=javascript:alert(1)",
        "client_name=x&redirect_uris=https://a.example&scopes=everything",
    ] {
        api.call(Method::POST, "", "/api/v1/apps", body).await.is(422);
    }
}

#[tokio::test]
async fn redirect_uris_come_as_a_list_or_as_lines() {
    let api = Api::new().await;
    let list = r#"{"client_name":"Elk","redirect_uris":["https://elk.example/a","https://elk.example/b"],"scopes":"read write"}"#;
    let lines = "client_name=Elk&redirect_uris=https%3A%2F%2Felk.example%2Fa%0Ahttps%3A%2F%2Felk.example%2Fb&scopes=read+write";
    for body in [list, lines] {
        let app = api.call(Method::POST, "", "/api/v1/apps", body).await.ok();
        assert_eq!(
            app["redirect_uris"],
            serde_json::json!(["https://elk.example/a", "https://elk.example/b"])
        );
        assert_eq!(app["redirect_uri"], "https://elk.example/a\nhttps://elk.example/b");
        assert_eq!(app["client_secret_expires_at"], 0);
    }
}

#[tokio::test]
async fn the_metadata_of_the_server_turns_pkce_on() {
    let api = Api::new().await;
    let document = api.look("/.well-known/oauth-authorization-server").await.ok();
    assert_eq!(document["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(document["token_endpoint"], "http://town.example/oauth/token");
}
