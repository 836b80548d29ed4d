//! Posts in pages of others (oEmbed), and refreshes that run in the background, of which this town has none.

use axum::Json;
use axum::extract::State;
use parvis_domain::views::StatusView;
use parvis_domain::{Conn, Error, Town, addresses, views};
use parvis_model::ids::StatusId;

use crate::body::Params;
use crate::entities::embed::{OEmbed, WIDTH};
use crate::error::{ApiError, Result};
use crate::extract::Id;

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

/// `GET /api/v1_alpha/async_refreshes/:id`: no answer of ours ever names one.
pub async fn refresh() -> Result<Json<()>> {
    Err(ApiError::not_found())
}
