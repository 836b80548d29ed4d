//! Every route, given what no well-behaved program sends: the answer may be any no, and is never a fault of ours (threats J1, J4, F12, I3's "generic
//! fields"). What each topic does with *plausible* mistakes is tested there.

use super::*;
use crate::access::Route;
use crate::auth::TokenFrom;
use crate::table::table;

/// Names of parameters that routes know, given all at once: each takes those it knows.
const NAMES: &[&str] = &[
    "status",
    "spoiler_text",
    "language",
    "visibility",
    "in_reply_to_id",
    "scheduled_at",
    "quoted_status_id",
    "media_ids",
    "poll",
    "title",
    "phrase",
    "keyword",
    "context",
    "expires_in",
    "filter_action",
    "replies_policy",
    "exclusive",
    "account_ids",
    "account_id",
    "status_ids",
    "status_id",
    "comment",
    "category",
    "rule_ids",
    "forward",
    "domain",
    "name",
    "acct",
    "q",
    "type",
    "url",
    "id",
    "choices",
    "timeline",
    "home",
    "notifications",
    "client_name",
    "redirect_uris",
    "scopes",
    "website",
    "username",
    "email",
    "password",
    "agreement",
    "locale",
    "reason",
    "display_name",
    "note",
    "fields_attributes",
    "keywords_attributes",
    "source",
    "subscription",
    "data",
    "duration",
    "reblogs",
    "notify",
    "languages",
    "focus",
    "description",
    "types",
    "exclude_types",
    "grouped_types",
    "for_not_following",
    "tag",
    "list",
    "any",
    "all",
    "none",
    "keys",
    "start_at",
    "end_at",
    "severity",
    "ip",
    "text",
    "frequency",
];

/// A value for every parameter, as a form.
fn form(value: &str) -> String {
    NAMES.iter().map(|name| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The same as JSON.
fn json(value: &Value) -> String {
    let members: serde_json::Map<String, Value> =
        NAMES.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
    Value::Object(members).to_string()
}

/// Bodies that no program sends.
fn bodies() -> Vec<(&'static str, String)> {
    let long = "x".repeat(20_000);
    let nested = (0..40).fold(serde_json::json!("deep"), |inner, _| serde_json::json!({ "a": [inner] }));
    vec![
        ("nothing", String::new()),
        ("long texts", form(&long)),
        ("long lists", json(&serde_json::json!(vec!["1"; 5_000]))),
        ("NUL", form("a%00b")),
        ("NUL in JSON", json(&serde_json::json!("a\u{0}b"))),
        ("broken UTF-8", form("%ff%fe")),
        ("surrogates", "{\"status\":\"\\ud800\",\"title\":\"\\udfff\"}".to_owned()),
        ("objects for texts", json(&nested)),
        ("lists of lists", json(&serde_json::json!([[[]], [{}], null]))),
        ("numbers too large", NAMES.iter().map(|n| format!("\"{n}\":1e400")).collect::<Vec<_>>().join(",")),
        ("numbers at the edge", json(&serde_json::json!(i64::MIN))),
        ("fractions", json(&serde_json::json!(-0.5))),
        ("years too far", form("99999999-12-31T23:59:60Z")),
        ("nested too deep", format!("{}{}", "{\"status\":".repeat(3_000), "}".repeat(3_000))),
        ("direction marks", form("%E2%80%AE%E2%80%8B%F0%9F%8F%B3")),
    ]
}

/// Addresses that no program asks for.
fn addresses(route: &Route) -> Vec<String> {
    let with = |id: &str| {
        let parts = route.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let pages = "limit=-1&max_id=99999999999999999999&min_id=-1&since_id=abc&offset=-3&id[]=&id[]=%00&types[]=%00&q=%00&acct=%00";
    let odd = "limit=99999999999&offset=99999999999&max_id=9223372036854775807&min_id=0&q=%25%5F%27%22%3B--&resolve=maybe&timeline[][a]=1";
    let mut all = vec![format!("{}?{pages}", with("1")), format!("{}?{odd}", with("1"))];
    if route.path.contains('{') {
        let long = "9".repeat(400);
        all.extend(
            ["0", "-1", "9223372036854775807", "%00", "%FF", "..%2F..", "a%20b", "%F0%9F%8F%B3", &long]
                .map(with),
        );
    }
    all
}

#[tokio::test]
async fn j1_j4_f12_no_route_fails_whatever_it_is_given() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let token = api.token(ana.id, "read write follow push profile admin:read admin:write").await;
    let bodies = bodies();
    let mut failed = Vec::new();
    for route in table() {
        if route.token == TokenFrom::Anywhere {
            continue;
        }
        let what = format!("{} {}", route.method, route.path);
        for address in addresses(&route) {
            let answer = api.call(route.method.clone(), &token, &address, "").await;
            if answer.status.is_server_error() {
                failed.push(format!("{what} at {address:.200}: {}", answer.status));
            }
        }
        if route.method == Method::GET {
            continue;
        }
        for (name, body) in &bodies {
            let answer = api.call(route.method.clone(), &token, &guard::path_of(&route), body).await;
            if answer.status.is_server_error() {
                failed.push(format!("{what} with {name}: {}", answer.status));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let kept = api.get(&ana, "/api/v1/accounts/verify_credentials").await.ok();
    assert_eq!(kept["acct"], "ana", "and the town is still there");
}

#[tokio::test]
async fn j1_a_tag_that_is_no_text_is_refused_in_the_shape_of_the_api() {
    let api = Api::new().await;
    let answer = api.look("/api/v1/timelines/tag/%ff").await;
    answer.is(404);
    assert_eq!(answer.json(), serde_json::json!({ "error": "Record not found" }));
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
}
