//! Posts in pages of others (oEmbed), and small routes of things that this town does not do and answers for as Mastodon does without them:
//! translation, and refreshes that run in the background.

use axum::Json;
use axum::extract::State;
use parvis_domain::views::StatusView;
use parvis_domain::{Conn, Error, Town, access, addresses, views};
use parvis_model::ids::StatusId;

use crate::body::Params;
use crate::entities::embed::{OEmbed, WIDTH};
use crate::error::{ApiError, Result};
use crate::extract::{Id, Viewer};

/// `GET /api/oembed?url=`: only posts of ours that everybody may see; what else there is, is not there.
pub async fn by_url(State(town): State<Town>, params: Params) -> Result<Json<OEmbed>> {
    let url = params.word("url")?.ok_or_else(ApiError::not_found)?;
    let urls = town.urls().clone();
    let find = move |c: &mut Conn| Ok(addresses::status(c, &urls, &url)?.ok_or(Error::NotFound)?.id);
    embed(&town, find, &params).await
}

/// `GET /api/web/embeds/:id`: the same by the post's id.
pub async fn by_id(State(town): State<Town>, Id(id): Id<StatusId>, params: Params) -> Result<Json<OEmbed>> {
    embed(&town, move |_| Ok(id), &params).await
}

async fn embed(
    town: &Town,
    find: impl FnOnce(&mut Conn) -> parvis_domain::Result<StatusId> + Send + 'static,
    params: &Params,
) -> Result<Json<OEmbed>> {
    let width = params.number("maxwidth")?.unwrap_or(WIDTH).clamp(1, WIDTH);
    let height = params.number("maxheight")?.filter(|height| *height > 0);
    let view: StatusView = town
        .db()
        .read(move |c| {
            let id = find(c)?;
            let view = views::of_status(c, None, id)?.filter(|v| v.status.is_local && v.boost_of.is_none());
            view.ok_or(Error::NotFound)
        })
        .await?;
    Ok(Json(OEmbed::of(&view, &town.settings().town.name, width, height, town.urls())))
}

/// `POST /api/v1/statuses/:id/translate`: nothing here translates (`configuration.translation.enabled` says so), so there is no translation.
pub async fn translate(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
) -> Result<Json<()>> {
    town.db().read(move |c| access::status(c, viewer, id)).await?;
    Err(ApiError::not_found())
}

/// `GET /api/v1_alpha/async_refreshes/:id`: no answer of ours ever names one.
pub async fn refresh() -> Result<Json<()>> {
    Err(ApiError::not_found())
}
