//! Client programs asking a person for consent.

use http::header;
use parvis_domain::oauth::apps::{self, NewApp};
use parvis_domain::testing::Town;

use super::{Browser, Seen};

const OOB: &str = "urn:ietf:wg:oauth:2.0:oob";

async fn register(town: &Town, redirect_uri: &'static str) -> String {
    let new = NewApp {
        name: "Toot <b>clock</b>".to_owned(),
        redirect_uris: vec![redirect_uri.to_owned()],
        scopes: Some("read write:statuses".to_owned()),
        website: None,
    };
    town.write(move |tx| apps::register(tx, &new)).await.expect("registered").app.client_id
}

fn page(client_id: &str, redirect_uri: &str, more: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("state", "a b&c")
        .finish();
    format!("/oauth/authorize?{query}{more}")
}

async fn signed_in(town: &Town) -> Browser {
    town.resident("ana").await;
    let mut browser = Browser::new(town);
    browser.sign_in("ana").await;
    browser
}

fn allow(seen: &Seen) -> std::collections::BTreeMap<String, String> {
    let mut fields = seen.form("/oauth/authorize");
    fields.insert("decision".to_owned(), "allow".to_owned());
    fields
}

#[tokio::test]
async fn a_person_signs_in_agrees_and_the_program_gets_a_code() {
    let town = Town::new().await;
    town.resident("ana").await;
    let uri = "https://client.example/cb?x=1";
    let asked = page(&register(&town, uri).await, uri, "&scope=read");
    let mut browser = Browser::new(&town);
    let first = browser.get(&asked).await;
    assert_eq!(first.code, 303);
    let next = first.location().to_owned();
    assert!(next.starts_with("/auth/sign_in?next=%2Foauth%2Fauthorize"), "{next}");
    let back = browser
        .fill(&next, "/auth/sign_in", &[("login", "ana"), ("password", parvis_domain::testing::PASSWORD)])
        .await;
    assert_eq!(back.location(), asked, "the whole request comes back");
    let question = browser.get(&asked).await;
    assert!(
        question.html.contains("Toot &#60;b&#62;clock")
            && question.html.contains("Read everything you can read"),
        "{}",
        question.html
    );
    assert!(
        question
            .header(header::CONTENT_SECURITY_POLICY)
            .contains("form-action 'self' https://client.example;")
    );
    let granted = browser.post("/oauth/authorize", &allow(&question)).await;
    assert_eq!(granted.code, 303);
    let to = granted.location();
    assert!(to.starts_with("https://client.example/cb?x=1&code=") && to.ends_with("&state=a+b%26c"), "{to}");
}

#[tokio::test]
async fn without_an_address_to_return_to_the_code_is_shown() {
    let town = Town::new().await;
    let mut browser = signed_in(&town).await;
    let question = browser.get(&page(&register(&town, OOB).await, OOB, "")).await;
    assert!(question.header(header::CONTENT_SECURITY_POLICY).contains("form-action 'self';"));
    let granted = browser.post("/oauth/authorize", &allow(&question)).await;
    let code = granted
        .location()
        .strip_prefix("/oauth/authorize/native?code=")
        .expect("the page with the code")
        .to_owned();
    let shown = browser.get(granted.location()).await;
    assert!(shown.html.contains(&format!(">{code}</code>")), "{}", shown.html);
    assert_eq!(shown.header(header::CACHE_CONTROL), "no-store");
}

#[tokio::test]
async fn who_refuses_goes_back_with_an_error() {
    let town = Town::new().await;
    let mut browser = signed_in(&town).await;
    let uri = "tusky://oauth";
    let question = browser.get(&page(&register(&town, uri).await, uri, "")).await;
    assert!(question.header(header::CONTENT_SECURITY_POLICY).contains("form-action 'self' tusky:;"));
    let mut fields = question.form("/oauth/authorize");
    fields.insert("decision".to_owned(), "deny".to_owned());
    let denied = browser.post("/oauth/authorize", &fields).await;
    assert!(denied.location().starts_with("tusky://oauth?error=access_denied"), "{}", denied.location());
}

