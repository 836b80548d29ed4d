//! Posts in other languages, where the town has a service for it.

use std::sync::Arc;

use parvis_domain::testing::Babel;
use serde_json::json;

use super::super::*;
use super::Square;

#[tokio::test]
async fn a_post_is_translated_with_all_that_belongs_to_it() {
    let square = Square::with(|s| s.translation.service_url = "https://babel.example".parse().ok()).await;
    let babel = Arc::new(Babel::default());
    square.api.town.connect(babel.clone());
    let (ana, ben) = (&square.ana, &square.ben);
    let known = square.api.look("/api/v1/instance/translation_languages").await.ok();
    assert_eq!(known["fr"], json!(["de", "en"]));
    assert_eq!(known["und"], json!(["de", "en", "fr"]));
    let instance = square.api.look("/api/v2/instance").await.ok();
    assert_eq!(instance["configuration"]["translation"]["enabled"], true);

    let post = square.rich_post(ana, "Bonjour", None).await;
    let path = format!("/api/v1/statuses/{}/translate", id(&post));
    let seen = square.post(ben, &path, "lang=en").await;
    assert!(seen["content"].as_str().unwrap().starts_with("en: <p>Bonjour :fountain:"), "{seen}");
    assert_eq!(seen["spoiler_text"], "en: Long :lindens:");
    assert_eq!(seen["media_attachments"][0]["description"], "en: The square");
    assert_eq!(
        (&seen["detected_source_language"], &seen["provider"]),
        (&json!("fr"), &json!("LibreTranslate"))
    );
    assert_eq!(square.post(ben, &path, "").await["language"], "en", "the town's first language");

    let poll =
        "status=Quand+?&language=fr&poll[options][]=Lundi&poll[options][]=A+%26+B&poll[expires_in]=3600";
    let poll = square.api.write(ana, poll).await;
    let path = format!("/api/v1/statuses/{}/translate", id(&poll));
    let seen = square.post(ben, &path, "lang=de").await;
    assert_eq!(seen["poll"]["options"], json!([{ "title": "de: Lundi" }, { "title": "de: A & B" }]));

    let secret = square.api.write(ana, "status=Secret&language=fr&visibility=private").await;
    square.api.post(ana, &format!("/api/v1/statuses/{}/translate", id(&secret)), "lang=en").await.is(403);
    square.api.post(ben, &path, "lang=xx").await.is(403);
    babel.set_down(true);
    square.api.post(ben, &path, "lang=en").await.is(503);
}
