//! Cards of links, with a web of our own making, on both databases.

use std::sync::Arc;

use parvis_model::ids::AccountId;
use parvis_model::time::{DAY, MINUTE};
use parvis_store::testing::Place;

use super::*;
use crate::policy::Severity;
use crate::statuses::{Draft, Edit, delete, edit, publish};
use crate::testing::{Town as TestTown, Web};
use crate::views;
use parvis_store::statuses;

const PAGE: &str = r#"<html lang="fr"><title>x</title><meta property="og:title" content="The bridge">
<meta property="og:image" content="/bridge.png"><meta name="description" content="It is open.">"#;

async fn heard<F, Fut>(test: F)
where
    F: Fn(TestTown, Arc<Web>) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let town = TestTown::builder().listeners(vec![on_event]).place(place).build().await;
        let web = Arc::new(Web::of(PAGE));
        town.connect(web.clone());
        test(town, web).await;
    }
}

async fn say(town: &TestTown, who: AccountId, text: &str) -> StatusId {
    let draft = Draft { text: text.to_owned(), ..Draft::default() };
    town.write(move |tx| publish(tx, who, &draft)).await
}

async fn card(town: &TestTown, id: StatusId) -> Option<PreviewCard> {
    town.read(move |c| Ok(views::of_status(c, None, id)?.and_then(|view| view.card).map(|card| card.row)))
        .await
}

#[tokio::test]
async fn a_link_is_looked_at_once_and_shown_by_all_posts_that_have_it() {
    heard(|town, web| async move {
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let first = say(&town, ana, "See https://news.example/bridge?x=1#part @bea").await;
        assert_eq!(card(&town, first).await, None, "nobody waits for it");
        let second = say(&town, bea, "Me too: https://news.example/bridge?x=1").await;
        town.run_jobs().await;
        assert_eq!(web.asked(), ["https://news.example/bridge?x=1", "https://news.example/bridge.png"]);
        let seen = card(&town, first).await.unwrap();
        assert_eq!(Some(&seen), card(&town, second).await.as_ref());
        assert_eq!((seen.title.as_str(), seen.description.as_str()), ("The bridge", "It is open."));
        assert_eq!((seen.provider_name.as_str(), seen.language.as_deref()), ("news.example", Some("fr")));
        let key = seen.image_key.unwrap();
        assert!(key.starts_with("cards/") && seen.width > 0 && seen.blurhash.is_some());
        assert!(media::stored_file(&town, &key).await.is_ok(), "the picture is ours");
        say(&town, ana, "again https://news.example/bridge?x=1").await;
        town.run_jobs().await;
        assert!(web.asked().is_empty(), "it is still fresh");
    })
    .await;
}

#[tokio::test]
async fn only_posts_for_everybody_with_a_link_elsewhere_have_cards() {
    heard(|town, web| async move {
        let ana = town.resident("ana").await;
        town.write(|tx| policy::block(tx, "blocked.example", Severity::Suspend, false, "")).await;
        for text in [
            "no link",
            "http://town.example/@ana/1",
            "https://blocked.example/x",
            "https://192.0.2.1/x and https://news.example/later",
            "https://127.0.0.1:8080/",
        ] {
            say(&town, ana, text).await;
        }
        for visibility in [Visibility::Private, Visibility::Direct] {
            let draft = Draft { text: "https://news.example/".to_owned(), visibility, ..Draft::default() };
            town.write(move |tx| publish(tx, ana, &draft)).await;
        }
        town.run_jobs().await;
        assert!(web.asked().is_empty());
    })
    .await;
}

