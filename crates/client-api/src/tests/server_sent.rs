//! Streams as server-sent events: the same as over WebSocket, through the other door.

use super::*;

/// The lines of a stream of events as they come.
pub struct Lines {
    /// Where it was opened, without its query.
    path: String,
    body: Body,
    text: String,
}

impl Lines {
    pub async fn open(api: &Api, who: &Person, path: &str) -> Self {
        let request = Request::get(format!(
            "{path}{}access_token={}",
            if path.contains('?') { '&' } else { '?' },
            who.token
        ));
        let response = api.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream");
        assert!(header("cache-control").contains("no-store"));
        assert_eq!(header("x-accel-buffering"), "no");
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let mut lines = Self { path, body: response.into_body(), text: String::new() };
        assert!(lines.block().await.unwrap().starts_with(':'));
        lines
    }

    /// The next block; `None` at the end.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let data = self.body.frame().await?.unwrap().into_data().unwrap();
            self.text.push_str(&String::from_utf8_lossy(&data));
        }
    }

    /// The next event: (event, id of what it is about).
    pub async fn event(&mut self) -> (String, String) {
        let block = self.block().await.unwrap();
        let (event, data) = block.split_once('\n').unwrap();
        let data = data.strip_prefix("data: ").unwrap();
        let event = event.strip_prefix("event: ").unwrap().to_owned();
        record::event(&self.path, &event, data);
        let about = serde_json::from_str::<Value>(data).ok().filter(Value::is_object).map(|v| id(&v));
        (event, about.unwrap_or_else(|| data.to_owned()))
    }
}

#[tokio::test]
async fn streams_come_as_server_sent_events_too() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let mut all = Vec::new();
    for path in ["user", "public", "public/local", "hashtag?tag=x", "hashtag/local?tag=X"] {
        all.push(Lines::open(&api, &ana, &format!("/api/v1/streaming/{path}")).await);
    }
    let mut told = Lines::open(&api, &ana, "/api/v1/streaming/user/notification").await;
    let mut remote = Lines::open(&api, &ana, "/api/v1/streaming/public/remote").await;
    let mut pictures = Lines::open(&api, &ana, "/api/v1/streaming/public?only_media=true").await;
    let post = api.write(&ana, "status=about+%23x").await;
    for lines in &mut all {
        assert_eq!(lines.event().await, ("update".to_owned(), id(&post)));
    }
    api.follow(&ben, &ana).await;
    assert_eq!(told.event().await.0, "notification", "no post came before");
    api.call(Method::DELETE, &ana.token, &format!("/api/v1/statuses/{}", id(&post)), "").await.ok();
    assert_eq!(all[1].event().await, ("delete".to_owned(), id(&post)));
    let me = ana.id;
    api.town.write(move |tx| parvis_domain::accounts::revoke::everything(tx, me)).await;
    for lines in [&mut remote, &mut pictures, &mut told] {
        assert_eq!(lines.block().await, None, "a revoked token ends the stream, which had nothing to say");
    }
}

#[tokio::test]
async fn a4_an_event_stream_needs_the_scope_of_what_it_shows() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let told = api.token(ana.id, "read:notifications").await;
    let posts = api.token(ana.id, "read:statuses").await;
    for path in ["user", "public", "public/local", "public/remote", "hashtag?tag=x", "hashtag/local?tag=x"] {
        let path = format!("/api/v1/streaming/{path}");
        api.call(Method::GET, &told, &path, "").await.is(403);
        api.look(&path).await.is(401);
    }
    api.call(Method::GET, &posts, "/api/v1/streaming/user/notification", "").await.is(403);
    api.call(Method::GET, &posts, "/api/v1/streaming/hashtag", "").await.is(400);
    api.call(Method::GET, &posts, "/api/v1/streaming/firehose", "").await.is(404);
}
