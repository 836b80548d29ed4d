//! The square, profiles, posts and timelines as visitors see them.

use parvis_domain::accounts::{profile, suspend};
use parvis_domain::remote::statuses::{self as remote_statuses, Wanted};
use parvis_domain::remote::{RemoteActor, RemoteKind, RemoteMedia, RemoteNote, accounts};
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::{Town, Web, somebody};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::MINUTE;
use parvis_model::visibility::Visibility;

use super::Browser;

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

async fn post(town: &Town, by: AccountId, draft: Draft) -> StatusId {
    town.clock.advance(MINUTE);
    town.write(move |tx| statuses::publish(tx, by, &draft)).await
}

fn saying(text: &str) -> Draft {
    Draft { text: text.to_owned(), ..Draft::default() }
}

#[tokio::test]
async fn the_square_shows_the_latest_public_posts_and_who_wrote_them() {
    let town = Town::builder().settings(|s| s.town.name = "Clairval".to_owned()).build().await;
    let ana = town.resident("ana").await;
    post(&town, ana, saying("The bridge is open again. #Works")).await;
    post(&town, ana, Draft { visibility: Visibility::Private, ..saying("for my followers only") }).await;
    let seen = Browser::new(&town).get("/").await;
    assert_eq!(seen.code, 200);
    assert!(seen.html.contains("Welcome to the square of Clairval"), "{}", seen.html);
    assert_eq!(seen.html.matches("The bridge is open again.").count(), 1, "{}", seen.html);
    assert!(seen.html.contains("@ana<wbr>@town.example"));
    assert!(!seen.html.contains("for my followers only"));
    assert!(
        seen.html.contains(
            r#"<link rel="alternate" type="application/activity+json" href="http://town.example/">"#
        )
    );
}

#[tokio::test]
async fn the_square_speaks_the_visitors_language() {
    let town = Town::new().await;
    let mut browser = Browser::new(&town);
    browser.language = "fr-CH, en;q=0.5";
    assert!(browser.get("/").await.html.contains("Bienvenue sur la place"));
    assert!(browser.get("/?lang=en").await.html.contains("Welcome to the square"));
    let kept = browser.get("/about").await;
    assert!(kept.html.contains("<html lang=\"en\">"), "the choice is remembered");
    assert!(kept.html.contains("href=\"/about?lang=fr\""));
}

