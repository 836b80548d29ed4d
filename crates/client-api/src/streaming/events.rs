//! Streams as server-sent events (HTML standard, section 9.2): one stream per connection, its name in the path. Cut under the same conditions as
//! a WebSocket; a client that wants to go on connects again.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Extension, Request, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderName, HeaderValue, header};
use parvis_domain::Town;

use super::hub::Hub;
use super::seats::Said;
use super::stream::{Asked, Subscription, Unknown};
use super::{full, guest, is_theirs};
use crate::body::Params;
use crate::error::{ApiError, Result};
use crate::extract::Token;

/// A comment is sent this often when nothing happens, so that neither side takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// What stands before a stream's name in its path.
const PREFIX: &str = "/api/v1/streaming/";

/// `GET /api/v1/streaming/user`, `/user/notification`, `/public`, `/public/local`, `/public/remote`, `/hashtag`, `/hashtag/local`, `/list`, `/direct`.
pub async fn open(
    State(town): State<Town>,
    Extension(hub): Extension<Hub>,
    Token(grant): Token,
    request: Request,
) -> Result<Response> {
    let params = Params::from_query(request.uri().query().unwrap_or_default())?;
    let path = request.uri().path().trim_end_matches('/');
    let name = path.strip_prefix(PREFIX).unwrap_or_default().replace('/', ":");
    let only_media = params.flag("only_media")?.unwrap_or(false);
    let (tag, list) = (params.word("tag")?, params.word("list")?);
    let asked = Asked { name: &name, tag: tag.as_deref(), list: list.as_deref(), only_media };
    let wanted = Subscription::parse(asked).map_err(|e| match e {
        Unknown::Name => ApiError::not_found(),
        Unknown::Tag | Unknown::List => ApiError::new(http::StatusCode::BAD_REQUEST, e.sentence()),
    })?;
    if !wanted.stream.is_allowed(&grant.scopes) {
        return Err(ApiError::outside_scopes());
    }
    let guest = guest(&grant, &request)?;
    is_theirs(&town, guest.account, &wanted.stream).await?;
    let (seat, said) = hub.join(&town, guest).map_err(full)?;
    seat.subscribe(wanted).map_err(full)?;
    let hello = stream::once(async { Ok::<_, Infallible>(Event::default().comment(")")) });
    let events = stream::unfold((said, seat), async |(mut said, seat)| {
        said.recv().await.map(|one| (Ok::<_, Infallible>(event(&one)), (said, seat)))
    });
    let body = futures_util::StreamExt::chain(hello, events);
    let keep_alive = KeepAlive::new().interval(HEARTBEAT).text("thump");
    let mut response = Sse::new(body).keep_alive(keep_alive).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // nginx would keep events back until its buffer is full.
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Payloads are JSON or ids, on one line.
fn event(said: &Said) -> Event {
    Event::default().event(said.event).data(said.payload.as_deref().unwrap_or_default())
}
