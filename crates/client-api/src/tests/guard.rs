//! What a request must bring: over all routes, and for limits, CORS and cookies.

use parvis_domain::accounts::revoke;
use parvis_domain::oauth::{apps, token};
use parvis_model::account::Role;
use parvis_model::permission::Permission;
use parvis_model::time::MINUTE;

use super::*;
use crate::access::Access;
use crate::table::table;

/// An address of a route: nothing stands there.
pub fn path_of(route: &crate::access::Route) -> String {
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A token of a program itself.
pub async fn program_token(api: &Api, scopes: &str) -> String {
    let new = apps::NewApp {
        name: "Program".to_owned(),
        redirect_uris: vec!["urn:ietf:wg:oauth:2.0:oob".to_owned()],
        scopes: Some(scopes.to_owned()),
        website: None,
    };
    let made = api.town.write(move |tx| apps::register(tx, &new)).await.unwrap();
    let request = token::Request {
        grant_type: "client_credentials".to_owned(),
        client_id: made.app.client_id,
        client_secret: Some(made.secret),
        scope: Some(scopes.to_owned()),
        ..token::Request::default()
    };
    api.town.write(move |tx| token::exchange(tx, &request)).await.unwrap().token
}

#[tokio::test]
async fn a4_no_route_is_open_to_a_request_without_the_right_token() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let (me, revoked) = (ana.id, ana.token.clone());
    api.town.write(move |tx| revoke::everything(tx, me)).await;
    let (push, profile) = (api.token(ana.id, "push").await, api.token(ana.id, "profile").await);
    let program = program_token(&api, "read write").await;
    let (mut public, mut guarded) = (0, 0);
    for route in table() {
        let (method, path) = (route.method.clone(), path_of(&route));
        let what = format!("{method} {path}");
        let with = async |token: &str| api.call(method.clone(), token, &path, "").await.status.as_u16();
        if route.access == Access::Public {
            public += 1;
            continue;
        }
        guarded += 1;
        let scopes: &[&str] = match route.access {
            Access::Optional(s)
            | Access::Program(s)
            | Access::User(s)
            | Access::Newcomer(s)
            | Access::Staff(s, _) => s,
            Access::Public => &[],
        };
        assert_eq!(with(&revoked).await, 401, "{what} with a revoked token");
        assert_eq!(with("never-issued").await, 401, "{what} with an unknown token");
        match route.access {
            Access::Optional(_) => assert_ne!(with("").await, 401, "{what} is open to anybody"),
            _ => assert_eq!(with("").await, 401, "{what} without a token"),
        }
        if !scopes.is_empty() {
            let useless = if scopes.contains(&"push") { &profile } else { &push };
            assert_eq!(with(useless).await, 403, "{what} with a token of another scope");
        }
        if matches!(route.access, Access::User(_) | Access::Newcomer(_) | Access::Staff(..)) {
            let expected = if scopes.contains(&"profile") { 422 } else { with(&program).await };
            assert!(expected == 422 || expected == 403, "{what} with a program's own token: {expected}");
        }
    }
    // The public ones are these few; a new one must be added here on purpose.
    assert_eq!(public, 25);
    assert!(guarded > 60, "{guarded}");
}

#[tokio::test]
async fn i4_a_route_for_staff_asks_for_scope_and_role_before_anything_runs() {
    let mut api = Api::new().await;
    let page = |path, permission| {
        crate::access::read(path, Access::Staff(&["admin:read:reports"], permission), async || "the desk")
    };
    let routes = vec![
        page("/api/v1/admin/people", Permission::ManageReports),
        page("/api/v1/admin/servers", Permission::ManageFederation),
    ];
    api.router = crate::access::build(routes, &api.town.handle()).with_state(api.town.handle());
    let ana = api.town.resident("ana").await;
    let (moderator, admin) = (api.town.moderator("mo").await, api.town.account("ada", Role::Admin).await);
    let ask = async |who, scopes: &str, path| {
        let token = api.token(who, scopes).await;
        api.call(Method::GET, &token, path, "").await
    };
    let (people, servers) = ("/api/v1/admin/people", "/api/v1/admin/servers");
    api.look(people).await.is(401);
    for who in [ana, moderator, admin] {
        let refused = ask(who, "read write follow push", people).await;
        refused.is(403);
        assert_eq!(refused.json()["error"], "This action is outside the authorized scopes");
    }
    for (who, path) in [(ana, people), (ana, servers), (moderator, servers)] {
        let refused = ask(who, "admin:read admin:write", path).await;
        refused.is(403);
        assert_eq!(refused.json()["error"], "This action is not allowed");
    }
    for (who, path) in [(moderator, people), (admin, people), (admin, servers)] {
        ask(who, "admin:read", path).await.is(200);
        ask(who, "admin:read:reports", path).await.is(200);
    }
}