#[tokio::test]
async fn a_profile_links_its_actor_and_shows_posts_by_pages() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    for n in 0..25 {
        post(&town, ana, saying(&format!("post number {n}!"))).await;
    }
    let mut browser = Browser::new(&town);
    let seen = browser.get("/@ana").await;
    assert_eq!(seen.code, 200);
    assert!(seen.html.contains(r#"type="application/activity+json" href="http://town.example/users/ana""#));
    assert!(seen.html.contains("post number 24!") && !seen.html.contains("post number 4!"));
    let older = seen
        .html
        .split("rel=\"next\" href=\"")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .expect("a next page");
    let next = browser.get(older).await;
    assert!(next.html.contains("post number 4!") && next.html.contains("post number 0!"));
    assert!(!next.html.contains("rel=\"next\""), "the last page has no next one");
}

#[tokio::test]
async fn x2_a_link_is_shown_with_what_it_leads_to_as_text_and_with_our_own_picture() {
    let town = Town::builder().listeners(vec![parvis_domain::preview_cards::on_event]).build().await;
    town.connect(std::sync::Arc::new(Web::of(
        r#"<title>A &lt;script&gt; & more</title><meta property="og:image" content="/x.png">"#,
    )));
    let ana = town.resident("ana").await;
    post(&town, ana, saying("See https://news.example/bridge")).await;
    town.run_jobs().await;
    let seen = Browser::new(&town).get("/@ana").await;
    assert!(
        seen.html.contains(r#"<a class="link-card" href="https://news.example/bridge""#),
        "{}",
        seen.html
    );
    assert!(seen.html.contains("<strong>A &#60;script&#62; &#38; more</strong>"), "{}", seen.html);
    assert!(seen.html.contains(r#"<img src="http://town.example/media/cards/"#));
    assert!(!seen.html.contains("https://news.example/x.png"), "nothing is loaded from elsewhere");
}

#[tokio::test]
async fn x2_portraits_from_other_servers_come_through_the_town_and_an_initial_stands_behind_them() {
    let town = Town::new().await;
    let bea = RemoteActor {
        name: "Bea".to_owned(),
        avatar: Some("https://cdn.example/bea.png".to_owned()),
        header: Some("https://cdn.example/wide.png".to_owned()),
        ..somebody("away.example", "bea")
    };
    let id = town.write(move |tx| accounts::upsert(tx, &bea)).await;
    let seen = Browser::new(&town).get("/@bea@away.example").await.html;
    for what in ["avatar", "header"] {
        let ours = format!("<img src=\"http://town.example/media_proxy/accounts/{id}/{what}/");
        assert!(seen.contains(&ours), "{what}: {seen}");
    }
    assert!(seen.contains("aria-hidden=\"true\">B<img "), "{seen}");
    assert!(!seen.contains("cdn.example"), "nothing is loaded from elsewhere");
}

#[tokio::test]
async fn who_does_not_want_to_be_found_is_not_offered_to_search_engines() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let id = post(&town, ana, saying("hello")).await;
    let mut browser = Browser::new(&town);
    assert!(!browser.get("/@ana").await.html.contains("noindex"));
    let change = profile::Change { is_discoverable: Some(false), ..Default::default() };
    town.write(move |tx| profile::update(tx, ana, &change).map(|_| ())).await;
    for path in ["/@ana".to_owned(), format!("/@ana/{id}")] {
        assert!(
            browser.get(&path).await.html.contains(r#"<meta name="robots" content="noindex, nofollow">"#),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_post_stands_in_its_thread() {
    let town = Town::new().await;
    let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
    let question = post(&town, ana, saying("When does the pool open?")).await;
    let answer = post(&town, ben, Draft { in_reply_to: Some(question), ..saying("@ana On Monday.") }).await;
    post(&town, ana, Draft { in_reply_to: Some(answer), ..saying("@ben Thank you!") }).await;
    let seen = Browser::new(&town).get(&format!("/@ben/{answer}")).await;
    let place = |text: &str| seen.html.find(text).unwrap_or_else(|| panic!("{text} in {}", seen.html));
    let body = seen.html.find("<main").expect("a body");
    assert!(
        body < place("When does the pool")
            && place("When does the pool") < seen.html.rfind("On Monday.").expect("there")
    );
    assert!(seen.html.rfind("On Monday.") < seen.html.rfind("Thank you!"));
    assert!(seen.html.contains("In reply to @ana@town.example"));
    assert!(seen.html.contains(r#"<meta property="og:type" content="article">"#));
    assert!(
        seen.html.contains(&format!(r#"<link rel="canonical" href="http://town.example/@ben/{answer}">"#))
    );
}

#[tokio::test]
async fn i2_what_is_not_for_everybody_looks_like_what_is_not_there() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let private = post(&town, ana, Draft { visibility: Visibility::Private, ..saying("secret words") }).await;
    let mut browser = Browser::new(&town);
    for path in [
        format!("/@ana/{private}"),
        "/@ana/1".to_owned(),
        "/@nobody".to_owned(),
        "/@ana/x".to_owned(),
        "/@a%2Fb".to_owned(),
    ] {
        let seen = browser.get(&path).await;
        assert_eq!(seen.code, 404, "{path}");
        assert!(!seen.html.contains("secret words"));
    }
    browser.sign_in("ana").await;
    assert_eq!(browser.get(&format!("/@ana/{private}")).await.code, 200, "its author sees it");
}

#[tokio::test]
async fn a_deleted_post_is_gone_and_not_merely_missing() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let id = post(&town, ana, saying("A word too much.")).await;
    let mut browser = Browser::new(&town);
    assert_eq!(browser.get(&format!("/@ana/{id}")).await.code, 200);
    town.write(move |tx| parvis_domain::statuses::delete(tx, ana, id)).await;
    let seen = browser.get(&format!("/@ana/{id}")).await;
    assert_eq!(seen.code, 410);
    assert!(seen.html.contains("Deleted") && !seen.html.contains("A word too much."));
    assert_eq!(browser.get("/@ana/1").await.code, 404, "there never was anything");
}

#[tokio::test]
async fn a_suspended_account_shows_nothing_of_its_own() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let change = profile::Change { display_name: Some("Ana the Loud".to_owned()), ..Default::default() };
    town.write(move |tx| profile::update(tx, ana, &change).map(|_| ())).await;
    post(&town, ana, saying("loud words")).await;
    town.write(move |tx| suspend::suspend(tx, parvis_model::account::Role::Admin, ana)).await;
    let mut browser = Browser::new(&town);
    let seen = browser.get("/@ana").await;
    assert!(seen.html.contains("This account is suspended"), "{}", seen.html);
    assert!(!seen.html.contains("Ana the Loud") && !seen.html.contains("loud words"));
    assert!(!browser.get("/").await.html.contains("loud words"));
}

#[tokio::test]
async fn x4_nothing_that_people_write_becomes_markup() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let change = profile::Change {
        display_name: Some(HOSTILE.chars().take(50).collect()),
        bio: Some(HOSTILE.to_owned()),
        fields: Some(vec![(HOSTILE.to_owned(), HOSTILE.to_owned())]),
        ..Default::default()
    };
    town.write(move |tx| profile::update(tx, ana, &change).map(|_| ())).await;
    let id = post(&town, ana, Draft { warning: HOSTILE.to_owned(), ..saying(HOSTILE) }).await;
    let mut browser = Browser::new(&town);
    let hostile = "%3Cscript%3Ealert(1)%3C/script%3E";
    for path in [
        "/".to_owned(),
        "/@ana".to_owned(),
        format!("/@ana/{id}"),
        "/public".to_owned(),
        format!("/search?q={hostile}"),
        format!("/auth/sign_in?next=/{hostile}"),
        format!("/auth/confirm?token={hostile}"),
        format!("/oauth/authorize?client_id={hostile}"),
        format!("/nothing/{hostile}?lang={hostile}"),
        format!("/tags/{hostile}"),
    ] {
        let seen = browser.get(&path).await;
        let html = seen.html.to_lowercase();
        assert!(
            !html.contains("<script") && !html.contains("<img src=x") && !html.contains("onerror=alert(2)>"),
            "{path}: {html}"
        );
    }
    let failed =
        browser.fill("/auth/sign_in", "/auth/sign_in", &[("login", HOSTILE), ("password", "x")]).await;
    assert!(failed.html.contains("alert(1)") && !failed.html.contains("<script"), "it is shown as text");
}

#[tokio::test]
async fn the_search_finds_people_and_hashtags() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    post(&town, ana, saying("All about the #Market")).await;
    let mut browser = Browser::new(&town);
    assert!(browser.get("/search?q=an").await.html.contains("href=\"/@ana\""));
    assert!(browser.get("/search?q=%23mark").await.html.contains("href=\"/tags/Market\""));
    assert!(browser.get("/search?q=zzz").await.html.contains("Nothing was found"));
    assert!(browser.get("/tags/market").await.html.contains("All about the"));
}

#[tokio::test]
async fn a_poll_shows_its_numbers_to_everybody_and_takes_a_vote_without_script() {
    let town = Town::new().await;
    let (ana, _) = (town.resident("ana").await, town.resident("ben").await);
    let poll = |is_multiple| parvis_domain::polls::PollDraft {
        options: vec![HOSTILE[..40].to_owned(), "Saturday".to_owned()],
        seconds: Some(3_600),
        is_multiple,
        hides_totals: false,
    };
    let one = post(&town, ana, Draft { poll: Some(poll(false)), ..saying("Which day?") }).await;
    let several = post(&town, ana, Draft { poll: Some(poll(true)), ..saying("Which days?") }).await;
    let (page, action) = (format!("/@ana/{one}"), format!("/@ana/{one}/vote"));
    let mut ben = Browser::new(&town);
    let seen = ben.get(&page).await;
    assert!(seen.html.contains("<meter") && !seen.html.contains("<script>alert"), "{}", seen.html);
    assert!(!seen.html.contains(&action), "who is not signed in reads only");
    ben.sign_in("ben").await;
    let voted = ben.fill(&page, &action, &[("choice", "1")]).await;
    assert_eq!((voted.code.as_u16(), voted.location()), (303, page.as_str()));
    let seen = ben.get(&page).await;
    assert!(seen.html.contains("(your vote)") && seen.html.contains("1 vote<"), "{}", seen.html);
    assert!(!seen.html.contains(&action), "once");
    let (page, action) = (format!("/@ana/{several}"), format!("/@ana/{several}/vote"));
    assert_eq!(ben.fill(&page, &action, &[]).await.code, 422, "nothing chosen");
    assert_eq!(ben.fill(&page, &action, &[("choice-0", "1"), ("choice-1", "1")]).await.code, 303);
    assert!(ben.get(&page).await.html.contains("1 person"));
}

#[tokio::test]
async fn the_words_over_what_is_sensitive_say_what_it_is() {
    let town = Town::new().await;
    let bea = somebody("away.example", "bea");
    let author = bea.uri.clone();
    town.write(move |tx| accounts::upsert(tx, &bea)).await;
    let (image, video, sound) = (RemoteKind::Image, RemoteKind::Video, RemoteKind::Audio);
    for (n, (kinds, words)) in [
        (vec![image], "Show the sensitive picture<"),
        (vec![video], "Show the sensitive video<"),
        (vec![sound], "Listen to the sensitive recording<"),
        (vec![image, sound], "Show the sensitive pictures and recordings<"),
        (vec![video, sound], "Show the sensitive pictures and recordings<"),
    ]
    .into_iter()
    .enumerate()
    {
        let media = kinds.iter().map(|kind| RemoteMedia {
            url: format!("https://cdn.example/{n}"),
            kind: *kind,
            ..RemoteMedia::default()
        });
        let note = RemoteNote {
            uri: format!("https://away.example/notes/{n}"),
            author: author.clone(),
            is_public: true,
            is_sensitive: true,
            media: media.collect(),
            ..RemoteNote::default()
        };
        let kept = town.write(move |tx| remote_statuses::create(tx, &note, Wanted::Yes)).await;
        let id = kept.kept().expect("it is kept");
        let page = Browser::new(&town).get(&format!("/@bea@away.example/{id}")).await.html;
        assert!(page.contains(words), "{words}: {page}");
    }
}
