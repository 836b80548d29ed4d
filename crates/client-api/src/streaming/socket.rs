//! One WebSocket: what its client subscribed to, what is sent to it, and when it is cut: when its token is revoked (threats A5), when it reads
//! too slowly, when it goes silent.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use parvis_domain::Town;
use parvis_model::scope::Scopes;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use super::hub::{Hub, Said, Session};
use crate::auth::Grant;

/// A silent connection is asked whether it lives, and its token looked at again, this often.
const PING_EVERY: Duration = Duration::from_secs(30);
/// Events that may wait for a slow reader; more, and it is cut.
const WAITING_MAX: usize = 100;

/// A stream that can be subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Home timeline and notifications.
    User,
    /// Notifications only.
    Notifications,
}

impl Stream {
    /// From Mastodon's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "user:notification" => Some(Self::Notifications),
            _ => None,
        }
    }

    /// Mastodon's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Notifications => "user:notification",
        }
    }

    /// Whether a token may subscribe (threats A4: streaming needs the same scopes as reading).
    #[must_use]
    pub fn is_allowed(self, scopes: &Scopes) -> bool {
        match self {
            Self::User => scopes.allow("read:statuses"),
            Self::Notifications => scopes.allow("read:notifications"),
        }
    }
}

/// What a client says.
#[derive(Debug, Deserialize)]
struct Wish {
    r#type: String,
    stream: String,
}

/// What goes over the wire.
#[derive(Debug, Serialize)]
struct Sent<'a> {
    stream: [&'static str; 1],
    event: &'a str,
    payload: &'a str,
}

/// Runs one connection until either side ends it.
pub async fn run(mut ws: WebSocket, town: Town, hub: Hub, grant: Grant, first: Option<Stream>) {
    let Some(account) = grant.account else { return };
    let (sender, mut said) = mpsc::channel(WAITING_MAX);
    let session = Session {
        account,
        token: grant.token,
        hears_notifications: grant.scopes.allow("read:notifications"),
        sender,
    };
    let place = hub.join(&town, session);
    let mut streams: Vec<Stream> = first.into_iter().collect();
    let mut ticks = interval(PING_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut has_answered = true;
    loop {
        tokio::select! {
            event = said.recv() => match event {
                Some(event) => if !deliver(&mut ws, &streams, &event).await { break },
                // The hub let go of it: revoked, or too slow.
                None => {
                    let close = CloseFrame { code: 1008, reason: "the stream ended".into() };
                    let _closed_already = ws.send(Message::Close(Some(close))).await;
                    break;
                }
            },
            message = ws.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    has_answered = true;
                    if let Some(answer) = obey(&text, &grant.scopes, &mut streams)
                        && ws.send(Message::Text(answer.into())).await.is_err()
                    {
                        break;
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => has_answered = true,
            },
            _ = ticks.tick() => {
                if !has_answered || ws.send(Message::Ping(bytes::Bytes::new())).await.is_err() {
                    break;
                }
                has_answered = false;
                hub.look_again(account);
            }
        }
    }
    drop(place);
}

/// Sends an event once, under the first subscribed stream that carries it; `false` when the connection is gone.
async fn deliver(ws: &mut WebSocket, streams: &[Stream], said: &Said) -> bool {
    let carries = |s: &&Stream| said.is_notification || **s == Stream::User;
    let Some(stream) = streams.iter().find(carries) else { return true };
    let sent = Sent { stream: [stream.name()], event: said.event, payload: &said.payload };
    match serde_json::to_string(&sent) {
        Ok(text) => ws.send(Message::Text(text.into())).await.is_ok(),
        Err(_) => true,
    }
}

/// Does what a client asks; returns what to answer, if anything.
fn obey(text: &str, scopes: &Scopes, streams: &mut Vec<Stream>) -> Option<String> {
    let refused =
        |sentence: &str, status: u16| Some(json!({ "error": sentence, "status": status }).to_string());
    let Ok(wish) = serde_json::from_str::<Wish>(text) else {
        return refused("The message could not be read", 400);
    };
    let Some(stream) = Stream::parse(&wish.stream) else { return refused("Unknown stream type", 400) };
    match wish.r#type.as_str() {
        "subscribe" if !stream.is_allowed(scopes) => {
            refused("Access token does not have the required scopes", 401)
        }
        "subscribe" => {
            if !streams.contains(&stream) {
                streams.push(stream);
            }
            None
        }
        "unsubscribe" => {
            streams.retain(|s| *s != stream);
            None
        }
        _ => refused("Unknown message type", 400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_a_stream_needs_the_scope_of_what_it_shows() {
        let (mut streams, profile) = (Vec::new(), Scopes::parse("profile").unwrap());
        for name in ["user", "user:notification"] {
            let answer =
                obey(&format!(r#"{{"type":"subscribe","stream":"{name}"}}"#), &profile, &mut streams);
            assert!(answer.unwrap().contains("401"));
        }
        assert!(streams.is_empty());
        let read = Scopes::parse("read").unwrap();
        assert!(obey(r#"{"type":"subscribe","stream":"user"}"#, &read, &mut streams).is_none());
        assert_eq!(streams, [Stream::User]);
        assert!(obey(r#"{"type":"unsubscribe","stream":"user"}"#, &read, &mut streams).is_none());
        assert!(streams.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_answered_not_fatal() {
        let read = Scopes::parse("read").unwrap();
        for text in [
            "",
            "{",
            "[]",
            r#"{"type":"dance","stream":"user"}"#,
            r#"{"type":"subscribe","stream":"firehose"}"#,
        ] {
            assert!(obey(text, &read, &mut Vec::new()).unwrap().contains("400"), "{text}");
        }
    }
}
