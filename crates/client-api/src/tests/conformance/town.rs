//! What the town says of itself.

use parvis_domain::announcements::{self, NewAnnouncement};
use parvis_domain::policy::{self, Severity, Terms};
use parvis_domain::staff::By;

use serde_json::Value;

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
    for (path, contact) in
        [("/api/v1/instance", "/contact_account/acct"), ("/api/v2/instance", "/contact/account/acct")]
    {
        let seen = square.api.look(path).await;
        assert!(seen.text.contains("mairie@town.example"), "{path}");
        assert_eq!(seen.json().pointer(contact), Some(&"ana".into()), "{path}");
    }
    let instance = square.api.look("/api/v2/instance").await.ok();
    assert_eq!(several(instance["icon"].clone())[0]["size"], "48x48");
    assert_eq!(instance["configuration"]["timelines_access"]["live_feeds"]["local"], "public");
    assert_eq!(square.api.look("/api/v1/streaming/health").await.text, "OK");
}

#[tokio::test]
async fn the_town_announces_several_things_and_says_whom_it_shuts_out() {
    let square = Square::new().await;
    let post = square.rich_post(&square.ben, "Where it goes", None).await;
    let secret = square.api.write(&square.ben, "status=Mine&visibility=private").await;
    let url = |post: &Value| post["url"].as_str().unwrap().to_owned();
    let named = format!(
        "The bridge is open #works #River, says @ben with @bea@away.example and @nobody: {} {}",
        url(&post),
        url(&secret)
    );
    square
        .api
        .town
        .write(move |tx| {
            for text in ["The market moves :fountain:", named.as_str()] {
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
    let acct: Vec<&str> =
        seen[0]["mentions"].as_array().unwrap().iter().filter_map(|m| m["acct"].as_str()).collect();
    assert_eq!(acct, ["ben", "bea@away.example"]);
    assert_eq!(seen[0]["tags"][1]["name"], "River");
    assert_eq!(
        seen[0]["statuses"],
        serde_json::json!([{ "id": post["id"], "url": post["url"] }]),
        "not what is for few"
    );
    assert_eq!(seen[1]["emojis"][0]["shortcode"], "fountain");
    several(square.get(&square.ana, "/api/v1/instance/domain_blocks").await);
}
