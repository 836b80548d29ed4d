//! Notifications that show as one. Source: <https://docs.joinmastodon.org/methods/grouped_notifications/>.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::Town;
use parvis_domain::notifications::groups;
use parvis_model::notification::NotificationKind;
use serde_json::{Value, json};

use super::nothing;
use super::notifications::{asked, is_nothing_known};
use crate::body::Params;
use crate::entities::notification_group::GroupedNotificationsResults;
use crate::error::{ApiError, Result};
use crate::extract::{Here, Me};
use crate::listing::Listing;
use crate::page::{Links, limit, range};

/// `grouped_types[]`: the kinds that the program shows as groups; all that can be when it says nothing.
fn grouped(params: &Params) -> Result<Option<Vec<NotificationKind>>> {
    if !params.has("grouped_types") {
        return Ok(None);
    }
    Ok(Some(params.list("grouped_types")?.iter().filter_map(|t| NotificationKind::parse(t)).collect()))
}

/// `expand_accounts`: whole accounts, or of most only what a picture needs.
fn are_partial(params: &Params) -> Result<bool> {
    match params.word("expand_accounts")?.as_deref() {
        None | Some("full") => Ok(false),
        Some("partial_avatars") => Ok(true),
        Some(_) => Err(ApiError::invalid(
            "Invalid value for 'expand_accounts': allowed values are full and partial_avatars",
        )),
    }
}

/// `GET /api/v2/notifications`.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let (filter, grouped, are_partial) = (asked(&params)?, grouped(&params)?, are_partial(&params)?);
    let page = if is_nothing_known(&params, &filter)? {
        groups::Groups::default()
    } else {
        town.db().read(move |c| groups::page(c, me, &filter, grouped.as_deref(), range)).await?
    };
    let urls = town.urls();
    let shown = GroupedNotificationsResults::of(&page, me, are_partial, urls);
    Ok(Links::new(urls, &here).around(Json(shown).into_response(), page.ends))
}

/// `GET /api/v2/notifications/:group_key`.
pub async fn one(
    State(town): State<Town>,
    Me(me): Me,
    Path(key): Path<String>,
) -> Result<Json<GroupedNotificationsResults>> {
    let key = known(key)?;
    let found = town.db().read(move |c| groups::one(c, me, &key)).await?;
    Ok(Json(GroupedNotificationsResults::of(&found, me, false, town.urls())))
}

/// `GET /api/v2/notifications/:group_key/accounts`.
pub async fn accounts(Me(me): Me, Path(key): Path<String>, list: Listing) -> Result<Response> {
    let key = known(key)?;
    list.accounts((40, 80), move |c, range| groups::accounts(c, me, &key, range)).await
}

/// `POST /api/v2/notifications/:group_key/dismiss`.
pub async fn dismiss(State(town): State<Town>, Me(me): Me, Path(key): Path<String>) -> Result<Json<Value>> {
    let key = known(key)?;
    town.db().write(move |tx| groups::dismiss(tx, me, &key)).await?;
    Ok(nothing())
}

/// `GET /api/v2/notifications/unread_count`: of groups.
pub async fn unread_count(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let most = limit(&params, 100, 1_000)?;
    let (filter, grouped) = (asked(&params)?, grouped(&params)?);
    let count = if is_nothing_known(&params, &filter)? {
        0
    } else {
        town.db().read(move |c| groups::count_unread(c, me, &filter, grouped.as_deref(), most)).await?
    };
    Ok(Json(json!({ "count": count })))
}

/// A key that could be one; others are not there.
fn known(key: String) -> Result<String> {
    if key.len() > 120 || key.contains('\0') { Err(ApiError::not_found()) } else { Ok(key) }
}
