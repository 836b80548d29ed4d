//! Filters as clients made before Mastodon 4 know them: one keyword each, and the ids are the keywords'.
//! Source: <https://docs.joinmastodon.org/methods/filters/#v1>.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::filters::{Wanted, old};
use parvis_model::filter::FilterAction;
use parvis_model::ids::FilterKeywordId;
use serde_json::Value;

use super::filters::timing;
use super::nothing;
use crate::body::Params;
use crate::entities::filter::OldFilter;
use crate::error::Result;
use crate::extract::{Id, Me};

/// `GET /api/v1/filters`.
pub async fn all(State(town): State<Town>, Me(me): Me) -> Result<Json<Vec<OldFilter>>> {
    let found = town.db().read(move |c| old::all(c, me)).await?;
    Ok(Json(found.iter().map(OldFilter::of).collect()))
}

/// `GET /api/v1/filters/:id`.
pub async fn show(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterKeywordId>,
) -> Result<Json<OldFilter>> {
    let found = town.db().read(move |c| old::one(c, me, id)).await?;
    Ok(Json(OldFilter::of(&found)))
}

/// `POST /api/v1/filters`.
pub async fn create(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<OldFilter>> {
    let phrase = params.text("phrase")?.unwrap_or_default();
    let is_whole_word = params.flag("whole_word")?.unwrap_or(true);
    let wanted = wanted(&params)?;
    let made = town.db().write(move |tx| old::create(tx, me, &phrase, is_whole_word, &wanted)).await?;
    Ok(Json(OldFilter::of(&made)))
}

/// `PUT /api/v1/filters/:id`: what is not sent stays.
pub async fn update(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterKeywordId>,
    params: Params,
) -> Result<Json<OldFilter>> {
    let phrase = params.text("phrase")?;
    let is_whole_word = params.flag("whole_word")?;
    let wanted = wanted(&params)?;
    let changed =
        town.db().write(move |tx| old::update(tx, me, id, phrase.as_deref(), is_whole_word, &wanted)).await?;
    Ok(Json(OldFilter::of(&changed)))
}

/// `DELETE /api/v1/filters/:id`.
pub async fn delete(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<FilterKeywordId>,
) -> Result<Json<Value>> {
    town.db().write(move |tx| old::delete(tx, me, id)).await?;
    Ok(nothing())
}

/// `irreversible` is today's `hide`.
fn wanted(params: &Params) -> Result<Wanted> {
    let action =
        params.flag("irreversible")?.map(|hides| if hides { FilterAction::Hide } else { FilterAction::Warn });
    Ok(Wanted { action, ..timing(params)? })
}
