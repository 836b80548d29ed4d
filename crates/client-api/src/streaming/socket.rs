//! One WebSocket: what its client subscribes to, what is sent to it, and when it is cut: when its token is revoked (threats A5), when it reads
//! too slowly, when it goes silent.

use std::borrow::Cow;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, FromRequestParts, Request, State};
use axum::response::Response;
use http::header;
use parvis_domain::Town;
use parvis_model::ids::AccountId;
use parvis_model::scope::Scopes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::hub::{Hub, Seat};
use super::seats::Said;
use super::stream::{Asked, Subscription};
use super::{full, guest, is_theirs};
use crate::body::Params;
use crate::error::{ApiError, Result};
use crate::extract::Token;

/// Bytes of a message from a client: a subscription is short.
const MESSAGE_MAX: usize = 4_096;
/// A silent connection is asked this often whether it lives.
const PING_EVERY: Duration = Duration::from_secs(30);
/// A connection that does not take a message for so long is cut.
const SEND_WITHIN: Duration = Duration::from_secs(30);

/// `GET /api/v1/streaming`, upgraded to a WebSocket. `?stream=` subscribes at once; other streams are subscribed to by message.
pub async fn open(
    State(town): State<Town>,
    Extension(hub): Extension<Hub>,
    Token(grant): Token,
    request: Request,
) -> Result<Response> {
    let params = Params::from_query(request.uri().query().unwrap_or_default())?;
    let guest = guest(&grant, &request)?;
    let (mut parts, _) = request.into_parts();
    let asked: Option<String> = parts
        .headers
        .get(header::SEC_WEBSOCKET_PROTOCOL)
        .and_then(|v| v.to_str().ok())
        .and_then(|t| t.split(',').map(str::trim).find(|t| !t.is_empty()))
        .map(str::to_owned);
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| ApiError::new(http::StatusCode::UPGRADE_REQUIRED, "This address speaks WebSocket"))?;
    let only_media = params.flag("only_media")?.unwrap_or(false);
    // What is wrong with the wish is said on the socket, as Mastodon does; what is wrong with the token ends here.
    let (mut first, mut complaint) = (None, None);
    if let Some(name) = params.word("stream")? {
        let (tag, list) = (params.word("tag")?, params.word("list")?);
        let asked = Asked { name: &name, tag: tag.as_deref(), list: list.as_deref(), only_media };
        match Subscription::parse(asked) {
            Ok(wanted) if !wanted.stream.is_allowed(&grant.scopes) => return Err(ApiError::outside_scopes()),
            Ok(wanted) if is_theirs(&town, guest.account, &wanted.stream).await.is_err() => {
                complaint = Some(refusal(FOREIGN_LIST, 404));
            }
            Ok(wanted) => first = Some(wanted),
            Err(unknown) => complaint = Some(refusal(unknown.sentence(), 400)),
        }
    }
    let me = Me { account: guest.account, scopes: grant.scopes.clone() };
    let (seat, said) = hub.join(&town, guest).map_err(full)?;
    if let Some(first) = first {
        seat.subscribe(first).map_err(full)?;
    }
    let upgrade = upgrade.max_message_size(MESSAGE_MAX).max_frame_size(MESSAGE_MAX);
    // Browsers close the socket unless the server picks the sub-protocol that they sent, which is the token.
    let upgrade = match asked {
        Some(protocol) => upgrade.protocols([Cow::<'static, str>::Owned(protocol)]),
        None => upgrade,
    };
    Ok(upgrade.on_upgrade(async move |mut ws| {
        if let Some(text) = complaint
            && !send(&mut ws, Message::Text(text.into())).await
        {
            return;
        }
        run(ws, &town, &me, &seat, said).await;
    }))
}

/// A list that is not there, or somebody else's: the same words (threats I2).
const FOREIGN_LIST: &str = "Not authorized to stream this list";

/// Who listens.
struct Me {
    account: AccountId,
    scopes: Scopes,
}

/// What a client says.
#[derive(Debug, Deserialize)]
struct Wish {
    r#type: String,
    stream: String,
    #[serde(default)]
    tag: Option<Value>,
    #[serde(default)]
    list: Option<Value>,
}

/// What goes over the wire.
#[derive(Debug, Serialize)]
struct Sent<'a> {
    stream: &'a [String],
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
}

/// Runs one connection until either side ends it.
async fn run(mut ws: WebSocket, town: &Town, me: &Me, seat: &Seat, mut said: mpsc::Receiver<Said>) {
    let mut ticks = interval(PING_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut has_answered = true;
    loop {
        tokio::select! {
            event = said.recv() => match event {
                Some(event) => if !deliver(&mut ws, &event).await { break },
                // The hub let go of it: revoked, or too slow.
                None => {
                    let close = CloseFrame { code: 1008, reason: "the stream ended".into() };
                    send(&mut ws, Message::Close(Some(close))).await;
                    break;
                }
            },
            message = ws.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    has_answered = true;
                    if let Some(answer) = obey(&text, town, me, seat).await
                        && !send(&mut ws, Message::Text(answer.into())).await
                    {
                        break;
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => has_answered = true,
            },
            _ = ticks.tick() => {
                if !has_answered || !send(&mut ws, Message::Ping(bytes::Bytes::new())).await {
                    break;
                }
                has_answered = false;
            }
        }
    }
}

/// Sends a message; `false` when the connection is gone or takes nothing.
async fn send(ws: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(SEND_WITHIN, ws.send(message)).await, Ok(Ok(())))
}

async fn deliver(ws: &mut WebSocket, said: &Said) -> bool {
    let sent = Sent { stream: &said.stream, event: said.event, payload: said.payload.as_deref() };
    match serde_json::to_string(&sent) {
        Ok(text) => send(ws, Message::Text(text.into())).await,
        Err(_) => true,
    }
}

fn refusal(sentence: &str, status: u16) -> String {
    json!({ "error": sentence, "status": status }).to_string()
}

/// Does what a client asks; returns what to answer, if anything.
async fn obey(text: &str, town: &Town, me: &Me, seat: &Seat) -> Option<String> {
    let Ok(wish) = serde_json::from_str::<Wish>(text) else {
        return Some(refusal("The message could not be read", 400));
    };
    let tag = wish.tag.as_ref().and_then(Value::as_str);
    // Some programs send the id of a list as a number.
    let list = wish.list.as_ref().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
    let asked = Asked { name: &wish.stream, tag, list: list.as_deref(), only_media: false };
    let wanted = match Subscription::parse(asked) {
        Ok(wanted) => wanted,
        Err(unknown) => return Some(refusal(unknown.sentence(), 400)),
    };
    match wish.r#type.as_str() {
        "subscribe" if !wanted.stream.is_allowed(&me.scopes) => {
            Some(refusal("Access token does not have the required scopes", 401))
        }
        "subscribe" if is_theirs(town, me.account, &wanted.stream).await.is_err() => {
            Some(refusal(FOREIGN_LIST, 404))
        }
        "subscribe" => {
            seat.subscribe(wanted).err().map(|_| refusal("Too many streams on one connection", 429))
        }
        "unsubscribe" => {
            seat.unsubscribe(&wanted.stream);
            None
        }
        _ => Some(refusal("Unknown message type", 400)),
    }
}
