//! Translations by the service of a test (`testing::Babel`).

use parvis_model::ids::AccountId;
use parvis_model::visibility::Visibility;

use super::*;
use crate::statuses::{self, Draft};
use crate::testing::{Babel, Town};

async fn town() -> (Town, Arc<Babel>, AccountId) {
    let url = "https://babel.example/libre/".parse().ok();
    let town = Town::builder().settings(|s| s.translation.service_url = url).build().await;
    let babel = Arc::new(Babel::default());
    town.connect(babel.clone());
    let ana = town.resident("ana").await;
    (town, babel, ana)
}

async fn write(town: &Town, who: AccountId, text: &str, language: Option<&str>, to: Visibility) -> StatusId {
    let draft = Draft {
        text: text.to_owned(),
        language: language.map(str::to_owned),
        visibility: to,
        ..Draft::default()
    };
    town.write(move |tx| statuses::publish(tx, who, &draft)).await
}

#[tokio::test]
async fn x3_a_translation_is_foreign_html_and_asked_for_once() {
    let (town, babel, ana) = town().await;
    let post = write(&town, ana, "Bonjour & <b>bienvenue</b>", Some("fr"), Visibility::Public).await;
    let seen = translate(&town, None, post, "en-GB").await.unwrap();
    assert_eq!(seen.content, "en: <p>Bonjour &amp; &lt;b&gt;bienvenue&lt;/b&gt;</p>");
    assert_eq!(
        (seen.language.as_str(), seen.source_language.as_str(), seen.warning.as_str()),
        ("en", "fr", "")
    );
    let asked = babel.asked();
    assert_eq!(asked[0].0, "https://babel.example/libre/languages");
    assert_eq!((asked[1].0.as_str(), asked.len()), ("https://babel.example/libre/translate", 2));
    assert_eq!(translate(&town, Some(ana), post, "en").await.unwrap(), seen);
    assert_eq!(babel.asked(), [], "kept");
    town.clock.advance(KEPT_FOR + 1);
    assert_eq!(town.write(forget).await, 1);
    translate(&town, None, post, "en").await.unwrap();
    assert_eq!(babel.asked().len(), 2, "the languages too are asked again");
}

#[tokio::test]
async fn a_text_of_no_language_is_found_out_and_one_that_changed_is_translated_again() {
    let (town, babel, ana) = town().await;
    let post = write(&town, ana, "Hallo", None, Visibility::Unlisted).await;
    town.write(move |tx| {
        let mut row = parvis_store::statuses::by_id(tx, post)?.unwrap();
        row.language = None;
        Ok(parvis_store::statuses::save(tx, &row)?)
    })
    .await;
    assert_eq!(translate(&town, None, post, "fr").await.unwrap().source_language, "de");
    let edit = statuses::Edit { text: Some("Hallo Welt".to_owned()), ..statuses::Edit::default() };
    town.write(move |tx| statuses::edit(tx, ana, post, &edit)).await;
    let _languages = babel.asked();
    assert!(translate(&town, None, post, "fr").await.unwrap().content.contains("Hallo Welt"));
    assert_eq!(babel.asked().len(), 1);
}

#[tokio::test]
async fn what_is_for_few_never_leaves_the_town() {
    let (town, babel, ana) = town().await;
    let secret = write(&town, ana, "Secret", Some("fr"), Visibility::Private).await;
    let post = write(&town, ana, "Bonjour", Some("fr"), Visibility::Public).await;
    let odd = write(&town, ana, "Demat", Some("br"), Visibility::Public).await;
    for (viewer, id, to) in
        [(Some(ana), secret, "en"), (None, post, "xx"), (None, post, "fr"), (None, odd, "en")]
    {
        let refused = translate(&town, viewer, id, to).await;
        assert!(matches!(refused, Err(Error::Forbidden(Refusal::NotTranslatable))), "{to}: {refused:?}");
    }
    assert!(matches!(translate(&town, None, secret, "en").await, Err(Error::NotFound)));
    assert!(babel.asked().iter().all(|(url, _)| url.ends_with("/languages")));
    babel.set_down(true);
    assert!(matches!(translate(&town, None, post, "en").await, Err(Error::Remote(_))));
}

#[tokio::test]
async fn a_town_without_a_service_translates_nothing() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let post = write(&town, ana, "Bonjour", Some("fr"), Visibility::Public).await;
    assert!(matches!(translate(&town, None, post, "en").await, Err(Error::NotFound)));
    assert!(languages(&town).await.unwrap().is_empty());
}
