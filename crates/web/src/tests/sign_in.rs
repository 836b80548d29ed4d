//! Accounts through forms: signing up, confirming, signing in and out, a forgotten password, requests for accounts.

use std::collections::BTreeMap;

use http::header;
use parvis_config::{Registration, Scheme};
use parvis_domain::testing::{PASSWORD, Town};

use super::Browser;

const FORM: [(&str, &str); 4] = [
    ("username", "zoe"),
    ("email", "zoe@mail.example"),
    ("password", "a very long password"),
    ("agreement", "yes"),
];

#[tokio::test]
async fn somebody_signs_up_confirms_and_signs_in() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    let done = browser.fill("/auth/sign_up", "/auth/sign_up", &FORM).await;
    assert_eq!(done.code, 200, "{}", done.html);
    assert!(done.html.contains("Almost there"));
    let token = town.mail.token_to("zoe@mail.example");
    let page = format!("/auth/confirm?token={token}");
    for _ in 0..3 {
        assert_eq!(browser.get(&page).await.code, 200, "opening the link does not use it up");
    }
    let confirmed = browser.fill(&page, "/auth/confirm", &[]).await;
    assert!(confirmed.html.contains("Address confirmed"), "{}", confirmed.html);
    let again = browser.fill(&page, "/auth/confirm", &[]).await;
    assert_eq!(again.code, 422, "a link works once");
    let seen = browser
        .fill(
            "/auth/sign_in?next=/settings",
            "/auth/sign_in",
            &[("login", "zoe@mail.example"), ("password", "a very long password")],
        )
        .await;
    assert_eq!((seen.code.as_u16(), seen.location()), (303, "/settings"));
    assert!(browser.get("/settings").await.html.contains("@zoe@town.example"));
}

#[tokio::test]
async fn a_sign_up_form_says_all_that_must_be_corrected_and_keeps_what_was_typed() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    let bad = [("username", "mairie"), ("email", "not an address"), ("password", "short")];
    let seen = browser.fill("/auth/sign_up", "/auth/sign_up", &bad).await;
    assert_eq!(seen.code, 422);
    for words in
        ["kept for the town", "e-mail address cannot be used", "at least 10 characters", "accept the rules"]
    {
        assert!(seen.html.contains(words), "{words}");
    }
    assert!(
        seen.html.contains("value=\"mairie\"") && !seen.html.contains("short\""),
        "but never the password"
    );
    assert!(town.mail.letters().is_empty());
}

#[tokio::test]
async fn a7_a_visitor_does_not_learn_which_addresses_have_an_account() {
    let town = Town::new().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    let mut known = FORM;
    known[1].1 = "ana@mail.example";
    let taken = browser.fill("/auth/sign_up", "/auth/sign_up", &known).await;
    let fresh = browser.fill("/auth/sign_up", "/auth/sign_up", &FORM).await;
    assert_eq!((taken.code, &taken.html), (fresh.code, &fresh.html));
    let known = browser.fill("/auth/password", "/auth/password", &[("email", "ana@mail.example")]).await;
    let unknown = browser.fill("/auth/password", "/auth/password", &[("email", "who@mail.example")]).await;
    assert_eq!((known.code, &known.html), (unknown.code, &unknown.html));
}

#[tokio::test]
async fn signing_in_opens_a_session_and_signing_out_ends_it() {
    let town = Town::new().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    let wrong = browser
        .fill("/auth/sign_in", "/auth/sign_in", &[("login", "ana"), ("password", "not this one")])
        .await;
    assert_eq!(wrong.code, 422);
    assert!(wrong.html.contains("password is wrong") && wrong.html.contains("value=\"ana\""));
    let right = browser.sign_in("ana").await;
    assert_eq!((right.code.as_u16(), right.location()), (303, "/"));
    let session = browser.cookies["parvis_session"].clone();
    assert!(browser.get("/").await.html.contains("Sign out"));
    let left = browser.fill("/", "/auth/sign_out", &[]).await;
    assert_eq!(left.code, 303);
    browser.cookies.insert("parvis_session".to_owned(), session);
    assert!(!browser.get("/").await.html.contains("Sign out"), "the old cookie opens nothing");
}

