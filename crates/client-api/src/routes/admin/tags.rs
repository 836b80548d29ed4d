//! Hashtags, for staff. Mastodon does not document these routes; their form is its source's (`Api::V1::Admin::TagsController`).

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::tags::desk::{self, TagChange};
use parvis_domain::{Conn, Town};
use parvis_model::ids::TagId;

use crate::body::Params;
use crate::entities::admin::tag::AdminTag;
use crate::error::Result;
use crate::extract::{Id, Me};
use crate::listing::Listing;

/// `GET /api/v1/admin/tags`: all that are known, newest first.
pub async fn list(Me(me): Me, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| desk::all(c, me, range);
    list.page((100, 200), read, |seen| seen.view.tag.id.0, AdminTag::of).await
}

/// `GET /api/v1/admin/tags/:id`.
pub async fn one(State(town): State<Town>, Me(me): Me, Id(id): Id<TagId>) -> Result<Json<AdminTag>> {
    let seen = town.db().read(move |c| desk::one(c, me, id)).await?;
    Ok(Json(AdminTag::of(&seen, town.urls())))
}

/// `PUT /api/v1/admin/tags/:id`: `display_name`, `listable`, `trendable`, `usable`.
pub async fn change(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<TagId>,
    params: Params,
) -> Result<Json<AdminTag>> {
    let change = TagChange {
        display: params.word("display_name")?,
        may_trend: params.flag("trendable")?,
        is_usable: params.flag("usable")?,
        is_listable: params.flag("listable")?,
    };
    let seen = town.db().write(move |tx| desk::change(tx, me, id, &change)).await?;
    Ok(Json(AdminTag::of(&seen, town.urls())))
}
