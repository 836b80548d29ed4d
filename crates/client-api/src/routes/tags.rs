//! Hashtags by their names. Sources: <https://docs.joinmastodon.org/methods/tags/>, `followed_tags`.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use parvis_domain::tags::{TagView, featured, follow, named};
use parvis_domain::{Conn, Town, Tx};
use parvis_model::ids::AccountId;

use crate::entities::Tag;
use crate::error::Result;
use crate::extract::{Me, Viewer};
use crate::listing::Listing;

/// `GET /api/v1/tags/:name`. What could be a hashtag is one, used or not.
pub async fn show(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Path(name): Path<String>,
) -> Result<Json<Tag>> {
    let found = town.db().read(move |c| named(c, viewer, &name)).await?;
    Ok(Json(Tag::of(&found, town.urls())))
}

/// Does something with a tag and answers with the tag as it is then.
async fn then_tag(
    town: &Town,
    me: AccountId,
    name: String,
    act: impl Fn(&mut Tx<'_>, AccountId, &str) -> parvis_domain::Result<TagView> + Send + Sync + 'static,
) -> Result<Json<Tag>> {
    let view = town.db().write(move |tx| act(tx, me, &name)).await?;
    Ok(Json(Tag::of(&view, town.urls())))
}

/// `POST /api/v1/tags/:name/follow`.
pub async fn follow(State(town): State<Town>, Me(me): Me, Path(name): Path<String>) -> Result<Json<Tag>> {
    then_tag(&town, me, name, follow::follow).await
}

/// `POST /api/v1/tags/:name/unfollow`.
pub async fn unfollow(State(town): State<Town>, Me(me): Me, Path(name): Path<String>) -> Result<Json<Tag>> {
    then_tag(&town, me, name, follow::unfollow).await
}

/// `POST /api/v1/tags/:name/feature`.
pub async fn feature(State(town): State<Town>, Me(me): Me, Path(name): Path<String>) -> Result<Json<Tag>> {
    then_tag(&town, me, name, featured::feature).await
}

/// `POST /api/v1/tags/:name/unfeature`.
pub async fn unfeature(State(town): State<Town>, Me(me): Me, Path(name): Path<String>) -> Result<Json<Tag>> {
    then_tag(&town, me, name, featured::unfeature).await
}

/// `GET /api/v1/followed_tags`.
pub async fn followed(Me(me): Me, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| follow::followed(c, me, range);
    list.page((100, 200), read, |row| row.0, |(_, tag), urls| Tag::of(tag, urls)).await
}
