//! Headers, failures, assets: what holds for every page.

use http::{Method, header};
use parvis_domain::testing::Town;

use super::Browser;
use axum::body::Body;

const PAGES: [&str; 12] = [
    "/",
    "/public",
    "/public/local",
    "/tags/x",
    "/search",
    "/about",
    "/about/rules",
    "/about/legal",
    "/auth/sign_up",
    "/auth/sign_in",
    "/auth/password",
    "/nothing-here",
];

#[tokio::test]
async fn x4_every_page_forbids_inline_script_sniffing_and_framing() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    for path in PAGES {
        let seen = browser.get(path).await;
        let policy = seen.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none';"), "{path}: {policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains("script-src") && !policy.contains("https:"),
            "{path}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        assert_eq!(seen.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(seen.header(header::REFERRER_POLICY), "same-origin");
        assert!(!seen.html.contains("<script") && !seen.html.contains(" style=\""), "{path}");
    }
}

#[tokio::test]
async fn x6_no_page_may_be_read_by_another_origin() {
    let town = Town::new().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    browser.sign_in("ana").await;
    for path in PAGES {
        for method in [Method::GET, Method::OPTIONS, Method::POST] {
            let request = browser
                .request(method, path)
                .header(header::ORIGIN, "https://evil.example")
                .header("access-control-request-method", "POST")
                .body(Body::empty())
                .expect("a request");
            let seen = browser.send(request).await;
            let allowed = seen.headers.keys().any(|name| name.as_str().starts_with("access-control-"));
            assert!(!allowed, "{path}");
        }
    }
}

#[tokio::test]
async fn failures_are_pages_with_the_number_of_the_request() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    let mut request = browser.request(Method::GET, "/nothing-here").body(Body::empty()).expect("a request");
    request.extensions_mut().insert(parvis_domain::outside::RequestId("req-17".to_owned()));
    let seen = browser.send(request).await;
    assert_eq!(seen.code, 404);
    assert!(
        seen.html.contains("Error 404, request req-17") && seen.html.contains("href=\"/about/legal\""),
        "{}",
        seen.html
    );
    for (method, path, code) in [
        (Method::DELETE, "/", 405),
        (Method::GET, "/auth/sign_out", 405),
        (Method::GET, "/@%ff", 400),
        (Method::GET, "/search?q=%ff", 200),
        (Method::GET, "/public?max_id=nonsense", 200),
        (Method::GET, "/public?max_id=99999999999999999999", 200),
        (Method::GET, "/public?max_id=1&max_id=2", 400),
    ] {
        let request = browser.request(method.clone(), path).body(Body::empty()).expect("a request");
        let seen = browser.send(request).await;
        assert_eq!(seen.code.as_u16(), code, "{method} {path}");
        assert!(seen.header(header::CONTENT_TYPE).starts_with("text/html"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_form_beyond_measure_is_refused() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    let long = "x".repeat(100_000);
    let seen = browser.fill("/auth/sign_in", "/auth/sign_in", &[("login", &long)]).await;
    assert_eq!(seen.code, 413);
}

#[tokio::test]
async fn every_page_links_the_source_rules_and_legal_notice() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    for path in PAGES {
        let html = browser.get(path).await.html;
        for link in [crate::frame::SOURCE, "/about/rules", "/about/legal"] {
            assert!(html.contains(&format!("href=\"{link}\"")), "{link} on {path}");
        }
    }
}

#[tokio::test]
async fn the_style_sheet_is_kept_for_a_year_and_a_page_without_forms_leaves_no_cookie() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/").await;
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    let style = page
        .html
        .split("rel=\"stylesheet\" href=\"")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .expect("a style sheet");
    let seen = browser.get(style).await;
    assert_eq!(seen.header(header::CONTENT_TYPE), "text/css; charset=utf-8");
    assert!(seen.header(header::CACHE_CONTROL).contains("immutable"));
    assert_eq!(browser.get("/assets/nothing.css").await.code, 404);
    assert_eq!(browser.get("/favicon.svg").await.header(header::CONTENT_TYPE), "image/svg+xml");
    for side in parvis_model::urls::ICON_SIZES {
        let seen = browser.get(&format!("/icon-{side}.png")).await;
        assert_eq!((seen.code.as_u16(), seen.header(header::CONTENT_TYPE)), (200, "image/png"), "{side}");
    }
}

#[tokio::test]
async fn security_txt_names_a_contact_when_there_is_one() {
    let town = Town::new().await;
    assert_eq!(Browser::new(&town).get("/.well-known/security.txt").await.code, 404);
    let town =
        Town::builder().settings(|s| s.town.contact_email = Some("it@town.example".to_owned())).build().await;
    let seen = Browser::new(&town).get("/.well-known/security.txt").await;
    assert!(seen.html.starts_with("Contact: mailto:it@town.example\nExpires: "), "{}", seen.html);
}
