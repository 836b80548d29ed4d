//! Accounts put together under a name. Source: Mastodon 4.6, `/api/v1/collections` and the older `/api/v1_alpha/…` of the same shape.

use axum::Json;
use axum::extract::{Path, State};
use parvis_domain::collections::{self, Change, Shown};
use parvis_domain::{Town, accounts};
use parvis_model::ids::AccountId;
use parvis_model::urls::Urls;
use serde_json::{Value, json};

use super::nothing;
use crate::body::Params;
use crate::entities::Account;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me, Viewer};
use crate::page::limit;

/// Mastodon's Collection.
fn entity(shown: &Shown, urls: &Urls) -> Value {
    let row = &shown.collection;
    let tag = row.tag_name.as_ref().map(|name| json!({ "name": name, "url": urls.tag(name) }));
    let items: Vec<Value> = shown.items.iter().map(item).collect();
    json!({
        "id": row.id.to_string(),
        "uri": urls.actor_part(&shown.owner, &format!("collections/{}", row.id)),
        "url": Value::Null,
        "account_id": row.account_id,
        "local": true,
        "name": row.name,
        "description": row.description,
        "language": row.language,
        "sensitive": row.is_sensitive,
        "discoverable": row.is_discoverable,
        "tag": tag,
        "item_count": shown.items.len(),
        "items": items,
        "created_at": row.created_at.to_rfc3339(),
        "updated_at": row.updated_at.to_rfc3339(),
    })
}

fn item(item: &collections::CollectionItem) -> Value {
    json!({
        "id": item.id.to_string(),
        "account_id": item.account_id,
        "state": "accepted",
        "created_at": item.created_at.to_rfc3339(),
    })
}

fn change(params: &Params) -> Result<Change> {
    let optional = |name: &str| params.has(name).then(|| params.word(name)).transpose();
    Ok(Change {
        name: params.text("name")?,
        description: params.text("description")?,
        tag_name: optional("tag_name")?,
        language: optional("language")?,
        is_sensitive: params.flag("sensitive")?,
        is_discoverable: params.flag("discoverable")?,
    })
}

async fn wrapped(town: &Town, me: AccountId, id: i64) -> Result<Json<Value>> {
    let (shown, _) = town.db().read(move |c| collections::one(c, Some(me), id)).await?;
    Ok(Json(json!({ "collection": entity(&shown, town.urls()) })))
}

/// `POST /api/v1/collections`.
pub async fn create(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let change = change(&params)?;
    let mut members: Vec<AccountId> = params.ids("account_ids")?;
    members.truncate(collections::ITEMS_MAX + 1);
    let id = town.db().write(move |tx| collections::create(tx, me, &change, &members)).await?;
    wrapped(&town, me, id).await
}

/// `PATCH /api/v1/collections/:id`.
pub async fn update(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<i64>,
    params: Params,
) -> Result<Json<Value>> {
    let change = change(&params)?;
    town.db().write(move |tx| collections::update(tx, me, id, &change)).await?;
    wrapped(&town, me, id).await
}

/// `DELETE /api/v1/collections/:id`.
pub async fn delete(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    town.db().write(move |tx| collections::delete(tx, me, id)).await?;
    Ok(nothing())
}

/// `GET /api/v1/collections/:id`: with the accounts in it.
pub async fn show(State(town): State<Town>, Viewer(viewer): Viewer, Id(id): Id<i64>) -> Result<Json<Value>> {
    let (shown, members) = town.db().read(move |c| collections::one(c, viewer, id)).await?;
    let urls = town.urls();
    Ok(Json(json!({ "collection": entity(&shown, urls), "accounts": Account::all(&members, urls) })))
}

/// `GET /api/v1/accounts/:id/collections`.
pub async fn of_account(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<AccountId>,
    params: Params,
) -> Result<Json<Value>> {
    let (offset, limit) = (params.number("offset")?.unwrap_or(0), limit(&params, 40, 80)?);
    let found = town
        .db()
        .read(move |c| {
            accounts::find::by_id(c, id)?;
            collections::of_account(c, viewer, id, offset, limit)
        })
        .await?;
    Ok(Json(list(&found, town.urls())))
}

/// `GET /api/v1/accounts/:id/in_collections`: one's own account only.
pub async fn with_account(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
    params: Params,
) -> Result<Json<Value>> {
    let (offset, limit) = (params.number("offset")?.unwrap_or(0), limit(&params, 40, 80)?);
    let found = town.db().read(move |c| collections::with_account(c, me, id, offset, limit)).await?;
    Ok(Json(list(&found, town.urls())))
}

fn list(found: &[Shown], urls: &Urls) -> Value {
    json!({ "collections": found.iter().map(|shown| entity(shown, urls)).collect::<Vec<_>>() })
}

/// `POST /api/v1/collections/:id/items`: `account_id`.
pub async fn add(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<i64>,
    params: Params,
) -> Result<Json<Value>> {
    let account: AccountId = params.id("account_id")?.ok_or_else(ApiError::not_found)?;
    let added = town.db().write(move |tx| collections::add(tx, me, id, account)).await?;
    Ok(Json(json!({ "collection_item": item(&added) })))
}

/// `DELETE /api/v1/collections/:id/items/:item`.
pub async fn take_out(
    State(town): State<Town>,
    Me(me): Me,
    path: Path<(String, String)>,
) -> Result<Json<Value>> {
    let (id, item) = ids(&path)?;
    town.db().write(move |tx| collections::take_out(tx, me, id, item)).await?;
    Ok(nothing())
}

/// `POST /api/v1/collections/:id/items/:item/revoke`: by the account that was put in.
pub async fn revoke(
    State(town): State<Town>,
    Me(me): Me,
    path: Path<(String, String)>,
) -> Result<Json<Value>> {
    let (id, item) = ids(&path)?;
    town.db().write(move |tx| collections::revoke(tx, me, id, item)).await?;
    Ok(nothing())
}

fn ids(Path((id, item)): &Path<(String, String)>) -> Result<(i64, i64)> {
    let read = |text: &String| text.parse::<i64>().map_err(|_| ApiError::not_found());
    Ok((read(id)?, read(item)?))
}
