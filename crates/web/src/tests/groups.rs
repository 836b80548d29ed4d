//! Pages of groups of this town.

use parvis_domain::communities::{self, NewCommunity};
use parvis_domain::facilitation;
use parvis_domain::staff::By;
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town;

use super::Browser;

#[tokio::test]
async fn the_page_of_a_community_shows_its_charter_its_facilitators_and_what_stands_in_it() {
    let town = Town::builder().listeners(vec![facilitation::on_event]).build().await;
    let bo = town.resident("bo").await;
    town.resident("fay").await;
    let new = NewCommunity {
        username: "garden".to_owned(),
        title: "The <shared> garden".to_owned(),
        charter: "Be kind.".to_owned(),
        facilitators: vec!["fay".to_owned()],
    };
    communities::create(&town, By::Operator, new).await.unwrap();
    let draft = Draft { text: "@garden who has a rake?".to_owned(), ..Draft::default() };
    town.write(move |tx| statuses::publish(tx, bo, &draft)).await;
    let mut browser = Browser::new(&town);
    let seen = browser.get("/@garden").await;
    assert_eq!(seen.code, 200);
    for text in
        ["<p>Be kind.</p>", "Facilitators", "href=\"/@fay\"", "who has a rake?", "To write here, mention"]
    {
        assert!(seen.html.contains(text), "{text}: {}", seen.html);
    }
    assert!(!seen.html.contains("<shared>"));
    browser.language = "fr";
    let seen = browser.get("/@garden").await;
    assert!(seen.html.contains("Animation") && seen.html.contains("Pour écrire ici"), "{}", seen.html);
    assert!(!browser.get("/@bo").await.html.contains("Animation"));
}

#[tokio::test]
async fn facilitators_look_after_a_community_on_a_page_without_script_and_nobody_else_sees_it() {
    let town = Town::builder().listeners(vec![facilitation::on_event]).build().await;
    let (bo, fay) = (town.resident("bo").await, town.resident("fay").await);
    let new = NewCommunity {
        username: "garden".to_owned(),
        title: "Garden".to_owned(),
        facilitators: vec!["fay".to_owned()],
        ..NewCommunity::default()
    };
    let garden = communities::create(&town, By::Operator, new).await.unwrap();
    let draft = Draft { text: "@garden who has a rake?".to_owned(), ..Draft::default() };
    let post = town.write(move |tx| statuses::publish(tx, bo, &draft)).await;
    let page = "/@garden/facilitate";
    let mut stranger = Browser::new(&town);
    assert_eq!(stranger.get(page).await.location(), "/auth/sign_in?next=%2F%40garden%2Ffacilitate");
    stranger.sign_in("bo").await;
    assert_eq!(stranger.get(page).await.code, 403);
    assert!(!stranger.get("/@garden").await.html.contains(page));
    let mut browser = Browser::new(&town);
    browser.sign_in("fay").await;
    assert!(browser.get("/@garden").await.html.contains(page));
    assert_eq!(browser.get("/@bo/facilitate").await.code, 404);
    let act = async |browser: &mut Browser, fields: &[(&str, &str)]| {
        let done = browser.fill(page, page, fields).await;
        assert_eq!(done.location(), page, "{fields:?}: {}", done.html);
    };
    act(&mut browser, &[("deed", "lock")]).await;
    assert!(browser.get(page).await.html.contains("Open it again"));
    act(&mut browser, &[("deed", "pin")]).await;
    let (who, id) = (bo.to_string(), post.to_string());
    act(&mut browser, &[("deed", "ban"), ("account", &who), ("reason", "<b>spam</b>")]).await;
    act(&mut browser, &[("deed", "remove"), ("post", &id), ("reason", "a duplicate")]).await;
    let seen = browser.get(page).await.html;
    assert!(seen.contains("Reason: a duplicate") && seen.contains("Let in again"), "{seen}");
    assert!(!seen.contains("<b>spam"));
    act(&mut browser, &[("deed", "unban"), ("account", &who)]).await;
    act(&mut browser, &[("deed", "appoint"), ("who", "@bo")]).await;
    assert!(town.read(move |c| parvis_domain::groups::is_moderator(c, garden, bo)).await);
    let wrong = browser.fill(page, page, &[("deed", "appoint"), ("who", "@nobody")]).await;
    assert_eq!(wrong.code, 422);
    let own = fay.to_string();
    act(&mut browser, &[("deed", "dismiss"), ("account", &own)]).await;
    assert_eq!(browser.get(page).await.code, 403, "the office is laid down");
}
