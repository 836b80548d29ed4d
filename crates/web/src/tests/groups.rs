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
