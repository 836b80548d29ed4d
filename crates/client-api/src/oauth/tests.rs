//! What client programs see of OAuth; the rules themselves are tested in `domain::oauth`.

use http::StatusCode;
use parvis_domain::oauth::authorize::{self, Granted};
use parvis_model::ids::AccountId;
use serde_json::{Value, json};

use crate::testing::Api;

const BACK: &str = "https://client.example/cb";

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

async fn registered(api: &Api) -> Value {
    let body = json!({ "client_name": "Client", "redirect_uris": BACK, "scopes": "read write" });
    api.json("/api/v1/apps", None, &body).await.json()
}

async fn code(api: &Api, app: &Value, person: AccountId) -> String {
    let request = authorize::Request {
        response_type: "code".into(),
        client_id: text(&app["client_id"]),
        redirect_uri: BACK.into(),
        scope: Some("read".into()),
        ..authorize::Request::default()
    };
    let checked = api.town.read(move |c| authorize::check(c, &request)).await.expect("a good request");
    let Granted::GoTo(address) = api.town.write(move |tx| authorize::grant(tx, person, &checked)).await
    else {
        panic!("not sent back")
    };
    address.split_once("code=").expect("a code").1.to_owned()
}

#[tokio::test]
async fn a_program_registers_by_form_and_by_json() {
    let api = Api::new().await;
    let form = api
        .form(
            "/api/v1/apps",
            None,
            &[
                ("client_name", "toot"),
                ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob"),
                ("scopes", "read write"),
            ],
        )
        .await;
    assert_eq!(form.status, StatusCode::OK);
    let app = form.json();
    assert_eq!(app["redirect_uri"], "urn:ietf:wg:oauth:2.0:oob");
    assert_eq!(app["redirect_uris"], json!(["urn:ietf:wg:oauth:2.0:oob"]));
    assert_eq!(app["scopes"], json!(["read", "write"]));
    assert_eq!(app["client_secret_expires_at"], 0);
    let list =
        json!({ "client_name": "Elk", "redirect_uris": [BACK, "elk://x"], "website": "https://elk.example" });
    let app = api.json("/api/v1/apps", None, &list).await.json();
    assert_eq!(app["redirect_uris"], json!([BACK, "elk://x"]));
    assert_eq!(app["scopes"], json!(["read"]));
    for bad in [
        json!({ "client_name": "X" }),
        json!({ "redirect_uris": BACK }),
        json!({ "client_name": "X", "redirect_uris": "javascript:alert(1)" }),
        json!({ "client_name": "X", "redirect_uris": BACK, "scopes": "everything" }),
    ] {
        let refused = api.json("/api/v1/apps", None, &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(refused.json()["error"].is_string());
    }
}

#[tokio::test]
async fn a_code_becomes_a_token_that_says_which_program_it_is() {
    let api = Api::new().await;
    let ana = api.town.resident("ana").await;
    let app = registered(&api).await;
    let body = json!({
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "code": code(&api, &app, ana).await,
        "redirect_uri": BACK,
    });
    let answer = api.json("/oauth/token", None, &body).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    let token = answer.json();
    assert_eq!((&token["token_type"], &token["scope"]), (&json!("Bearer"), &json!("read")));
    assert_eq!(token["created_at"], 1_795_341_600);
    let bearer = text(&token["access_token"]);
    let about = api.get("/api/v1/apps/verify_credentials", Some(&bearer)).await.json();
    assert_eq!(about["name"], "Client");
    assert!(about.get("client_secret").is_none());

    let again = api.json("/oauth/token", None, &body).await;
    assert_eq!((again.status, &again.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    let gone = api.get("/api/v1/apps/verify_credentials", Some(&bearer)).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED, "a3: used twice, so it is taken back");
}

#[tokio::test]
async fn a_program_may_say_who_it_is_by_http_basic() {
    use base64::Engine;
    let api = Api::new().await;
    let app = registered(&api).await;
    let pair = format!("{}:{}", text(&app["client_id"]), text(&app["client_secret"]));
    let send = |path: &'static str, body: String| {
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(&pair));
        let request = http::Request::builder()
            .method("POST")
            .uri(path)
            .header("authorization", basic)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.into())
            .expect("a request");
        api.send(request)
    };
    let token = send("/oauth/token", "grant_type=client_credentials".into()).await.json();
    let bearer = text(&token["access_token"]);
    let about = send("/oauth/introspect", format!("token={bearer}")).await.json();
    assert_eq!((&about["active"], &about["scope"]), (&json!(true), &json!("read")));
    for _ in 0..2 {
        let revoked = send("/oauth/revoke", format!("token={bearer}")).await;
        assert_eq!((revoked.status, revoked.text.as_str()), (StatusCode::OK, "{}"));
    }
    let about = send("/oauth/introspect", format!("token={bearer}")).await.json();
    assert_eq!(about, json!({ "active": false }));
}

