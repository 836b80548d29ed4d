//! Emojis with which posts are favourited on other servers: shown with the post alone.

use serde_json::json;

use super::*;
use parvis_domain::reactions;
use parvis_domain::remote::RemoteEmoji;
use parvis_domain::remote::accounts::upsert;
use parvis_domain::remote::reactions::{RemoteReaction, react};
use parvis_domain::testing::somebody;

#[tokio::test]
async fn emojis_of_other_servers_stand_under_the_post_alone_and_count_as_favourites() {
    let places = [Some(parvis_domain::testing::Place::sqlite()), parvis_domain::testing::Place::postgres()];
    for place in places.into_iter().flatten() {
        let api = Api::of(Town::builder().place(place).listeners(listeners())).await;
        let ana = api.resident("ana").await;
        let post: StatusId = id(&api.write(&ana, "status=The+square+is+open").await).parse().unwrap();
        let arch = RemoteEmoji { shortcode: "arch".to_owned(), url: "https://b.example/arch.png".to_owned() };
        for (host, name, content) in [
            ("a.example", "bea", Some("🎉")),
            ("b.example", "cem", Some("🎉")),
            ("b.example", "dea", Some(":arch:")),
            ("b.example", "eli", None),
        ] {
            let (actor, emojis) = (somebody(host, name), vec![arch.clone()]);
            let reaction = RemoteReaction { uri: None, content: content.map(str::to_owned), emojis };
            api.town
                .write(move |tx| {
                    let who = upsert(tx, &actor)?;
                    react(tx, who, post, &reaction)
                })
                .await;
        }
        let shown = api.get(&ana, &format!("/api/v1/statuses/{post}")).await.ok();
        assert_eq!(shown["favourites_count"], json!(4));
        let emojis = shown["emoji_reactions"].as_array().unwrap();
        assert_eq!(emojis[0], json!({ "name": "🎉", "count": 2, "me": false }));
        assert_eq!(
            (&emojis[1]["name"], &emojis[1]["count"], &emojis[1]["domain"]),
            (&json!("arch"), &json!(1), &json!("b.example"))
        );
        let url = emojis[1]["url"].as_str().unwrap();
        assert!(url.starts_with("http://") && !url.contains("b.example"), "through us: {url}");
        let list = api.get(&ana, &format!("/api/v1/accounts/{}/statuses", ana.id)).await.ok();
        assert!(list[0].get("emoji_reactions").is_none(), "lists cost nothing more");
        assert_eq!(api.town.read(move |c| reactions::emojis_of(c, post)).await.len(), 2);
    }
}
