//! The user stream over a real socket.

use futures_util::{SinkExt, StreamExt};
use parvis_domain::accounts::revoke;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::*;

pub type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// Serves the town on loopback; where.
pub async fn served(api: &Api) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = api.router.clone();
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("ws://{address}/api/v1/streaming")
}

pub async fn open(url: String) -> Socket {
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

/// The status with which an upgrade is refused.
async fn refused(url: String) -> u16 {
    match tokio_tungstenite::connect_async(url).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

/// The next event: (event, payload). Ends the test when none comes.
pub async fn next(socket: &mut Socket) -> (String, String) {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let value: Value = serde_json::from_str(&text).unwrap();
                let part = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
                record::event("/api/v1/streaming", &part("event"), &part("payload"));
                return (part("event"), part("payload"));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => panic!("{other:?}"),
        }
    }
}

pub async fn is_closed(socket: &mut Socket) -> bool {
    loop {
        match socket.next().await {
            None | Some(Err(_) | Ok(Message::Close(_))) => return true,
            Some(Ok(Message::Text(text))) => panic!("still speaking: {text}"),
            Some(Ok(_)) => {}
        }
    }
}

#[tokio::test]
async fn posts_edits_deletions_and_notifications_come_as_they_happen() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.follow(&ben, &ana).await;
    let url = served(&api).await;
    let mut socket = open(format!("{url}?stream=user&access_token={}", ben.token)).await;
    // An own post comes back at once: the stream is awake.
    let own = api.write(&ben, "status=first").await;
    let (event, payload) = next(&mut socket).await;
    let shown: Value = serde_json::from_str(&payload).unwrap();
    assert_eq!((event.as_str(), id(&shown)), ("update", id(&own)));
    assert_eq!(shown["favourited"], false, "flags are the viewer's");

    let post = api.write(&ana, "status=Hello+%40ben").await;
    let (event, payload) = next(&mut socket).await;
    assert_eq!(event, "notification");
    assert_eq!(serde_json::from_str::<Value>(&payload).unwrap()["type"], "mention");
    api.fan_out(&post).await;
    api.fan_out(&post).await;
    let (event, payload) = next(&mut socket).await;
    assert_eq!((event.as_str(), id(&serde_json::from_str(&payload).unwrap())), ("update", id(&post)));
    let path = format!("/api/v1/statuses/{}", id(&post));
    api.call(Method::PUT, &ana.token, &path, "status=Edited").await.ok();
    let (event, payload) = next(&mut socket).await;
    assert_eq!(event, "status.update", "the second fan-out told nothing twice");
    assert!(payload.contains("Edited"));
    api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    assert_eq!(next(&mut socket).await, ("delete".to_owned(), id(&post)));
}

#[tokio::test]
async fn i5_a_stream_shows_nothing_that_its_viewer_may_not_see() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let url = served(&api).await;
    let mut socket = open(format!("{url}?stream=user&access_token={}", eve.token)).await;
    let own = api.write(&eve, "status=awake").await;
    assert_eq!(id(&serde_json::from_str(&next(&mut socket).await.1).unwrap()), id(&own));
    let secret = api.write(&ana, "status=%40ben+secret&visibility=direct").await;
    api.fan_out(&secret).await;
    api.fan_out(&api.write(&ben, "status=elsewhere").await).await;
    let marker = api.write(&eve, "status=after").await;
    let (event, payload) = next(&mut socket).await;
    assert_eq!((event.as_str(), id(&serde_json::from_str(&payload).unwrap())), ("update", id(&marker)));
}

#[tokio::test]
async fn a_client_subscribes_by_message_and_by_sub_protocol() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let url = served(&api).await;
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", ana.token.parse().unwrap());
    let (mut socket, response) = tokio_tungstenite::connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"].to_str().unwrap(), ana.token);
    for text in [
        "nonsense",
        "",
        "[]",
        r#"{"type":"dance","stream":"user"}"#,
        r#"{"type":"subscribe","stream":"firehose"}"#,
        r#"{"type":"subscribe","stream":"hashtag"}"#,
    ] {
        socket.send(Message::text(text)).await.unwrap();
        let answer = socket.next().await.unwrap().unwrap().into_text().unwrap();
        assert!(answer.contains("\"status\":400"), "{answer}");
    }
    socket.send(Message::text(r#"{"type":"subscribe","stream":"user:notification"}"#)).await.unwrap();
    // An answer to a wrong message says that the right one before it was read.
    socket.send(Message::text("?")).await.unwrap();
    socket.next().await.unwrap().unwrap();
    api.write(&ana, "status=not+in+this+stream").await;
    api.follow(&ben, &ana).await;
    let (event, payload) = next(&mut socket).await;
    assert_eq!(event, "notification");
    assert_eq!(serde_json::from_str::<Value>(&payload).unwrap()["account"]["acct"], "ben");
}

#[tokio::test]
async fn a4_a_stream_is_refused_at_the_upgrade() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let url = served(&api).await;
    let push = api.token(ana.id, "push").await;
    let told = api.token(ana.id, "read:notifications").await;
    assert_eq!(refused(url.clone()).await, 401);
    assert_eq!(refused(format!("{url}?stream=user&access_token=wrong")).await, 401);
    assert_eq!(refused(format!("{url}?stream=user&access_token={push}")).await, 403);
    assert_eq!(refused(format!("{url}?stream=user&access_token={told}")).await, 403);
    let mut mistaken = open(format!("{url}?stream=firehose&access_token={}", ana.token)).await;
    let answer = mistaken.next().await.unwrap().unwrap().into_text().unwrap();
    assert!(answer.contains("Unknown stream type"), "{answer}");
    mistaken.send(Message::text(r#"{"type":"subscribe","stream":"user"}"#)).await.unwrap();
    mistaken.send(Message::text("?")).await.unwrap();
    mistaken.next().await.unwrap().unwrap();
    api.write(&ana, "status=it+goes+on").await;
    assert_eq!(next(&mut mistaken).await.0, "update");
    open(format!("{url}?stream=user:notification&access_token={told}")).await;
    api.get(&ana, "/api/v1/streaming?stream=user").await.is(426);
}

#[tokio::test]
async fn a5_a_revoked_token_ends_its_stream() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let url = served(&api).await;
    let mut socket = open(format!("{url}?stream=user&access_token={}", ana.token)).await;
    let mut other = open(format!("{url}?stream=user&access_token={}", ben.token)).await;
    api.write(&ana, "status=awake").await;
    next(&mut socket).await;
    let ana_id = ana.id;
    api.town.write(move |tx| revoke::everything(tx, ana_id)).await;
    assert!(is_closed(&mut socket).await);
    api.write(&ben, "status=still+here").await;
    assert_eq!(next(&mut other).await.0, "update", "others go on");
}