#[tokio::test]
async fn a5_signing_out_everywhere_ends_every_session() {
    let town = Town::new().await;
    town.resident("ana").await;
    let (mut here, mut there) = (Browser::new(&town), Browser::new(&town));
    here.sign_in("ana").await;
    there.sign_in("ana").await;
    assert_eq!(here.fill("/settings", "/settings/sign_out_everywhere", &[]).await.code, 303);
    let seen = there.get("/settings").await;
    assert_eq!((seen.code.as_u16(), seen.location()), (303, "/auth/sign_in?next=%2Fsettings"));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link() {
    let town = Town::new().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    browser.fill("/auth/password", "/auth/password", &[("email", "ana@mail.example")]).await;
    let page = format!("/auth/password/edit?token={}", town.mail.token_to("ana@mail.example"));
    let short = browser.fill(&page, "/auth/password/edit", &[("password", "short")]).await;
    assert_eq!(short.code, 422);
    let done = browser.fill(&page, "/auth/password/edit", &[("password", "another long password")]).await;
    assert!(done.html.contains("Your password is changed"), "{}", done.html);
    assert_eq!(browser.get(&page).await.code, 422, "the link works once");
    assert_eq!(browser.sign_in("ana").await.code, 422, "the old password opens nothing");
    let new = [("login", "ana"), ("password", "another long password")];
    assert_eq!(browser.fill("/auth/sign_in", "/auth/sign_in", &new).await.code, 303);
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let town = Town::new().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    let mut fields = BTreeMap::from([
        ("login".to_owned(), "ana".to_owned()),
        ("password".to_owned(), PASSWORD.to_owned()),
    ]);
    assert_eq!(browser.post("/auth/sign_in", &fields).await.code, 403, "without a mark");
    let mark =
        Browser::new(&town).get("/auth/sign_in").await.form("/auth/sign_in").remove("mark").expect("a mark");
    fields.insert("mark".to_owned(), mark);
    assert_eq!(browser.post("/auth/sign_in", &fields).await.code, 403, "with the mark of another browser");
    browser.get("/auth/sign_in").await;
    assert_eq!(browser.post("/auth/sign_in", &fields).await.code, 403, "also when this one has a nonce");
    browser.sign_in("ana").await;
    assert_eq!(browser.post("/auth/sign_out", &BTreeMap::new()).await.code, 403);
    assert!(browser.get("/").await.html.contains("Sign out"), "still signed in");
}

#[tokio::test]
async fn x5_after_signing_in_one_stays_in_town() {
    let town = Town::new().await;
    town.resident("ana").await;
    for next in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = Browser::new(&town);
        let query: String =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = format!("/auth/sign_in?{query}");
        let shown = browser.get(&page).await.form("/auth/sign_in");
        assert_eq!(shown["next"], "/", "{next}");
        let seen = browser
            .fill(&page, "/auth/sign_in", &[("login", "ana"), ("password", PASSWORD), ("next", next)])
            .await;
        assert_eq!((seen.code.as_u16(), seen.location()), (303, "/"), "{next}");
        assert_eq!(browser.get(&page).await.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn cookies_over_https_are_bound_to_the_host() {
    let town = Town::builder().settings(|s| s.scheme = Scheme::Https).build().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    let seen = browser.sign_in("ana").await;
    let set: Vec<&str> =
        seen.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().expect("ASCII")).collect();
    let session = set.iter().find(|c| c.starts_with("__Host-parvis_session=")).expect("a session");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(session.contains(part), "{part} in {session}");
    }
}

#[tokio::test]
async fn moderators_decide_on_requests_and_nobody_else_does() {
    let town = Town::builder().settings(|s| s.accounts.registration = Registration::Approval).build().await;
    town.resident("ana").await;
    town.moderator("mod").await;
    let mut visitor = Browser::new(&town);
    let mut form = FORM.to_vec();
    form.push(("reason", "I live in Mill Street."));
    visitor.fill("/auth/sign_up", "/auth/sign_up", &form).await;
    let page = format!("/auth/confirm?token={}", town.mail.token_to("zoe@mail.example"));
    assert!(visitor.fill(&page, "/auth/confirm", &[]).await.html.contains("will look at your request"));

    let mut ana = Browser::new(&town);
    assert_eq!(ana.get("/desk/approvals").await.code, 303);
    ana.sign_in("ana").await;
    assert_eq!(ana.get("/desk/approvals").await.code, 403);

    let mut staff = Browser::new(&town);
    staff.sign_in("mod").await;
    assert!(staff.get("/desk/approvals").await.html.contains("I live in Mill Street."));
    assert_eq!(staff.fill("/desk/approvals", "/desk/approvals", &[]).await.code, 303);
    assert!(staff.get("/desk/approvals").await.html.contains("Nobody waits"));
    let own = [("login", "zoe"), ("password", "a very long password")];
    assert_eq!(visitor.fill("/auth/sign_in", "/auth/sign_in", &own).await.code, 303);
}

#[tokio::test]
async fn a_closed_town_takes_no_new_accounts() {
    let town = Town::builder().settings(|s| s.accounts.registration = Registration::Closed).build().await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/auth/sign_up").await;
    assert!(page.html.contains("not opened at the moment") && !page.html.contains("name=\"password\""));
    assert!(!browser.get("/").await.html.contains("href=\"/auth/sign_up\""));
    let mut fields = browser.get("/auth/sign_in").await.form("/auth/sign_in");
    fields.extend(FORM.map(|(n, v)| (n.to_owned(), v.to_owned())));
    assert_eq!(browser.post("/auth/sign_up", &fields).await.code, 422);
    assert!(town.mail.letters().is_empty());
}

#[tokio::test]
async fn a_lost_letter_is_sent_again_and_a_sign_in_before_it_says_where_to_ask() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    browser.fill("/auth/sign_up", "/auth/sign_up", &FORM).await;
    let own = [("login", "zoe"), ("password", "a very long password")];
    let early = browser.fill("/auth/sign_in", "/auth/sign_in", &own).await;
    assert!(early.code == 422 && early.html.contains("href=\"/auth/confirm/new\""), "{}", early.html);
    let first = town.mail.token_to("zoe@mail.example");
    let asked =
        browser.fill("/auth/confirm/new", "/auth/confirm/new", &[("email", "zoe@mail.example")]).await;
    assert!(asked.html.contains("a link is on its way"), "{}", asked.html);
    let second = town.mail.token_to("zoe@mail.example");
    assert_ne!(first, second);
    assert_eq!(browser.fill(&format!("/auth/confirm?token={second}"), "/auth/confirm", &[]).await.code, 200);
}

