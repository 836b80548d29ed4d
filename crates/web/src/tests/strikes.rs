//! Decisions and appeals on the pages: with a session, with the link of a letter, and on the desk.

use parvis_domain::moderation::actions::{self, Decision};
use parvis_model::moderation::Action;

use super::*;

fn decided(action: Action) -> Decision {
    Decision { action, report: None, preset: None, text: "<b>Insults</b>".to_owned(), sends_letter: true }
}

#[tokio::test]
async fn v15_somebody_sees_what_was_decided_answers_and_is_heard() {
    let town = Town::new().await;
    let (ben, mo) = (town.resident("ben").await, town.moderator("mo").await);
    town.moderator("mia").await;
    actions::decide(&town, mo, ben, decided(Action::Silence)).await.expect("decided");
    let mut browser = Browser::new(&town);
    assert!(browser.get("/disputes/strikes").await.location().contains("/auth/sign_in"));
    browser.sign_in("ben").await;
    let page = browser.get("/disputes/strikes").await.html;
    assert!(page.contains("&#60;b&#62;Insults") || page.contains("&lt;b&gt;Insults"), "{page}");
    let form = "/disputes/strikes";
    let seen = browser.fill(form, form, &[("text", " ")]).await;
    assert_eq!(seen.code.as_u16(), 422);
    let seen = browser.fill(form, form, &[("text", "It was a joke")]).await;
    assert!(seen.html.contains("It was a joke") && !seen.html.contains("<textarea"), "{}", seen.html);

    let mut own = Browser::new(&town);
    own.sign_in("mo").await;
    assert!(own.get("/desk/appeals").await.html.contains("It was a joke"));
    let refused = own.fill("/desk/appeals", "/desk/appeals", &[("decision", "approve")]).await;
    assert_eq!(refused.code.as_u16(), 403, "somebody else looks");
    let mut other = Browser::new(&town);
    other.sign_in("mia").await;
    other.fill("/desk/appeals", "/desk/appeals", &[("decision", "approve")]).await;
    let login = town.read(move |c| parvis_domain::moderation::appeals::about(c, ben)).await;
    assert!(login[0].strike.overruled_at.is_some());
    let mut stranger = Browser::new(&town);
    stranger.sign_in("ben").await;
    assert_eq!(stranger.get("/desk/appeals").await.code.as_u16(), 403);
}

#[tokio::test]
async fn who_cannot_sign_in_any_more_answers_by_the_link_of_the_letter() {
    let town = Town::new().await;
    let (ben, mo) = (town.resident("ben").await, town.moderator("mo").await);
    actions::decide(&town, mo, ben, decided(Action::Suspend)).await.expect("decided");
    let token = town.mail.token_to("ben@mail.example");
    let mut browser = Browser::new(&town);
    browser.language = "fr";
    let page = format!("/disputes/strikes?token={token}");
    assert!(browser.get(&page).await.html.contains("Votre compte a été suspendu"));
    let seen = browser.fill(&page, "/disputes/strikes", &[("text", "C’était une blague")]).await;
    assert!(seen.html.contains("C’était une blague"), "{}", seen.html);
    assert_eq!(browser.get("/disputes/strikes?token=nonsense").await.code.as_u16(), 422);
}