#[tokio::test]
async fn refusals_have_the_shapes_of_the_rfcs() {
    let api = Api::new().await;
    let unknown = api.form("/oauth/token", None, &[("grant_type", "client_credentials")]).await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    assert_eq!(unknown.json()["error"], "invalid_client");
    assert!(unknown.json()["error_description"].is_string());
    let password = api.form("/oauth/token", None, &[("grant_type", "password")]).await;
    assert_eq!(
        (password.status, password.json()["error"].clone()),
        (StatusCode::BAD_REQUEST, json!("unsupported_grant_type"))
    );
    let nothing = api.form("/oauth/token", None, &[]).await;
    assert_eq!(
        (nothing.status, nothing.json()["error"].clone()),
        (StatusCode::BAD_REQUEST, json!("invalid_request"))
    );
    let foreign = api.form("/oauth/revoke", None, &[("client_id", "x"), ("token", "y")]).await;
    assert_eq!(
        (foreign.status, foreign.json()["error"].clone()),
        (StatusCode::FORBIDDEN, json!("unauthorized_client"))
    );
}

#[tokio::test]
async fn clients_learn_of_pkce_from_the_metadata() {
    let api = Api::new().await;
    let metadata = api.get("/.well-known/oauth-authorization-server", None).await.json();
    assert_eq!(metadata["issuer"], "http://town.example/");
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(metadata["token_endpoint"], "http://town.example/oauth/token");
}

#[tokio::test]
async fn a7_signing_up_in_a_program_answers_alike_for_free_and_taken_addresses() {
    let api = Api::new().await;
    let app = registered(&api).await;
    let own = api
        .form(
            "/oauth/token",
            None,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", &text(&app["client_id"])),
                ("client_secret", &text(&app["client_secret"])),
                ("scope", "read write"),
            ],
        )
        .await
        .json();
    let own = text(&own["access_token"]);
    let sign_up = |username: &'static str| {
        let body = json!({
            "username": username, "email": "ana@mail.example", "password": "a long enough password",
            "agreement": "true", "locale": "fr", "role": "admin", "confirmed": true,
        });
        let (api, own) = (&api, own.clone());
        async move { api.json("/api/v1/accounts", Some(&own), &body).await }
    };
    let mut seen = Vec::new();
    for username in ["ana", "ben"] {
        let answer = sign_up(username).await;
        let token = text(&answer.json()["access_token"]);
        seen.push((answer.status, answer.json()["scope"].clone(), token.len()));
        let blocked = api.json("/api/v1/accounts", Some(&token), &json!({})).await;
        assert_eq!(blocked.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(seen.first(), seen.last());
    assert_eq!(api.town.mail.letters().len(), 2);

    let bad = json!({ "username": "mairie", "email": "x", "password": "short" });
    let refused = api.json("/api/v1/accounts", Some(&own), &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let details = refused.json()["details"].clone();
    assert_eq!(details["username"][0]["error"], "ERR_RESERVED");
    assert_eq!(details["agreement"][0]["error"], "ERR_ACCEPTED");
    assert_eq!(details["password"][0]["error"], "ERR_TOO_SHORT");
    assert_eq!(details["email"][0]["error"], "ERR_INVALID");
}
