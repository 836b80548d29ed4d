//! What happens with notifications of strangers, and who waits. Source: <https://docs.joinmastodon.org/methods/notifications/#policy>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::Town;
use parvis_domain::notifications::policy::{self, Change};
use parvis_domain::notifications::requests;
use parvis_model::notification_policy::Verdict;
use serde_json::{Value, json};

use super::nothing;
use crate::body::Params;
use crate::entities::notification_policy::{NotificationPolicy, NotificationRequest, V1NotificationPolicy};
use crate::error::{ApiError, Result};
use crate::extract::{Here, Id, Me};
use crate::page::{Links, range};

/// `GET /api/v2/notifications/policy`.
pub async fn show(State(town): State<Town>, Me(me): Me) -> Result<Json<NotificationPolicy>> {
    let summary = town.db().read(move |c| policy::summary(c, me)).await?;
    Ok(Json(NotificationPolicy::of(&summary)))
}

/// `PATCH /api/v2/notifications/policy`: what is not named stays.
pub async fn change(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<NotificationPolicy>> {
    let verdict = |name: &str| -> Result<Option<Verdict>> {
        match params.word(name)? {
            Some(word) => Verdict::parse(&word)
                .map(Some)
                .ok_or_else(|| ApiError::invalid(format!("{name} is none of accept, filter, drop"))),
            None => Ok(None),
        }
    };
    let change = Change {
        for_not_following: verdict("for_not_following")?,
        for_not_followers: verdict("for_not_followers")?,
        for_new_accounts: verdict("for_new_accounts")?,
        for_private_mentions: verdict("for_private_mentions")?,
        for_limited_accounts: verdict("for_limited_accounts")?,
    };
    let summary = town.db().write(move |tx| policy::change(tx, me, change)).await?;
    Ok(Json(NotificationPolicy::of(&summary)))
}

/// `GET /api/v1/notifications/policy`.
pub async fn show_v1(State(town): State<Town>, Me(me): Me) -> Result<Json<V1NotificationPolicy>> {
    let summary = town.db().read(move |c| policy::summary(c, me)).await?;
    Ok(Json(V1NotificationPolicy::of(&summary)))
}

/// `PUT /api/v1/notifications/policy`.
pub async fn change_v1(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<V1NotificationPolicy>> {
    let verdict = |name: &str| -> Result<Option<Verdict>> {
        let holds = params.flag(name)?;
        Ok(holds.map(|holds| if holds { Verdict::Filter } else { Verdict::Accept }))
    };
    let change = Change {
        for_not_following: verdict("filter_not_following")?,
        for_not_followers: verdict("filter_not_followers")?,
        for_new_accounts: verdict("filter_new_accounts")?,
        for_private_mentions: verdict("filter_private_mentions")?,
        for_limited_accounts: None,
    };
    let summary = town.db().write(move |tx| policy::change(tx, me, change)).await?;
    Ok(Json(V1NotificationPolicy::of(&summary)))
}

/// `GET /api/v1/notifications/requests`.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town.db().read(move |c| requests::page(c, me, range)).await?;
    let urls = town.urls();
    let shown: Vec<NotificationRequest> = page.iter().map(|r| NotificationRequest::of(r, me, urls)).collect();
    let ends = page.first().zip(page.last()).map(|(first, last)| (first.row.id, last.row.id));
    Ok(Links::new(urls, &here).page(&shown, ends))
}

/// `GET /api/v1/notifications/requests/:id`.
pub async fn one(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<NotificationRequest>> {
    let found = town.db().read(move |c| requests::one(c, me, id)).await?;
    Ok(Json(NotificationRequest::of(&found, me, town.urls())))
}

/// `POST /api/v1/notifications/requests/:id/accept`.
pub async fn accept(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    town.db()
        .write(move |tx| {
            requests::one(tx, me, id)?;
            requests::accept(tx, me, &[id])
        })
        .await?;
    Ok(nothing())
}

/// `POST /api/v1/notifications/requests/:id/dismiss`.
pub async fn dismiss(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    town.db()
        .write(move |tx| {
            requests::one(tx, me, id)?;
            requests::dismiss(tx, me, &[id])
        })
        .await?;
    Ok(nothing())
}

/// `POST /api/v1/notifications/requests/accept`.
pub async fn accept_many(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let ids = params.ids::<i64>("id")?;
    town.db().write(move |tx| requests::accept(tx, me, &ids)).await?;
    Ok(nothing())
}

/// `POST /api/v1/notifications/requests/dismiss`.
pub async fn dismiss_many(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let ids = params.ids::<i64>("id")?;
    town.db().write(move |tx| requests::dismiss(tx, me, &ids)).await?;
    Ok(nothing())
}

/// `GET /api/v1/notifications/requests/merged`: accepting shows what was held back in the same transaction, so there is nothing to wait for.
pub async fn merged() -> Json<Value> {
    Json(json!({ "merged": true }))
}
