//! Lists of accounts. Source: <https://docs.joinmastodon.org/methods/lists/>. Their timelines are with the other timelines.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use parvis_domain::lists::{self, Wanted, members};
use parvis_domain::rows::Range;
use parvis_domain::{Town, accounts as people};
use parvis_model::ids::{AccountId, ListId};
use parvis_model::list::{MEMBERS_MAX, RepliesPolicy};
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::{Account, List};
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};
use crate::listing::Listing;

/// `GET /api/v1/lists`: all, without pages.
pub async fn all(State(town): State<Town>, Me(me): Me) -> Result<Json<Vec<List>>> {
    let found = town.db().read(move |c| lists::all(c, me)).await?;
    Ok(Json(List::all(&found)))
}

/// `GET /api/v1/accounts/:id/lists`: one's own lists in which the account is.
pub async fn with_account(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Vec<List>>> {
    let found = town
        .db()
        .read(move |c| {
            people::find::by_id(c, id)?;
            lists::with_account(c, me, id)
        })
        .await?;
    Ok(Json(List::all(&found)))
}

/// `GET /api/v1/lists/:id`.
pub async fn show(State(town): State<Town>, Me(me): Me, Id(id): Id<ListId>) -> Result<Json<List>> {
    let found = town.db().read(move |c| lists::one(c, me, id)).await?;
    Ok(Json(List::of(&found)))
}

/// `POST /api/v1/lists`.
pub async fn create(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<List>> {
    let wanted = wanted(&params)?;
    let made = town.db().write(move |tx| lists::create(tx, me, &wanted)).await?;
    Ok(Json(List::of(&made)))
}

/// `PUT /api/v1/lists/:id`: what is not sent stays.
pub async fn update(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ListId>,
    params: Params,
) -> Result<Json<List>> {
    let wanted = wanted(&params)?;
    let changed = town.db().write(move |tx| lists::update(tx, me, id, &wanted)).await?;
    Ok(Json(List::of(&changed)))
}

/// `DELETE /api/v1/lists/:id`.
pub async fn delete(State(town): State<Town>, Me(me): Me, Id(id): Id<ListId>) -> Result<Json<Value>> {
    town.db().write(move |tx| lists::delete(tx, me, id)).await?;
    Ok(nothing())
}

/// `GET /api/v1/lists/:id/accounts`: `limit=0` is all of them, on one page.
pub async fn accounts(Me(me): Me, Id(id): Id<ListId>, list: Listing) -> Result<Response> {
    if list.params.number("limit")? == Some(0) {
        let town = list.town();
        let all = town.db().read(move |c| members::page(c, me, id, Range::newest(MEMBERS_MAX))).await?;
        let shown: Vec<Account> = all.iter().map(|(_, a)| Account::of(a, town.urls())).collect();
        return Ok(Json(shown).into_response());
    }
    list.accounts((40, 80), move |c, range| members::page(c, me, id, range)).await
}

/// `POST /api/v1/lists/:id/accounts`: `account_ids[]`, all or none.
pub async fn add(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ListId>,
    params: Params,
) -> Result<Json<Value>> {
    let asked = params.list("account_ids")?;
    let ids: Vec<AccountId> = params.ids("account_ids")?;
    // What is no id is nobody.
    if ids.len() < asked.len() {
        return Err(ApiError::not_found());
    }
    town.db().write(move |tx| members::add(tx, me, id, &ids)).await?;
    Ok(nothing())
}

/// `DELETE /api/v1/lists/:id/accounts`: `account_ids[]` in the query or the body.
pub async fn remove(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ListId>,
    params: Params,
) -> Result<Json<Value>> {
    let ids: Vec<AccountId> = params.ids("account_ids")?;
    town.db().write(move |tx| members::remove(tx, me, id, &ids)).await?;
    Ok(nothing())
}

fn wanted(params: &Params) -> Result<Wanted> {
    let replies = match params.word("replies_policy")? {
        Some(word) => Some(
            RepliesPolicy::parse(&word)
                .ok_or_else(|| ApiError::invalid("replies_policy is not a valid replies_policy"))?,
        ),
        None => None,
    };
    Ok(Wanted { title: params.text("title")?, replies, is_exclusive: params.flag("exclusive")? })
}
