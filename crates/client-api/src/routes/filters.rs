//! Filters, their keywords and their posts. Source: <https://docs.joinmastodon.org/methods/filters/>. The shape before Mastodon 4 is in
//! [`super::old_filters`].

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::filters::{self, KeywordChange, Wanted, parts};
use parvis_model::filter::{Contexts, FilterAction};
use parvis_model::ids::{FilterId, FilterKeywordId, FilterStatusId, StatusId};
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::filter::{Filter, FilterKeyword, FilterStatus};
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};

/// `GET /api/v2/filters`: all, without pages.
pub async fn all(State(town): State<Town>, Me(me): Me) -> Result<Json<Vec<Filter>>> {
    let found = town.db().read(move |c| filters::all(c, me)).await?;
    Ok(Json(found.iter().map(Filter::of).collect()))
}

/// `GET /api/v2/filters/:id`.
pub async fn show(State(town): State<Town>, Me(me): Me, Id(id): Id<FilterId>) -> Result<Json<Filter>> {
    let found = town.db().read(move |c| filters::one(c, me, id)).await?;
    Ok(Json(Filter::of(&found)))
}

/// `POST /api/v2/filters`.
pub async fn create(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Filter>> {
    let wanted = Wanted {
        title: params.text("title")?,
        action: action(&params)?,
        keywords: keyword_changes(&params)?,
        ..timing(&params)?
    };
    let made = town.db().write(move |tx| filters::create(tx, me, &wanted)).await?;
    Ok(Json(Filter::of(&made)))
}

/// `PUT /api/v2/filters/:id`: what is not sent stays.
pub async fn update(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterId>,
    params: Params,
) -> Result<Json<Filter>> {
    let wanted = Wanted {
        title: params.text("title")?,
        action: action(&params)?,
        keywords: keyword_changes(&params)?,
        ..timing(&params)?
    };
    let changed = town.db().write(move |tx| filters::update(tx, me, id, &wanted)).await?;
    Ok(Json(Filter::of(&changed)))
}

/// `DELETE /api/v2/filters/:id`.
pub async fn delete(State(town): State<Town>, Me(me): Me, Id(id): Id<FilterId>) -> Result<Json<Value>> {
    town.db().write(move |tx| filters::delete(tx, me, id)).await?;
    Ok(nothing())
}

/// `GET /api/v2/filters/:filter_id/keywords`.
pub async fn keywords(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterId>,
) -> Result<Json<Vec<FilterKeyword>>> {
    let found = town.db().read(move |c| parts::keywords(c, me, id)).await?;
    Ok(Json(found.iter().map(FilterKeyword::of).collect()))
}

/// `POST /api/v2/filters/:filter_id/keywords`.
pub async fn add_keyword(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterId>,
    params: Params,
) -> Result<Json<FilterKeyword>> {
    let text = params.text("keyword")?.unwrap_or_default();
    let is_whole_word = params.flag("whole_word")?.unwrap_or(true);
    let made = town.db().write(move |tx| parts::add_keyword(tx, me, id, &text, is_whole_word)).await?;
    Ok(Json(FilterKeyword::of(&made)))
}

/// `GET /api/v2/filters/keywords/:id`.
pub async fn keyword(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterKeywordId>,
) -> Result<Json<FilterKeyword>> {
    let found = town.db().read(move |c| parts::keyword(c, me, id)).await?;
    Ok(Json(FilterKeyword::of(&found)))
}

/// `PUT /api/v2/filters/keywords/:id`.
pub async fn change_keyword(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterKeywordId>,
    params: Params,
) -> Result<Json<FilterKeyword>> {
    let text = params.text("keyword")?;
    let is_whole_word = params.flag("whole_word")?;
    let changed =
        town.db().write(move |tx| parts::change_keyword(tx, me, id, text.as_deref(), is_whole_word)).await?;
    Ok(Json(FilterKeyword::of(&changed)))
}

/// `DELETE /api/v2/filters/keywords/:id`.
pub async fn remove_keyword(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterKeywordId>,
) -> Result<Json<Value>> {
    town.db().write(move |tx| parts::remove_keyword(tx, me, id)).await?;
    Ok(nothing())
}

/// `GET /api/v2/filters/:filter_id/statuses`.
pub async fn statuses(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterId>,
) -> Result<Json<Vec<FilterStatus>>> {
    let found = town.db().read(move |c| parts::statuses(c, me, id)).await?;
    Ok(Json(found.iter().map(FilterStatus::of).collect()))
}

/// `POST /api/v2/filters/:filter_id/statuses`.
pub async fn add_status(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterId>,
    params: Params,
) -> Result<Json<FilterStatus>> {
    let post: StatusId = params.id("status_id")?.ok_or_else(ApiError::not_found)?;
    let made = town.db().write(move |tx| parts::add_status(tx, me, id, post)).await?;
    Ok(Json(FilterStatus::of(&made)))
}

/// `GET /api/v2/filters/statuses/:id`.
pub async fn status(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterStatusId>,
) -> Result<Json<FilterStatus>> {
    let found = town.db().read(move |c| parts::status(c, me, id)).await?;
    Ok(Json(FilterStatus::of(&found)))
}

/// `DELETE /api/v2/filters/statuses/:id`: answers with what was removed.
pub async fn remove_status(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterStatusId>,
) -> Result<Json<FilterStatus>> {
    let removed = town.db().write(move |tx| parts::remove_status(tx, me, id)).await?;
    Ok(Json(FilterStatus::of(&removed)))
}

/// Where a filter works and when it ends: the part that both shapes of filters share.
///
/// # Errors
/// 422 for what cannot be.
pub fn timing(params: &Params) -> Result<Wanted> {
    let words = params.list("context")?;
    let contexts = if params.has("context") {
        let none = || ApiError::invalid("Validation failed: Context None or invalid context supplied");
        Some(Contexts::parse(&words).ok_or_else(none)?)
    } else {
        None
    };
    // Sent but empty is "never".
    let expires_in = params.was_sent("expires_in").then(|| params.number("expires_in")).transpose()?;
    Ok(Wanted { contexts, expires_in, ..Wanted::default() })
}

fn action(params: &Params) -> Result<Option<FilterAction>> {
    match params.word("filter_action")? {
        Some(word) => FilterAction::parse(&word)
            .map(Some)
            .ok_or_else(|| ApiError::invalid("filter_action is not a valid filter_action")),
        None => Ok(None),
    }
}

/// `keywords_attributes[]`: each with `keyword` and `whole_word`, with `id` to change one, with `_destroy` to remove it. A row in which nothing
/// is said is left out, as Rails does.
fn keyword_changes(params: &Params) -> Result<Vec<KeywordChange>> {
    let mut changes = Vec::new();
    for row in params.rows("keywords_attributes") {
        let change = KeywordChange {
            id: row.id("id")?,
            text: row.text("keyword")?,
            is_whole_word: row.flag("whole_word")?,
            removes: row.flag("_destroy")?.unwrap_or(false),
        };
        let says_nothing = change.id.is_none()
            && change.is_whole_word.is_none()
            && change.text.as_deref().is_none_or(|text| text.trim().is_empty());
        if !says_nothing {
            changes.push(change);
        }
    }
    Ok(changes)
}
