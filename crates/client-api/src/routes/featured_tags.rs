//! Hashtags on profiles. Source: <https://docs.joinmastodon.org/methods/featured_tags/>.

use axum::Json;
use axum::extract::State;
use parvis_domain::tags::featured;
use parvis_domain::{Town, accounts};
use parvis_model::ids::{AccountId, FeaturedTagId};
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::Tag;
use crate::entities::tag::FeaturedTag;
use crate::error::Result;
use crate::extract::{Id, Me};

/// `GET /api/v1/featured_tags`.
pub async fn mine(State(town): State<Town>, Me(me): Me) -> Result<Json<Vec<FeaturedTag>>> {
    let found = town.db().read(move |c| featured::of_account(c, me)).await?;
    Ok(Json(found.iter().map(|f| FeaturedTag::of(f, town.urls())).collect()))
}

/// `GET /api/v1/accounts/:id/featured_tags`.
pub async fn of_account(State(town): State<Town>, Id(id): Id<AccountId>) -> Result<Json<Vec<FeaturedTag>>> {
    let found = town
        .db()
        .read(move |c| {
            accounts::find::by_id(c, id)?;
            featured::of_account(c, id)
        })
        .await?;
    Ok(Json(found.iter().map(|f| FeaturedTag::of(f, town.urls())).collect()))
}

/// `POST /api/v1/featured_tags`.
pub async fn add(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<FeaturedTag>> {
    let name = params.word("name")?.unwrap_or_default();
    let made = town.db().write(move |tx| featured::add(tx, me, &name)).await?;
    Ok(Json(FeaturedTag::of(&made, town.urls())))
}

/// `DELETE /api/v1/featured_tags/:id`.
pub async fn remove(State(town): State<Town>, Me(me): Me, Id(id): Id<FeaturedTagId>) -> Result<Json<Value>> {
    town.db().write(move |tx| featured::remove(tx, me, id)).await?;
    Ok(nothing())
}

/// `GET /api/v1/featured_tags/suggestions`: what one used most lately.
pub async fn suggestions(State(town): State<Town>, Me(me): Me) -> Result<Json<Vec<Tag>>> {
    let found = town.db().read(move |c| featured::suggestions(c, me)).await?;
    Ok(Json(found.iter().map(|t| Tag::of(t, town.urls())).collect()))
}
