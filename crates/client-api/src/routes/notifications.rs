//! What somebody was told. Source: <https://docs.joinmastodon.org/methods/notifications/>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::rows::NotificationFilter;
use parvis_domain::{Error, Town, notifications};
use parvis_model::ids::NotificationId;
use parvis_model::notification::NotificationKind;
use serde_json::{Value, json};

use super::nothing;
use crate::body::Params;
use crate::entities::Notification;
use crate::error::{ApiError, Result};
use crate::extract::{Here, Id, Me};
use crate::page::{Links, limit, range};

/// `GET /api/v1/notifications`.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let asked = params.list("types")?;
    let filter = NotificationFilter {
        kinds: known(&asked),
        excluded: known(&params.list("exclude_types")?),
        from: params.id("account_id")?,
    };
    // Only kinds that we do not have were asked for: there are none.
    let page = if filter.kinds.is_empty() && !asked.is_empty() {
        Vec::new()
    } else {
        town.db().read(move |c| notifications::page(c, me, &filter, range)).await?
    };
    let urls = town.urls();
    let shown: Vec<Notification> = page.iter().map(|n| Notification::of(n, me, urls)).collect();
    let ends = page.first().zip(page.last()).map(|(first, last)| (first.row.id.0, last.row.id.0));
    Ok(Links::new(urls, &here).page(&shown, ends))
}

fn known(types: &[String]) -> Vec<String> {
    types.iter().filter(|t| NotificationKind::parse(t).is_some()).cloned().collect()
}

/// `GET /api/v1/notifications/:id`.
pub async fn one(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<NotificationId>,
) -> Result<Json<Notification>> {
    let found = town.db().read(move |c| notifications::one(c, me, id)).await?;
    let view = found.ok_or_else(ApiError::not_found)?;
    Ok(Json(Notification::of(&view, me, town.urls())))
}

/// `POST /api/v1/notifications/clear`.
pub async fn clear(State(town): State<Town>, Me(me): Me) -> Result<Json<Value>> {
    town.db().write(move |tx| notifications::clear(tx, me)).await?;
    Ok(nothing())
}

/// `POST /api/v1/notifications/:id/dismiss`. A foreign one is not there; one's own can be dismissed once.
pub async fn dismiss(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<NotificationId>,
) -> Result<Json<Value>> {
    town.db()
        .write(move |tx| {
            notifications::one(tx, me, id)?.ok_or(Error::NotFound)?;
            notifications::dismiss(tx, me, id)
        })
        .await?;
    Ok(nothing())
}

/// `GET /api/v1/notifications/unread_count`.
pub async fn unread_count(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let most = limit(&params, 100, 1_000)?;
    let count = town.db().read(move |c| notifications::count_unread(c, me, most)).await?;
    Ok(Json(json!({ "count": count })))
}
