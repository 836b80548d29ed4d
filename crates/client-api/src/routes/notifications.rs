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

/// Notifications that are dismissed at once.
const MANY: usize = 500;

/// `GET /api/v1/notifications`.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let filter = asked(&params)?;
    let page = if is_nothing_known(&params, &filter)? {
        Vec::new()
    } else {
        town.db().read(move |c| notifications::page(c, me, &filter, range)).await?
    };
    let urls = town.urls();
    let shown: Vec<Notification> = page.iter().map(|n| Notification::of(n, me, urls)).collect();
    let ends = page.first().zip(page.last()).map(|(first, last)| (first.row.id.0, last.row.id.0));
    Ok(Links::new(urls, &here).page(&shown, ends))
}

/// Which notifications a request asks for. Who asks for those of one account sees also what is held back of it.
pub(super) fn asked(params: &Params) -> Result<NotificationFilter> {
    let from = params.id("account_id")?;
    Ok(NotificationFilter {
        kinds: known(&params.list("types")?),
        excluded: known(&params.list("exclude_types")?),
        from,
        includes_filtered: from.is_some() || params.flag("include_filtered")?.unwrap_or(false),
    })
}

/// Only kinds that we do not have were asked for: there are none.
pub(super) fn is_nothing_known(params: &Params, filter: &NotificationFilter) -> Result<bool> {
    Ok(filter.kinds.is_empty() && !params.list("types")?.is_empty())
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

/// `POST /api/v1/notifications/dismiss`: the form of before Mastodon 3.0, with the id in the body.
pub async fn dismiss_named(state: State<Town>, me: Me, params: Params) -> Result<Json<Value>> {
    let id = params.id("id")?.ok_or_else(ApiError::not_found)?;
    dismiss(state, me, Id(id)).await
}

/// `DELETE /api/v1/notifications/destroy_multiple`: those of `ids[]` that are one's own.
pub async fn dismiss_many(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let mut ids = params.ids::<NotificationId>("ids")?;
    ids.truncate(MANY);
    town.db().write(move |tx| notifications::dismiss_many(tx, me, &ids)).await?;
    Ok(nothing())
}

/// `GET /api/v1/notifications/unread_count`.
pub async fn unread_count(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let most = limit(&params, 100, 1_000)?;
    let filter = asked(&params)?;
    let count = if is_nothing_known(&params, &filter)? {
        0
    } else {
        town.db().read(move |c| notifications::count_unread(c, me, &filter, most)).await?
    };
    Ok(Json(json!({ "count": count })))
}