#[test]
fn i4_no_address_of_the_administration_is_open_to_others() {
    for route in table() {
        let is_staff = matches!(route.access, Access::Staff(..));
        assert_eq!(route.path.contains("/admin/"), is_staff, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn a_role_shows_to_its_owner_with_its_rights_and_to_others_by_its_name() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let mo = api.town.moderator("mo").await;
    let mo = Person { id: mo, token: api.token(mo, "read").await };
    let own = api.get(&mo, "/api/v1/accounts/verify_credentials").await.ok();
    assert_eq!((&own["role"]["name"], &own["role"]["permissions"]), (&"Moderator".into(), &"1820".into()));
    let seen = api.get(&ana, &format!("/api/v1/accounts/{}", mo.id)).await.ok();
    assert_eq!(seen["roles"], serde_json::json!([{ "id": "3", "name": "Moderator", "color": "" }]));
    let own = api.get(&ana, "/api/v1/accounts/verify_credentials").await.ok();
    assert_eq!((&own["role"]["permissions"], &own["roles"]), (&"0".into(), &serde_json::json!([])));
}

#[tokio::test]
async fn an_address_that_is_none_says_so_in_json() {
    let api = Api::new().await;
    let answer = api.look("/api/v1/nothing/here").await;
    answer.is(404);
    assert_eq!(answer.json()["error"], "Record not found");
    let wrong = api.call(Method::DELETE, "", "/api/v1/instance", "").await;
    wrong.is(405);
    assert!(wrong.json()["error"].is_string());
}

#[tokio::test]
async fn x6_cookies_are_no_credentials_and_other_origins_may_ask() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let request = Request::get("/api/v1/accounts/verify_credentials")
        .header("cookie", format!("session={0}; access_token={0}", ana.token))
        .header("origin", "https://elk.example")
        .body(Body::empty())
        .unwrap();
    let answer = api.send(request).await;
    answer.is(401);
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert!(answer.headers.get("access-control-allow-credentials").is_none());
    let in_query = api.look(&format!("/api/v1/accounts/verify_credentials?access_token={}", ana.token)).await;
    in_query.is(401);
    for path in ["/api/v1/statuses", "/oauth/token", "/api/v1/timelines/home", "/api/v1/unknown"] {
        let preflight = Request::options(path)
            .header("origin", "https://elk.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,idempotency-key")
            .body(Body::empty())
            .unwrap();
        let answer = api.send(preflight).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.status);
        let allowed = answer.headers["access-control-allow-headers"].to_str().unwrap().to_lowercase();
        assert!(allowed.contains("authorization") && allowed.contains("idempotency-key"));
    }
}

#[tokio::test]
async fn a8_three_hundred_requests_and_then_no_more() {
    let api = Api::of(Town::builder().settings(|s| s.limits.rate_limits = true)).await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let other_token = api.token(ana.id, "read").await;
    for _ in 0..300 {
        api.get(&ana, "/api/v1/preferences").await.ok();
    }
    for path in ["/api/v1/preferences", "/api/v1/preferences?x=1", "/api/v1/markers"] {
        let answer = api.get(&ana, path).await;
        answer.is(429);
        assert_eq!(answer.headers["x-ratelimit-limit"], "300");
        assert_eq!(answer.headers["x-ratelimit-remaining"], "0");
        assert!(answer.headers["x-ratelimit-reset"].to_str().unwrap().ends_with('Z'));
        assert!(answer.headers.contains_key("retry-after"));
    }
    api.call(Method::GET, &other_token, "/api/v1/preferences", "").await.is(429);
    let forged = Request::get("/api/v1/preferences")
        .header("authorization", format!("Bearer {}", ana.token))
        .header("x-forwarded-for", "203.0.113.9")
        .body(Body::empty())
        .unwrap();
    api.send(forged).await.is(429);
    api.get(&ben, "/api/v1/preferences").await.ok();
    api.town.clock.advance(5 * MINUTE);
    api.get(&ana, "/api/v1/preferences").await.ok();
}

