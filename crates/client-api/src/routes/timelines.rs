//! Home, public, hashtag and list timelines. Sources: <https://docs.joinmastodon.org/methods/timelines/>.

use axum::extract::State;
use axum::response::Response;
use parvis_domain::rows::Scope;
use parvis_domain::timelines::Tags;
use parvis_domain::{Town, lists, timelines};
use parvis_model::ids::ListId;

use super::ends;
use crate::body::Params;
use crate::entities::Status;
use crate::error::Result;
use crate::extract::{Here, Id, Me, Viewer, Word};
use crate::page::{Links, range};

const DEFAULT: i64 = 20;
const MOST: i64 = 40;

/// `GET /api/v1/timelines/home`.
pub async fn home(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, DEFAULT, MOST)?;
    let page = town.db().read(move |c| timelines::home(c, me, range)).await?;
    let urls = town.urls();
    Ok(Links::new(urls, &here).page(&Status::all(&page, Some(me), urls), ends(&page)))
}

/// `GET /api/v1/timelines/public`.
pub async fn public(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, DEFAULT, MOST)?;
    let scope = scope(&params)?;
    let only_media = params.flag("only_media")?.unwrap_or(false);
    let page = town.db().read(move |c| timelines::public(c, viewer, scope, only_media, range)).await?;
    let urls = town.urls();
    Ok(Links::new(urls, &here).page(&Status::all(&page, viewer, urls), ends(&page)))
}

/// `GET /api/v1/timelines/tag/:hashtag`, with `any[]`, `all[]` and `none[]`.
pub async fn tag(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Word(tag): Word,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, DEFAULT, MOST)?;
    let scope = scope(&params)?;
    let only_media = params.flag("only_media")?.unwrap_or(false);
    let mut wanted = Tags { any: vec![tag], all: params.list("all")?, none: params.list("none")? };
    wanted.any.extend(params.list("any")?);
    let page =
        town.db().read(move |c| timelines::tagged(c, viewer, &wanted, scope, only_media, range)).await?;
    let urls = town.urls();
    Ok(Links::new(urls, &here).page(&Status::all(&page, viewer, urls), ends(&page)))
}

/// `GET /api/v1/timelines/list/:id`.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ListId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, DEFAULT, MOST)?;
    let page = town.db().read(move |c| lists::feed::timeline(c, me, id, range)).await?;
    let urls = town.urls();
    Ok(Links::new(urls, &here).page(&Status::all(&page, Some(me), urls), ends(&page)))
}

fn scope(params: &Params) -> Result<Scope> {
    let is = |name: &str| Ok::<_, crate::error::ApiError>(params.flag(name)?.unwrap_or(false));
    Ok(if is("local")? {
        Scope::Local
    } else if is("remote")? {
        Scope::Remote
    } else {
        Scope::Federated
    })
}
