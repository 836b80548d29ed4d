//! The user stream over WebSocket, as client programs hold it.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::person::Person;

/// An open stream.
pub struct Stream(WebSocketStream<TcpStream>);

impl Stream {
    /// Opens the user stream of somebody.
    pub async fn of(person: &Person<'_>) -> Self {
        let path = format!("/api/v1/streaming?stream=user&access_token={}", person.token);
        Self::open(person.town.address(), &person.town.domain(), &path).await.expect("the stream opens")
    }

    /// Opens any stream; the error is the status of the refusal.
    ///
    /// # Errors
    /// What the server answered instead of a stream.
    pub async fn open(address: SocketAddr, host: &str, path: &str) -> Result<Self, u16> {
        let connection = TcpStream::connect(address).await.expect("the town accepts the connection");
        match client_async(format!("ws://{host}{path}"), connection).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(other) => panic!("no stream: {other}"),
        }
    }

    /// The next event: its name and its payload, which is JSON except for deletions. `None` when the server closed the stream.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            let message = crate::within("an event of the stream", self.0.next()).await?;
            match message {
                Ok(Message::Text(text)) => {
                    let event: Value = serde_json::from_str(&text).expect("events are JSON");
                    let name = event["event"].as_str().unwrap_or_default().to_owned();
                    let payload = event["payload"].as_str().unwrap_or_default();
                    let payload =
                        serde_json::from_str(payload).unwrap_or_else(|_| Value::String(payload.to_owned()));
                    return Some((name, payload));
                }
                Ok(Message::Ping(data)) => {
                    let _gone = self.0.send(Message::Pong(data)).await;
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Waits until the server closes the stream; events before that are dropped.
    pub async fn closed(mut self) {
        while self.next().await.is_some() {}
    }
}