#[tokio::test]
async fn who_has_not_confirmed_is_told_so_and_not_signed_out() {
    let api = Api::new().await;
    let program = program_token(&api, "read write").await;
    let form = "username=newcomer&email=new@mail.example&password=a+long+enough+one&agreement=true&locale=fr";
    let made = api.call(Method::POST, &program, "/api/v1/accounts", form).await.ok();
    let token = made["access_token"].as_str().unwrap().to_owned();
    let check = |path: &'static str| api.call(Method::GET, &token, path, "");
    check("/api/v1/accounts/verify_credentials").await.is(403);
    check("/api/v1/timelines/home").await.is(403);
    assert_eq!(check("/api/v1/emails/check_confirmation").await.ok(), false);
    api.town.clock.advance(5 * MINUTE);
    api.call(Method::POST, &token, "/api/v1/emails/confirmations", "").await.ok();
    assert_eq!(api.town.mail.letters().iter().filter(|l| l.to == "new@mail.example").count(), 2);

    let link = api.town.mail.token_to("new@mail.example");

    let look = api.look("/api/v2/search?q=newcomer").await.ok();
    assert_eq!(look["accounts"], serde_json::json!([]), "who is not confirmed is not there for others");
    api.look("/api/v1/accounts/lookup?acct=newcomer").await.is(404);

    // Somebody else's address: the answers are the same, but no account comes of it (threats A7).
    let again = form.replace("newcomer", "other");
    let decoy = api.call(Method::POST, &program, "/api/v1/accounts", &again).await.ok();
    let decoy = decoy["access_token"].as_str().unwrap().to_owned();
    for path in ["/api/v1/accounts/verify_credentials", "/api/v1/timelines/home"] {
        let (real, fake) =
            (api.call(Method::GET, &token, path, "").await, api.call(Method::GET, &decoy, path, "").await);
        assert_eq!((real.status, real.text), (fake.status, fake.text), "{path}");
    }
    assert_eq!(api.call(Method::GET, &decoy, "/api/v1/emails/check_confirmation", "").await.ok(), false);

    let signed_up = "/api/v1/notifications?types[]=admin.sign_up";
    let mo = super::admin::staff(&api, "mo", parvis_model::account::Role::Moderator).await;
    assert_eq!(api.get(&mo, signed_up).await.ok(), serde_json::json!([]), "not before it is confirmed");
    api.town.write(move |tx| parvis_domain::sign_in::confirm::confirm(tx, &link)).await;
    let told = api.get(&mo, signed_up).await.ok();
    assert_eq!((&told[0]["account"]["acct"], told.as_array().unwrap().len()), (&"newcomer".into(), 1));
    assert_eq!(check("/api/v1/accounts/verify_credentials").await.ok()["username"], "newcomer");
    api.call(Method::POST, &token, "/api/v1/emails/confirmations", "").await.is(403);
}

#[tokio::test]
async fn a_sign_up_with_mistakes_names_each_field() {
    let api = Api::new().await;
    let program = program_token(&api, "write").await;
    let answer =
        api.call(Method::POST, &program, "/api/v1/accounts", "username=mairie&email=x&password=short").await;
    answer.is(422);
    let details = answer.json()["details"].clone();
    assert_eq!(details["username"][0]["error"], "ERR_RESERVED");
    for field in ["email", "password", "agreement"] {
        assert!(details[field][0]["description"].is_string(), "{field}: {details}");
    }
}
