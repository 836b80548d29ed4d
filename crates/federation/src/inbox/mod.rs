//! Where other servers deliver: `POST /inbox` and the inboxes of our actors. A request is checked in the order of threats rule 0.4 and stored with
//! exactly its bytes before it is answered with 202; nothing has an effect here.
//!
//! Neighbours: [`crate::signature`] (what a signature is worth), `speaker` (whose key it is), `domain::inbound` (the queue), [`crate::worker`] (what
//! happens next).

mod answer;
mod speaker;
#[cfg(test)]
mod tests;

use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{OriginalUri, Path, State};
use axum::routing::post;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, Uri};
use parvis_domain::inbound::{self, Received};
use parvis_domain::{accounts, outbox, policy};
use parvis_model::urls::authority;

pub use answer::Answer;
pub(crate) use speaker::{check, received};

use crate::client::is_activity_type;
use crate::fetch::Federation;
use crate::signature::{self, same_origin};
use crate::wire::Envelope;

/// Bytes of an activity.
pub const LARGEST: usize = 1024 * 1024;
/// Bytes of an activity's or actor's id.
const LONGEST_ID: usize = 2_048;
/// Activities after which the queue is counted again.
const RECOUNT: i64 = 500;

/// The inboxes.
pub fn routes(fetcher: Federation) -> Router {
    Router::new()
        .route("/inbox", post(shared))
        .route("/actor/inbox", post(shared))
        .route("/users/{name}/inbox", post(personal))
        .with_state(fetcher)
}

async fn shared(
    State(fetcher): State<Federation>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    receive(&fetcher, &uri, headers, body).await.unwrap_or_else(|refused| refused)
}

async fn personal(
    State(fetcher): State<Federation>,
    Path(name): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let found = fetcher.town().db().read(move |c| accounts::find::local(c, &name)).await;
    match found {
        Ok(account) if account.gone_at.is_none() => {
            receive(&fetcher, &uri, headers, body).await.unwrap_or_else(|refused| refused)
        }
        Ok(_) => Answer::Gone,
        Err(parvis_domain::Error::Internal(_)) => Answer::Later,
        Err(_) => Answer::NotHere,
    }
}

/// The whole way of a request. `Err` is as much an answer as `Ok`.
async fn receive(fetcher: &Federation, uri: &Uri, headers: HeaderMap, body: Body) -> Result<Answer, Answer> {
    let town = fetcher.town();
    let body = bytes_of(&headers, body).await?;
    let headers = with_host(headers, uri);
    let claim = signature::parse(&speaker::received(town, &Method::POST, uri, &headers, &body), town.now())
        .map_err(|error| Answer::Unsigned(error.to_string()))?;
    let envelope = Envelope::read(&body).map_err(|error| Answer::NoActivity(error.to_string()))?;
    let (id, actor) = (&envelope.id, &envelope.actor);
    if id.as_str().len() > LONGEST_ID || actor.as_str().len() > LONGEST_ID || actor.fragment().is_some() {
        return Err(Answer::NoActivity("an id that cannot be kept".to_owned()));
    }
    if !same_origin(id, actor) {
        return Err(Answer::NoActivity("the activity's id is not of its actor's server".to_owned()));
    }
    if town.urls().is_ours(actor) {
        return Err(Answer::Unsigned("nobody else speaks for us".to_owned()));
    }
    let host = authority(actor).ok_or_else(|| Answer::NoActivity("an actor without a host".to_owned()))?;
    let asked = host.clone();
    if town.db().read(move |c| policy::is_suspended(c, &asked)).await? {
        return Err(Answer::Blocked);
    }
    if envelope.deletes_its_own_actor() && speaker::is_stranger(fetcher, actor).await? {
        // There is nothing of theirs here, and their key is gone (threats S10).
        return Ok(Answer::Accepted);
    }
    let sender = speaker::check(fetcher, &claim, actor).await?;
    let received = Received {
        actor_uri: actor.to_string(),
        activity_uri: id.to_string(),
        host: host.clone(),
        body: body.to_vec(),
    };
    store(fetcher, received).await?;
    crate::synchrony::heed(town, &headers, &sender).await;
    revive(fetcher, host).await;
    Ok(Answer::Accepted)
}

/// The body, if it is not too large and of a type that we read, without any encoding.
async fn bytes_of(headers: &HeaderMap, body: Body) -> Result<Bytes, Answer> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LARGEST) {
        return Err(Answer::TooLarge);
    }
    let kind: Option<mime::Mime> = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()?.parse().ok());
    if !kind.is_some_and(|kind| is_readable(&kind)) || headers.contains_key(CONTENT_ENCODING) {
        return Err(Answer::WrongType);
    }
    to_bytes(body, LARGEST).await.map_err(|error| {
        let is_length = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit"));
        if is_length { Answer::TooLarge } else { Answer::NoActivity("the body broke off".to_owned()) }
    })
}

/// ActivityPub's types, and what small servers call them. Whose a body is is told by its signature and not, as of a fetched document, by its address and
/// type, so being exact would only lose what they send: a 415 is their last word.
fn is_readable(kind: &mime::Mime) -> bool {
    is_activity_type(kind) || matches!(kind.essence_str(), "application/json" | "application/ld+json")
}

/// With HTTP/2 the host stands in the address.
pub(crate) fn with_host(mut headers: HeaderMap, uri: &Uri) -> HeaderMap {
    if !headers.contains_key(HOST)
        && let Some(value) = uri.authority().and_then(|a| HeaderValue::from_str(a.as_str()).ok())
    {
        headers.insert(HOST, value);
    }
    headers
}

/// Stores it, if there is room (threats R11). What came before is accepted again and changes nothing.
async fn store(fetcher: &Federation, received: Received) -> Result<(), Answer> {
    let town = fetcher.town();
    if fetcher.room().fetch_sub(1, Ordering::SeqCst) <= 0 {
        let room = fetcher.capacity() - town.db().read(inbound::waiting).await?;
        fetcher.room().store(room.min(RECOUNT) - 1, Ordering::SeqCst);
        if room <= 0 {
            let (actor, activity) = (received.actor_uri.clone(), received.activity_uri.clone());
            let is_known = town.db().read(move |c| inbound::is_known(c, &actor, &activity)).await?;
            return if is_known { Ok(()) } else { Err(Answer::Full) };
        }
    }
    // One statement that decides by itself, so READ COMMITTED is enough and does not collide on PostgreSQL.
    town.db().claim(move |tx| inbound::accept(tx, &received)).await?;
    Ok(())
}

/// A server that speaks is worth being spoken to again. Failing to note it is no reason to refuse what it said.
async fn revive(fetcher: &Federation, host: String) {
    if !fetcher.heard_lately(&host)
        && let Err(error) = fetcher.town().db().claim(move |tx| outbox::revive(tx, &host)).await
    {
        tracing::debug!(%error, "a server's state was not noted");
    }
}
