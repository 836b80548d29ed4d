//! What trends, with several of each kind, for everybody and for staff.

use std::sync::Arc;

use parvis_domain::testing::Web;
use parvis_model::account::Role;

use super::super::admin::staff;
use super::super::*;
use super::{Square, several};

const PAGE: &str = r#"<title>The mill</title><meta property="og:description" content="It turns.">
    <meta name="author" content="Paul"><meta property="article:author" content="https://news.example/paul">
    <meta property="og:image" content="/mill.png"><meta property="article:published_time" content="2026-03-01T10:00:00Z">"#;

/// A square on which three people speak of two things, with two links, and like two posts.
async fn busy() -> (Square, Person) {
    let square = Square::with(|s| s.trends.enabled = true).await;
    square.api.town.connect(Arc::new(Web::of(PAGE)));
    let people = [&square.ana, &square.ben, &square.cem];
    let mut posts = Vec::new();
    for who in people {
        for site in ["news", "other"] {
            let text = format!("status=%23Mill+%23River+https://{site}.example/mill");
            posts.push(square.api.write(who, &text).await);
        }
    }
    let (dan, eli, fay) =
        (square.resident("dan").await, square.resident("eli").await, square.resident("fay").await);
    for who in [&dan, &eli, &fay] {
        for post in posts.iter().take(2) {
            for what in ["favourite", "reblog"] {
                square.post(who, &format!("/api/v1/statuses/{}/{what}", id(post)), "").await;
            }
        }
    }
    square.api.town.run_jobs().await;
    square.api.town.write(parvis_domain::trends::count).await;
    let ada = staff(&square.api, "ada", Role::Admin).await;
    (square, ada)
}

#[tokio::test]
async fn several_things_trend_once_staff_allowed_them() {
    let (square, ada) = busy().await;
    let admin = "/api/v1/admin/trends";
    for kind in ["tags", "links", "statuses", "links/publishers"] {
        let found = several(square.get(&ada, &format!("{admin}/{kind}")).await);
        for word in ["reject", "approve"] {
            for one in &found {
                square.post(&ada, &format!("{admin}/{kind}/{}/{word}", id(one)), "").await;
            }
        }
    }
    for path in ["/api/v1/trends", "/api/v1/trends/tags", "/api/v1/trends/statuses", "/api/v1/trends/links"] {
        several(square.get(&square.ana, path).await);
    }
    let links = several(square.get(&square.ana, "/api/v1/trends/links").await);
    assert_eq!(links[0]["authors"][0]["name"], "Paul");
    several(square.get(&square.ana, "/api/v1/timelines/link?url=https://news.example/mill").await);
}
