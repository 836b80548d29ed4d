//! Who is on the square: Ana, Ben and Cem of the town, with whole profiles, and Bea of another server. They follow one another.

use parvis_config::Settings;
use parvis_domain::emojis;
use parvis_domain::remote::{
    RemoteActor, RemoteEmoji, RemoteKind, RemoteMedia, RemoteNote, accounts, statuses,
};
use parvis_domain::testing::somebody;

use super::super::media::{PICTURE, form, upload};
use super::super::*;

/// A town in which something is going on.
pub struct Square {
    pub api: Api,
    pub ana: Person,
    pub ben: Person,
    pub cem: Person,
    /// Of `away.example`.
    pub bea: AccountId,
}

impl Square {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// A town with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings) + Send + 'static) -> Self {
        let settings = move |s: &mut Settings| {
            s.town.contact_email = Some("mairie@town.example".to_owned());
            s.town.contact_account = Some("@Ana".to_owned());
            change(s);
        };
        let api = Api::of(Town::builder().settings(settings)).await;
        for code in ["lindens", "fountain"] {
            let key = format!("emojis/aa/{code}.png");
            api.town.write(move |tx| emojis::add(tx, code, &key, Some("square"))).await;
        }
        let (ana, ben, cem) =
            (api.resident("ana").await, api.resident("ben").await, api.resident("cem").await);
        let bea = keep_bea(&api).await;
        let square = Self { api, ana, ben, cem, bea };
        for (who, name) in [(&square.ana, "Ana"), (&square.ben, "Ben"), (&square.cem, "Cem")] {
            square.introduce(who, name).await;
        }
        for (a, b) in [(&square.ana, &square.ben), (&square.ana, &square.cem), (&square.cem, &square.ana)] {
            square.api.follow(a, b).await;
        }
        square.api.follow(&square.ben, &square.ana).await;
        square
    }

    /// Name, words, lines and pictures of a profile.
    pub async fn introduce(&self, who: &Person, name: &str) {
        let (display, note) = (format!("{name} :lindens:"), "On the square :fountain:");
        let fields = [
            ("display_name", display.as_str()),
            ("note", note),
            ("fields_attributes[0][name]", "Home"),
            ("fields_attributes[0][value]", "https://home.example"),
            ("fields_attributes[1][name]", "Trees"),
            ("fields_attributes[1][value]", ":lindens:"),
            ("source[language]", "fr"),
        ];
        let body = form(&fields, Some(("header", PICTURE)));
        upload(&self.api, who, Method::PATCH, "/api/v1/accounts/update_credentials", body).await.ok();
    }

    /// Somebody else who lives here.
    pub async fn resident(&self, name: &str) -> Person {
        self.api.resident(name).await
    }

    /// Uploads a picture with everything that can be said of one; its id.
    pub async fn picture(&self, who: &Person) -> String {
        let fields = [("description", "The square"), ("focus", "0.5,-0.5")];
        let body = form(&fields, Some(("file", PICTURE)));
        id(&upload(&self.api, who, Method::POST, "/api/v2/media", body).await.ok())
    }

    /// Publishes a post with two pictures, emojis, a mention, a hashtag and a warning, which answers another if that is given.
    pub async fn rich_post(&self, who: &Person, words: &str, answers: Option<&Value>) -> Value {
        let media_ids = [self.picture(who).await, self.picture(who).await];
        let body = serde_json::json!({
            "status": format!("{words} :fountain: @cem @bea@away.example #Square #Lindens https://home.example/"),
            "spoiler_text": "Long :lindens:",
            "language": "fr",
            "media_ids": media_ids,
            "in_reply_to_id": answers.map(id),
        });
        self.api.write(who, &body.to_string()).await
    }

    /// Bea's server sends a post with a picture, an emoji and a hashtag.
    pub async fn away_post(&self, name: &str) -> Value {
        let note = RemoteNote {
            uri: format!("https://away.example/notes/{name}"),
            url: Some(format!("https://away.example/@bea/{name}")),
            author: "https://away.example/users/bea".to_owned(),
            html: format!("<p>{name} :wave: <a href=\"https://away.example/tags/square\">#square</a></p>"),
            language: Some("de".to_owned()),
            is_public: true,
            hashtags: vec!["square".to_owned()],
            emojis: vec![wave()],
            media: vec![RemoteMedia {
                url: format!("https://away.example/{name}.png"),
                mime: "image/png".to_owned(),
                kind: RemoteKind::Image,
                description: "Away".to_owned(),
                width: 300,
                height: 200,
                ..RemoteMedia::default()
            }],
            ..RemoteNote::default()
        };
        let kept = self.api.town.write(move |tx| statuses::create(tx, &note, statuses::Wanted::Yes)).await;
        let id = kept.kept().expect("a post that can be kept");
        self.api.get(&self.ana, &format!("/api/v1/statuses/{id}")).await.ok()
    }

    /// Asks as somebody and expects that all is well.
    pub async fn get(&self, who: &Person, path: &str) -> Value {
        self.api.get(who, path).await.ok()
    }

    /// Posts as somebody and expects that all is well.
    pub async fn post(&self, who: &Person, path: &str, body: &str) -> Value {
        self.api.post(who, path, body).await.ok()
    }
}

fn wave() -> RemoteEmoji {
    RemoteEmoji { shortcode: "wave".to_owned(), url: "https://away.example/wave.png".to_owned() }
}

async fn keep_bea(api: &Api) -> AccountId {
    let actor = RemoteActor {
        url: Some("https://away.example/@bea".to_owned()),
        name: "Bea :wave:".to_owned(),
        bio: "<p>Away</p>".to_owned(),
        fields: vec![("Web".to_owned(), "<a href=\"https://bea.example\">bea.example</a>".to_owned())],
        avatar: Some("https://away.example/bea.png".to_owned()),
        header: Some("https://away.example/wide.png".to_owned()),
        shared_inbox: Some("https://away.example/inbox".to_owned()),
        followers: Some("https://away.example/users/bea/followers".to_owned()),
        emojis: vec![wave()],
        ..somebody("away.example", "bea")
    };
    api.town.write(move |tx| accounts::upsert(tx, &actor)).await
}
