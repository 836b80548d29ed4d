//! What the town says of itself.

use parvis_domain::announcements::{self, NewAnnouncement};
use parvis_domain::policy::{self, Severity, Terms};
use parvis_domain::staff::By;

use super::{Square, several};

#[tokio::test]
async fn the_town_shows_its_emojis_its_words_and_whom_to_write_to() {
    let square = Square::new().await;
    let emojis = several(square.api.look("/api/v1/custom_emojis").await.ok());
    assert!(emojis.iter().all(|e| e["category"] == "square" && e["visible_in_picker"] == true));
    several(square.api.look("/api/v1/instance/rules").await.ok());
    let words = square.api.look("/api/v1/instance/extended_description").await.ok();
    assert!(words["content"].as_str().unwrap().starts_with("<p>"));
    let languages = square.api.look("/api/v1/instance/translation_languages").await.ok();
    assert_eq!(languages, serde_json::json!({}), "nothing is translated here");
    for path in ["/api/v1/instance", "/api/v2/instance"] {
        assert!(square.api.look(path).await.text.contains("mairie@town.example"), "{path}");
    }
    assert_eq!(square.api.look("/api/v1/streaming/health").await.text, "OK");
}

#[tokio::test]
async fn the_town_announces_several_things_and_says_whom_it_shuts_out() {
    let square = Square::new().await;
    square
        .api
        .town
        .write(|tx| {
            for text in ["The market moves :fountain:", "The bridge is open #works"] {
                let new = NewAnnouncement { text: text.to_owned(), ..NewAnnouncement::default() };
                announcements::publish(tx, By::Operator, &new)?;
            }
            for host in ["evil.example", "spam.example"] {
                let why = "Spam".to_owned();
                let terms = Terms { severity: Severity::Suspend, public_comment: why, ..Terms::default() };
                policy::set(tx, host, &terms)?;
            }
            Ok(())
        })
        .await;
    let all = several(square.get(&square.ana, "/api/v1/announcements").await);
    let path = format!("/api/v1/announcements/{}/reactions/%F0%9F%91%8D", all[0]["id"].as_str().unwrap());
    square.api.call(http::Method::PUT, &square.ana.token, &path, "").await.ok();
    let seen = several(square.get(&square.ana, "/api/v1/announcements").await);
    assert_eq!(seen[0]["reactions"][0]["me"], true);
    several(square.get(&square.ana, "/api/v1/instance/domain_blocks").await);
}