#[tokio::test]
async fn f11_a_page_that_does_not_answer_is_asked_once_and_not_again_for_days() {
    heard(|town, web| async move {
        let ana = town.resident("ana").await;
        web.set_down(true);
        let id = say(&town, ana, "https://news.example/bridge").await;
        for _ in 0..3 {
            town.run_jobs().await;
            town.clock.advance(DAY);
            say(&town, ana, "https://news.example/bridge").await;
        }
        assert_eq!(web.asked().len(), 1);
        assert_eq!(card(&town, id).await, None);
        web.set_down(false);
        town.clock.advance(FRESH_FOR);
        say(&town, ana, "https://news.example/bridge").await;
        town.run_jobs().await;
        assert!(card(&town, id).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn f11_a_link_from_elsewhere_is_looked_at_within_a_minute_and_not_at_once() {
    heard(|town, web| async move {
        let ana = town.resident("ana").await;
        for n in 0..8 {
            let id = say(&town, ana, "nothing yet").await;
            // As if it had come from elsewhere.
            town.write(move |tx| {
                let mut row = statuses::by_id(tx, id)?.unwrap();
                row.is_local = false;
                row.html = format!(r#"<p><a href="https://news.example/{n}">x</a></p>"#);
                statuses::save(tx, &row)?;
                settle(tx, id)
            })
            .await;
        }
        town.run_jobs().await;
        assert!(web.asked().len() < 2 * 8, "not all at once");
        town.clock.advance(MINUTE);
        town.run_jobs().await;
        let cards = town.read(|c| Ok(rows::count_waiting(c, 10)?)).await;
        assert_eq!(cards, 0);
    })
    .await;
}

#[tokio::test]
async fn a_changed_link_changes_the_card_and_what_nobody_shows_is_thrown_away() {
    heard(|town, _web| async move {
        let ana = town.resident("ana").await;
        let id = say(&town, ana, "https://news.example/one").await;
        town.run_jobs().await;
        let old = card(&town, id).await.unwrap();
        let change = Edit { text: Some("https://news.example/two".to_owned()), ..Edit::default() };
        town.write(move |tx| edit(tx, ana, id, &change)).await;
        town.run_jobs().await;
        assert_eq!(card(&town, id).await.unwrap().url, "https://news.example/two");
        town.clock.advance(2 * DAY);
        clean(&town).await.unwrap();
        let (gone, key) = (old.id, old.image_key.unwrap());
        assert!(town.read(move |c| Ok(rows::by_id(c, gone)?)).await.is_none());
        assert!(media::stored_file(&town, &key).await.is_err());
        town.clock.advance(PICTURES_FOR);
        clean(&town).await.unwrap();
        assert_eq!(card(&town, id).await.unwrap().image_key, None, "the text stays, the picture does not");
        town.write(move |tx| delete(tx, ana, id)).await;
        clean(&town).await.unwrap();
        assert!(town.read(|c| Ok(rows::by_url(c, "https://news.example/two")?)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn m7_the_picture_of_a_card_goes_later_when_it_cannot_go_now() {
    heard(|town, _web| async move {
        let ana = town.resident("ana").await;
        let id = say(&town, ana, "https://news.example/one").await;
        town.run_jobs().await;
        let key = card(&town, id).await.unwrap().image_key.unwrap();
        town.write(move |tx| delete(tx, ana, id)).await;
        town.clock.advance(2 * DAY);
        // A folder stands in the place of the file.
        let stuck = town.settings().data_dir.join("media").join(&key);
        std::fs::remove_file(&stuck).unwrap();
        std::fs::create_dir_all(stuck.join("x")).unwrap();
        clean(&town).await.unwrap();
        town.run_jobs().await;
        std::fs::remove_dir_all(&stuck).unwrap();
        std::fs::write(&stuck, "free again").unwrap();
        town.clock.advance(DAY);
        town.run_jobs().await;
        assert!(!stuck.exists());
    })
    .await;
}

#[tokio::test]
async fn x2_nothing_of_a_page_is_markup_and_all_of_it_fits() {
    let long = "é".repeat(5_000);
    let page = Page {
        title: long.clone(),
        description: long.clone(),
        author: long.clone(),
        site: long,
        ..Page::default()
    };
    let url = Url::parse("https://news.example:8443/x").unwrap();
    let made = filled(empty(CardId(1), url.to_string(), Moment(0)), &url, &page);
    assert_eq!(made.title.chars().count(), TITLE_MAX);
    assert_eq!(made.description.chars().count(), DESCRIPTION_MAX);
    assert_eq!(made.author_name.chars().count(), NAME_MAX);
    assert_eq!(made.provider_url, "https://news.example:8443/");
}
