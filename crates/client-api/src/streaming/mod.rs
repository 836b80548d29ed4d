//! Live streams: posts, notifications, edits and deletions as they happen, over WebSocket ([`socket`]) and server-sent events ([`events`]).
//! Source: <https://docs.joinmastodon.org/methods/streaming/>.
//!
//! [`hub`] hears what was committed and renders it for those who are connected ([`seats`]); [`stream`] says what each stream carries.

pub mod events;
pub mod hub;
pub mod seats;
pub mod socket;
pub mod stream;

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::Request;
use parvis_domain::outside::ClientIp;
use parvis_domain::{Town, streams};
use parvis_model::ids::AccountId;

use crate::auth::Grant;
use crate::error::{ApiError, Result};
use crate::limits::household;
use seats::Guest;
use stream::Stream;

/// `GET /api/v1/streaming/health`: whether streams can be opened, which they can wherever this answers.
pub async fn health() -> &'static str {
    "OK"
}

/// Who connects with a token, from where the request came.
fn guest(grant: &Grant, request: &Request) -> Result<Guest> {
    let ip = request.extensions().get::<ClientIp>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ip| ip.0);
    Ok(Guest {
        account: grant.account.ok_or_else(ApiError::unauthorized)?,
        token: grant.token,
        hears_notifications: grant.scopes.allow("read:notifications"),
        network: household(ip),
    })
}

/// Whether a stream is somebody's to hear, as far as their token does not say: a list must be theirs.
async fn is_theirs(town: &Town, account: AccountId, stream: &Stream) -> Result<()> {
    if let Some(list) = stream.list() {
        town.db().read(move |c| streams::may_hear_list(c, account, list)).await?;
    }
    Ok(())
}

/// Too many connections: 429.
fn full(_: seats::Full) -> ApiError {
    ApiError::too_many(60)
}
