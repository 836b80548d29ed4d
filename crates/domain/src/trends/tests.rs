//! Trends, on both databases.

use parvis_model::ids::AccountId;
use parvis_store::testing::Place;

use super::*;
use crate::error::Error;
use crate::reactions;
use crate::statuses::{Draft, publish};
use crate::testing::{Town as TestTown, Web};

const ALL: Part = Part { offset: 0, limit: 10, is_whole: false };
const WHOLE: Part = Part { is_whole: true, ..ALL };

async fn towns<F, Fut>(is_on: bool, test: F)
where
    F: Fn(TestTown) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let town = TestTown::builder()
            .settings(move |s| s.trends.enabled = is_on)
            .listeners(vec![crate::preview_cards::on_event])
            .place(place)
            .build()
            .await;
        town.connect(std::sync::Arc::new(Web::of("<title>The bridge</title>")));
        test(town).await;
    }
}

async fn people(town: &TestTown) -> Vec<AccountId> {
    let mut all = Vec::new();
    for name in ["ana", "ben", "eve"] {
        all.push(town.resident(name).await);
    }
    all
}

async fn say(town: &TestTown, who: AccountId, text: &str) -> StatusId {
    let draft = Draft { text: text.to_owned(), ..Draft::default() };
    town.write(move |tx| publish(tx, who, &draft)).await
}

#[tokio::test]
async fn what_three_people_use_trends_once_staff_allowed_it() {
    towns(true, |town| async move {
        let (all, staff) = (people(&town).await, town.moderator("mo").await);
        for who in &all {
            say(&town, *who, "#Bridge https://news.example/bridge").await;
        }
        // One person, however often, is no trend.
        for _ in 0..9 {
            say(&town, all[0], "#Loud https://loud.example/").await;
        }
        let post = say(&town, staff, "nice").await;
        for who in all.clone() {
            town.write(move |tx| reactions::favourite(tx, who, post, None)).await;
        }
        town.run_jobs().await;
        town.write(count).await;
        let seen = town.read(|c| tags(c, WHOLE)).await;
        assert_eq!(seen.iter().map(|t| t.subject.name.as_str()).collect::<Vec<_>>(), ["bridge"]);
        assert_eq!((seen[0].history.len(), seen[0].history[0].1, seen[0].is_allowed), (7, 3, None));
        assert!(town.read(|c| tags(c, ALL)).await.is_empty(), "nobody has looked at it");
        let (tag, eve) = (seen[0].subject.id, all[2]);
        let refused = town.db().write(move |tx| review_tag(tx, eve, tag, true)).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        town.write(move |tx| review_tag(tx, staff, tag, true)).await;
        assert_eq!(town.read(|c| tags(c, ALL)).await.len(), 1);

        assert_eq!(town.read(|c| statuses(c, None, WHOLE)).await[0].subject.status.id, post);
        town.write(move |tx| review_status(tx, staff, post, true)).await;
        assert_eq!(town.read(|c| statuses(c, None, ALL)).await.len(), 1);

        let link = town.read(|c| links(c, WHOLE)).await.remove(0).subject;
        let with_link = |town: &TestTown| {
            let db = town.db().clone();
            async move {
                db.read(|c| posts_with_link(c, None, "https://news.example/bridge#x", Range::newest(9))).await
            }
        };
        assert!(matches!(with_link(&town).await, Err(Error::NotFound)));
        let site = town.read(move |c| publishers(c, staff)).await.remove(0);
        assert_eq!(site.host, "news.example");
        town.write(move |tx| review_publisher(tx, staff, site.id, true)).await;
        assert_eq!(with_link(&town).await.unwrap().len(), 3);
        town.write(move |tx| review_link(tx, staff, link.row.id, false)).await;
        assert!(
            town.read(|c| links(c, ALL)).await.is_empty(),
            "a no on the link counts before a yes on its site"
        );
    })
    .await;
}

#[tokio::test]
async fn a_week_later_it_is_over() {
    towns(true, |town| async move {
        for who in people(&town).await {
            say(&town, who, "#Bridge").await;
        }
        for days in [0, DAYS - 1] {
            town.clock.advance(days * DAY);
            town.write(count).await;
            let days = town.read(|c| Ok(rows::of_kind(c, TrendKind::Tag)?)).await;
            assert_eq!(days.len(), 1);
        }
        town.clock.advance(DAY);
        town.write(count).await;
        assert!(town.read(|c| tags(c, WHOLE)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_town_that_does_not_want_trends_has_none() {
    towns(false, |town| async move {
        for who in people(&town).await {
            say(&town, who, "#Bridge").await;
        }
        town.write(count).await;
        assert!(town.read(|c| tags(c, WHOLE)).await.is_empty());
    })
    .await;
}
