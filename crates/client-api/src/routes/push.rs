//! Where a program's device is told of notifications. Source: <https://docs.joinmastodon.org/methods/push/>.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::push::vapid::Vapid;
use parvis_domain::push::{self, Subscription, Wanted};
use parvis_model::push::{Alerts, PUSHED, PushPolicy};
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::push::WebPushSubscription;
use crate::error::{ApiError, Result};
use crate::extract::{Bearer, Me, Token};

fn shown(town: &Town, row: &Subscription) -> Result<Json<WebPushSubscription>> {
    Ok(Json(WebPushSubscription::of(row, Vapid::of(town.secrets())?.public_key())))
}

/// `POST /api/v1/push/subscription`: replaces what this token subscribed to before.
pub async fn subscribe(
    State(town): State<Town>,
    Me(me): Me,
    Token(grant): Token,
    Bearer(bearer): Bearer,
    params: Params,
) -> Result<Json<WebPushSubscription>> {
    let asked = params.under("subscription").ok_or_else(|| ApiError::invalid("subscription is missing"))?;
    let keys = asked.under("keys").unwrap_or_default();
    let wanted = Wanted {
        endpoint: asked.word("endpoint")?.unwrap_or_default(),
        p256dh: keys.word("p256dh")?.unwrap_or_default(),
        auth: keys.word("auth")?.unwrap_or_default(),
        is_standard: asked.flag("standard")?.unwrap_or(false),
        alerts: alerts(&params)?.unwrap_or_default(),
        policy: policy(&params)?.unwrap_or_default(),
    };
    let token = grant.token;
    let row = town.db().write(move |tx| push::subscribe(tx, me, token, &bearer, &wanted)).await?;
    shown(&town, &row)
}

/// `GET /api/v1/push/subscription`: that of this token.
pub async fn show(State(town): State<Town>, Token(grant): Token) -> Result<Json<WebPushSubscription>> {
    let row = town.db().read(move |c| push::of_token(c, grant.token)).await?;
    shown(&town, &row)
}

/// `PUT /api/v1/push/subscription`: of what it is told; address and keys stay.
pub async fn change(
    State(town): State<Town>,
    Token(grant): Token,
    params: Params,
) -> Result<Json<WebPushSubscription>> {
    let (alerts, policy) = (alerts(&params)?, policy(&params)?);
    let row = town.db().write(move |tx| push::change(tx, grant.token, alerts.as_ref(), policy)).await?;
    shown(&town, &row)
}

/// `DELETE /api/v1/push/subscription`.
pub async fn unsubscribe(State(town): State<Town>, Token(grant): Token) -> Result<Json<Value>> {
    town.db().write(move |tx| push::unsubscribe(tx, grant.token)).await?;
    Ok(nothing())
}

/// `data[alerts][mention]` and so on; `None` when nothing is said of them. Kinds that are not named are off, as on Mastodon.
fn alerts(params: &Params) -> Result<Option<Alerts>> {
    let Some(asked) = params.under("data").and_then(|data| data.under("alerts")) else { return Ok(None) };
    let mut wanted = Vec::new();
    for kind in PUSHED {
        if asked.flag(kind.as_str())?.unwrap_or(false) {
            wanted.push(kind);
        }
    }
    Ok(Some(Alerts::of(|kind| wanted.contains(&kind))))
}

/// `data[policy]`, or `policy` as some programs send it.
fn policy(params: &Params) -> Result<Option<PushPolicy>> {
    let nested = params.under("data").map(|data| data.word("policy")).transpose()?.flatten();
    match nested.or(params.word("policy")?) {
        Some(word) => match PushPolicy::parse(&word) {
            Some(policy) => Ok(Some(policy)),
            None => Err(ApiError::invalid("policy is none of all, followed, follower, none")),
        },
        None => Ok(None),
    }
}
