//! The table as a whole: who gets in where. A new route is tested by being in the table.

use std::collections::HashSet;

use axum::body::Body;
use http::{Request, StatusCode};
use parvis_domain::accounts::revoke;
use parvis_domain::testing::Town;
use parvis_model::scope::{KNOWN, Scopes};

use super::*;
use crate::testing::Api;

/// A path with something in place of its variables.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/")
}

fn scope(access: Access) -> Option<Scope> {
    match access {
        Access::Public | Access::App => None,
        Access::Optional(scope) | Access::AppWith(scope) | Access::User(scope) | Access::Stream(scope) => {
            Some(scope)
        }
    }
}

/// All scopes but those that open this route.
fn useless(needed: Scope) -> String {
    let opens = |s: &&str| {
        let one = Scopes::parse(s).expect("a known scope");
        needed.split('|').any(|n| one.allow(n))
    };
    KNOWN.iter().copied().filter(|s| !opens(s)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a4_every_scope_of_the_table_is_a_known_one_and_no_route_is_there_twice() {
    let mut seen = HashSet::new();
    for route in table::routes() {
        assert!(seen.insert((route.method.clone(), route.path)), "{} {} twice", route.method, route.path);
        for scope in scope(route.access).into_iter().flat_map(|s| s.split('|')) {
            assert!(KNOWN.contains(&scope), "{} {}: {scope}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn a4_without_a_token_only_open_routes_let_anybody_in() {
    let api = Api::new().await;
    for route in table::routes() {
        let is_open = matches!(route.access, Access::Public | Access::Optional(_));
        let answer = api.call(route.method.clone(), &filled(route.path), None).await;
        let is_refused =
            answer.status == StatusCode::UNAUTHORIZED && answer.text.contains("The access token is invalid");
        assert_eq!(is_refused, !is_open, "{} {}: {}", route.method, route.path, answer.status);
    }
}

#[tokio::test]
async fn a4_all_other_scopes_together_do_not_open_a_route() {
    let api = Api::new().await;
    let ana = api.town.resident("ana").await;
    for route in table::routes() {
        let Some(needed) = scope(route.access) else { continue };
        let token = api.town.token(ana, &useless(needed)).await;
        let answer = api.call(route.method.clone(), &filled(route.path), Some(&token)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
        assert_eq!(answer.json()["error"], "This action is outside the authorized scopes");
    }
}

#[tokio::test]
async fn a5_a_revoked_or_invented_token_opens_nothing() {
    let api = Api::new().await;
    let ana = api.town.resident("ana").await;
    let revoked = api.town.token(ana, &KNOWN.join(" ")).await;
    api.town.write(move |tx| revoke::everything(tx, ana)).await;
    for route in table::routes().into_iter().filter(|r| r.access != Access::Public) {
        for token in [revoked.as_str(), "invented"] {
            let answer = api.call(route.method.clone(), &filled(route.path), Some(token)).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {}", route.method, route.path);
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
    }
}

#[tokio::test]
async fn i4_a_program_without_a_person_does_not_pass_for_one() {
    let api = Api::new().await;
    let made = api
        .form(
            "/api/v1/apps",
            None,
            &[("client_name", "X"), ("redirect_uris", "x://y"), ("scopes", &KNOWN.join(" "))],
        )
        .await
        .json();
    let text = |v: &serde_json::Value| v.as_str().expect("a text").to_owned();
    let token = api
        .form(
            "/oauth/token",
            None,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", &text(&made["client_id"])),
                ("client_secret", &text(&made["client_secret"])),
                ("scope", &KNOWN.join(" ")),
            ],
        )
        .await
        .json();
    let token = text(&token["access_token"]);
    for route in
        table::routes().into_iter().filter(|r| matches!(r.access, Access::User(_) | Access::Stream(_)))
    {
        let answer = api.call(route.method.clone(), &filled(route.path), Some(&token)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{} {}", route.method, route.path);
        assert_eq!(answer.json()["error"], "This method requires an authenticated user");
    }
}

#[tokio::test]
async fn x6_scripts_of_other_origins_may_call_but_cookies_mean_nothing() {
    let api = Api::new().await;
    let preflight = Request::builder()
        .method(Method::OPTIONS)
        .uri("/api/v1/apps/verify_credentials")
        .header("origin", "https://client.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization")
        .body(Body::empty())
        .expect("a request");
    let answer = api.send(preflight).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-headers"), "authorization");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let ana = api.town.resident("ana").await;
    let token = api.town.token(ana, "read").await;
    let with_cookie = Request::builder()
        .uri("/api/v1/apps/verify_credentials")
        .header("origin", "https://client.example")
        .header("cookie", format!("token={token}; session={token}"))
        .body(Body::empty())
        .expect("a request");
    let answer = api.send(with_cookie).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("access-control-expose-headers").contains("link"));
}

#[tokio::test]
async fn a8_requests_are_counted_by_account_whatever_the_path_and_refused_beyond_the_limit() {
    let api = Api::of(Town::builder().settings(|s| s.limits.rate_limits = true)).await;
    let ana = api.town.resident("ana").await;
    let (one, two) = (api.town.token(ana, "read").await, api.town.token(ana, "read").await);
    let path = "/api/v1/apps/verify_credentials";
    let first = api.get(path, Some(&one)).await;
    assert_eq!((first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")), ("300", "299"));
    assert_eq!(first.header("x-ratelimit-reset"), "2026-11-22T10:05:00.000Z");
    for n in 1..300 {
        let path = if n % 2 == 0 { path.to_owned() } else { format!("{path}?n={n}") };
        assert_eq!(api.get(&path, Some(&two)).await.status, StatusCode::OK);
    }
    let refused = api.get(path, Some(&one)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    assert_eq!(refused.json()["error"], "Too many requests");
    let ben = api.town.resident("ben").await;
    let other = api.town.token(ben, "read").await;
    assert_eq!(api.get(path, Some(&other)).await.status, StatusCode::OK);
    api.town.clock.advance(5 * parvis_model::time::MINUTE);
    assert_eq!(api.get(path, Some(&one)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn i2_what_is_not_there_is_said_in_one_way() {
    let api = Api::new().await;
    let answer = api.get("/api/v1/nothing/here", None).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::NOT_FOUND, r#"{"error":"Record not found"}"#)
    );
}

#[tokio::test]
async fn somebody_who_comes_is_noted_as_present() {
    let api = Api::new().await;
    let ana = api.town.resident("ana").await;
    let token = api.town.token(ana, "read").await;
    api.town.clock.advance(2 * parvis_model::time::HOUR);
    api.get("/api/v1/apps/verify_credentials", Some(&token)).await;
    let login = api.town.read(move |c| parvis_domain::accounts::find::login(c, ana)).await;
    assert_eq!(login.last_active_at, api.town.now());
}