#[tokio::test]
async fn a1_an_unknown_program_or_address_gets_a_page_and_no_redirect() {
    let town = Town::new().await;
    let mut browser = signed_in(&town).await;
    let client = register(&town, "https://client.example/cb").await;
    for asked in [
        page("nobody", "https://client.example/cb", ""),
        page(&client, "https://client.example/cb/", ""),
        page(&client, "https://client.example/cb?x", ""),
        page(&client, "https://evil.example/cb", ""),
        page(&client, "javascript:alert(1)", ""),
        page(&client, OOB, ""),
        "/oauth/authorize".to_owned(),
    ] {
        let seen = browser.get(&asked).await;
        assert_eq!(seen.code, 400, "{asked}");
        assert_eq!(seen.location(), "");
        assert!(seen.html.contains("asked in a wrong way"));
    }
    let twice = page(&client, "https://client.example/cb", "&redirect_uri=https://evil.example/");
    assert_eq!(browser.get(&twice).await.code, 400, "a repeated parameter");
}

#[tokio::test]
async fn a1_the_form_is_checked_again_when_it_comes_back() {
    let town = Town::new().await;
    let mut browser = signed_in(&town).await;
    let uri = "https://client.example/cb";
    let question = browser.get(&page(&register(&town, uri).await, uri, "")).await;
    let mut fields = allow(&question);
    fields.insert("redirect_uri".to_owned(), "https://evil.example/".to_owned());
    let seen = browser.post("/oauth/authorize", &fields).await;
    assert_eq!((seen.code.as_u16(), seen.location()), (400, ""));
}

#[tokio::test]
async fn a4_more_than_was_registered_goes_back_as_an_error() {
    let town = Town::new().await;
    let mut browser = signed_in(&town).await;
    let uri = "https://client.example/cb";
    let client = register(&town, uri).await;
    let seen = browser.get(&page(&client, uri, "&scope=read+write")).await;
    assert!(
        seen.location().starts_with("https://client.example/cb?error=invalid_scope"),
        "{}",
        seen.location()
    );
    let question = browser.get(&page(&client, uri, "&scope=read")).await;
    let mut fields = allow(&question);
    fields.insert("scope".to_owned(), "admin:write".to_owned());
    let seen = browser.post("/oauth/authorize", &fields).await;
    assert!(
        seen.location().starts_with("https://client.example/cb?error=invalid_scope"),
        "{}",
        seen.location()
    );
}

#[tokio::test]
async fn a2_a_plain_challenge_is_refused_before_anybody_agrees() {
    let town = Town::new().await;
    let mut browser = signed_in(&town).await;
    let uri = "https://client.example/cb";
    let challenge = "a".repeat(43);
    let asked = page(
        &register(&town, uri).await,
        uri,
        &format!("&code_challenge={challenge}&code_challenge_method=plain"),
    );
    assert!(browser.get(&asked).await.location().contains("error=invalid_request"));
}

#[tokio::test]
async fn every_scope_is_explained_in_words() {
    let town = Town::new().await;
    let mut browser = signed_in(&town).await;
    let all: String = parvis_model::scope::KNOWN.join(" ");
    let uri = "https://client.example/cb";
    let new = NewApp {
        name: "Everything".to_owned(),
        redirect_uris: vec![uri.to_owned()],
        scopes: Some(all.clone()),
        website: None,
    };
    let client = town.write(move |tx| apps::register(tx, &new)).await.expect("registered").app.client_id;
    let scope: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("scope", &all).finish();
    let html = browser.get(&page(&client, uri, &format!("&{scope}"))).await.html;
    let (_, rights) = html.split_once("class=\"rights\"").expect("a list");
    let (rights, _) = rights.split_once("</ul>").expect("its end");
    assert!(rights.contains("Change: your bookmarks") && !rights.contains("Part of it"), "{rights}");
}
