//! What the town says of itself.

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
