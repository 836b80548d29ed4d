//! Somebody with a client program: what they do, they do through the Mastodon API of their town.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::town::Town;

/// Milliseconds that pass before somebody does something, so that things have an order.
const A_MOMENT: i64 = 1_000;

/// A resident, signed in.
pub struct Person<'t> {
    pub town: &'t Town,
    pub name: String,
    /// Their account's id in their own town.
    pub id: String,
    pub token: String,
}

impl<'t> Person<'t> {
    pub(crate) async fn new(town: &'t Town, name: &str, token: String) -> Self {
        let mut person = Self { town, name: name.to_owned(), id: String::new(), token };
        person.id = text(&person.get("/api/v1/accounts/verify_credentials").await.ok(), "id");
        person
    }

    /// `ana@a.localhost:4001`
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}", self.name, self.town.domain())
    }

    /// The id of their actor.
    #[must_use]
    pub fn uri(&self) -> String {
        self.town.url(&format!("/users/{}", self.name))
    }

    /// Any request of their client program.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.town.http.request(method, self.town.url(path)).bearer_auth(&self.token);
        Answer::to(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.town.clock.advance(A_MOMENT);
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.town.clock.advance(A_MOMENT);
        self.ask(Method::DELETE, path, None).await
    }

    /// Says something to everybody.
    pub async fn say(&self, status: &str) -> Value {
        self.publish(json!({ "status": status })).await
    }

    /// Says something to those who may see it: `public`, `unlisted`, `private`, `direct`.
    pub async fn say_to(&self, visibility: &str, status: &str) -> Value {
        self.publish(json!({ "status": status, "visibility": visibility })).await
    }

    /// Publishes a post; the fields are the API's.
    pub async fn publish(&self, form: Value) -> Value {
        self.post("/api/v1/statuses", form).await.ok()
    }

    /// Answers a post, by its id in this person's town.
    pub async fn reply(&self, to: &Value, status: &str) -> Value {
        self.publish(json!({ "status": status, "in_reply_to_id": to["id"] })).await
    }

    /// `boost`, `favourite`, … on a post: `reblog`, `unreblog`, `favourite`, `unfavourite`, `bookmark`, `pin`.
    pub async fn does(&self, what: &str, status: &Value) -> Value {
        self.post(&format!("/api/v1/statuses/{}/{what}", text(status, "id")), json!({})).await.ok()
    }

    /// Somebody of another town as this person's town knows them, looked up over there if need be.
    pub async fn find(&self, other: &Person<'_>) -> Value {
        let found = self.search(&format!("@{}", other.address()), true).await;
        found["accounts"]
            .get(0)
            .cloned()
            .unwrap_or_else(|| panic!("{} is not found: {found}", other.address()))
    }

    /// The search of the API.
    pub async fn search(&self, text: &str, resolve: bool) -> Value {
        let url = self.town.url("/api/v2/search");
        let query = [("q", text), ("resolve", if resolve { "true" } else { "false" })];
        Answer::to(self.town.http.get(url).query(&query).bearer_auth(&self.token)).await.ok()
    }

    /// Follows somebody of any town: the relationship right after the click.
    pub async fn follow(&self, other: &Person<'_>) -> Value {
        self.towards("follow", other).await
    }

    /// `follow`, `unfollow`, `block`, `unblock`, `mute`, `unmute` towards somebody of any town.
    pub async fn towards(&self, what: &str, other: &Person<'_>) -> Value {
        let id = self.id_of(other).await;
        self.post(&format!("/api/v1/accounts/{id}/{what}"), json!({})).await.ok()
    }

    /// How this person's town sees the two.
    pub async fn relationship(&self, other: &Person<'_>) -> Value {
        let id = self.id_of(other).await;
        let all = self.get(&format!("/api/v1/accounts/relationships?id[]={id}")).await.ok();
        all.get(0).cloned().expect("one relationship")
    }

    /// The id that somebody has in this person's town.
    pub async fn id_of(&self, other: &Person<'_>) -> String {
        if std::ptr::eq(self.town, other.town) {
            other.id.clone()
        } else {
            text(&self.find(other).await, "id")
        }
    }

    /// What stands in the home timeline, newest first.
    pub async fn home(&self) -> Vec<Value> {
        list(self.get("/api/v1/timelines/home?limit=40").await.ok())
    }

    /// All notifications of a kind, newest first; of every kind when it is empty.
    pub async fn notifications(&self, kind: &str) -> Vec<Value> {
        let all = list(self.get("/api/v1/notifications?limit=40").await.ok());
        all.into_iter().filter(|n| kind.is_empty() || n["type"] == kind).collect()
    }

    /// This town's copy of a post, if this person may see one; nobody else is asked.
    pub async fn copy_of(&self, status: &Value) -> Option<Value> {
        self.known(&text(status, "uri")).await
    }

    /// As [`Person::copy_of`], by the post's ActivityPub id.
    pub async fn known(&self, uri: &str) -> Option<Value> {
        self.search(uri, false).await["statuses"].get(0).cloned()
    }

    /// A post by its id in this town.
    pub async fn status(&self, id: &Value) -> Answer {
        self.get(&format!("/api/v1/statuses/{}", id.as_str().unwrap_or_default())).await
    }

    /// The texts of a post's thread around it: what stands above, and what below.
    pub async fn thread(&self, status: &Value) -> (Vec<String>, Vec<String>) {
        let context = self.get(&format!("/api/v1/statuses/{}/context", text(status, "id"))).await.ok();
        let texts = |side: &Value| list(side.clone()).iter().map(words).collect();
        (texts(&context["ancestors"]), texts(&context["descendants"]))
    }

    /// Uploads a picture.
    pub async fn upload(&self, bytes: Vec<u8>, description: &str) -> Answer {
        let (kind, body) = upload_form(bytes, description);
        let request = self.town.http.post(self.town.url("/api/v2/media")).bearer_auth(&self.token);
        Answer::to(request.header("content-type", kind).body(body)).await
    }
}

/// A form with a file and its description: its type and its bytes.
#[must_use]
pub fn upload_form(bytes: Vec<u8>, description: &str) -> (String, Vec<u8>) {
    let boundary = "a-boundary-that-no-picture-has";
    let mut body = Vec::new();
    let part = |head: &str| format!("--{boundary}\r\ncontent-disposition: form-data; {head}\r\n\r\n");
    body.extend(part("name=\"description\"").bytes());
    body.extend(description.bytes());
    body.extend(b"\r\n");
    body.extend(part("name=\"file\"; filename=\"../../IMG_4711.jpg\"\r\ncontent-type: image/jpeg").bytes());
    body.extend(bytes);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// A member that must be a text.
#[must_use]
pub fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no text `{member}` in {value}")).to_owned()
}

/// A JSON list.
#[must_use]
pub fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(all) => all,
        other => panic!("no list: {other}"),
    }
}

/// The words of a post, without markup.
#[must_use]
pub fn words(status: &Value) -> String {
    let mut plain = String::new();
    let mut is_tag = false;
    for letter in status["content"].as_str().unwrap_or_default().chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            other if !is_tag => plain.push(other),
            _ => {}
        }
    }
    plain
}