#[tokio::test]
async fn a5_another_password_ends_every_other_session() {
    let town = Town::new().await;
    town.resident("ana").await;
    let (mut here, mut there) = (Browser::new(&town), Browser::new(&town));
    here.sign_in("ana").await;
    there.sign_in("ana").await;
    let wrong = [("old", "not this one"), ("password", "another long password")];
    assert_eq!(here.fill("/settings", "/settings/password", &wrong).await.code, 422);
    assert_eq!(
        here.fill("/settings", "/settings/password", &[("old", PASSWORD), ("password", "short")]).await.code,
        422
    );
    let right = [("old", PASSWORD), ("password", "another long password")];
    let done = here.fill("/settings", "/settings/password", &right).await;
    assert_eq!(done.location(), "/settings?done=password");
    assert!(here.get(done.location()).await.html.contains("Your password is changed."));
    assert_eq!(there.get("/settings").await.code, 303, "the other browser is signed out");
}

#[tokio::test]
async fn a8_who_tried_too_often_is_told_how_long_to_wait() {
    let town = Town::new().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    let wrong = [("login", "ana@mail.example"), ("password", "a wrong password")];
    let mut last = browser.fill("/auth/sign_in", "/auth/sign_in", &wrong).await;
    for _ in 0..30 {
        if last.code == 429 {
            break;
        }
        last = browser.fill("/auth/sign_in", "/auth/sign_in", &wrong).await;
    }
    assert_eq!((last.code.as_u16(), last.header(header::RETRY_AFTER)), (429, "300"));
}

#[tokio::test]
async fn j1_a_name_with_a_nul_is_refused_and_not_shortened() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    let hostile = FORM.map(|(name, value)| (name, if name == "username" { "z\0oe" } else { value }));
    assert_eq!(browser.fill("/auth/sign_up", "/auth/sign_up", &hostile).await.code, 400);
    assert!(town.read(|c| Ok(parvis_domain::accounts::find::local(c, "zoe").is_err())).await);
}
