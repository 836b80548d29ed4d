//! Home, public, hashtag and list timelines. Sources: <https://docs.joinmastodon.org/methods/timelines/>.

use axum::response::Response;
use parvis_domain::rows::Scope;
use parvis_domain::timelines::Tags;
use parvis_domain::{Conn, lists, timelines};
use parvis_model::ids::ListId;

use crate::body::Params;
use crate::error::Result;
use crate::extract::{Id, Me, Viewer, Word};
use crate::listing::{Limits, Listing};

const LIMITS: Limits = (20, 40);

/// `GET /api/v1/timelines/home`.
pub async fn home(Me(me): Me, list: Listing) -> Result<Response> {
    list.posts(LIMITS, Some(me), move |c, range| timelines::home(c, me, range)).await
}

/// `GET /api/v1/timelines/public`.
pub async fn public(Viewer(viewer): Viewer, list: Listing) -> Result<Response> {
    let scope = scope(&list.params)?;
    let only_media = list.params.flag("only_media")?.unwrap_or(false);
    list.posts(LIMITS, viewer, move |c, range| timelines::public(c, viewer, scope, only_media, range)).await
}

/// `GET /api/v1/timelines/tag/:hashtag`, with `any[]`, `all[]` and `none[]`.
pub async fn tag(Viewer(viewer): Viewer, Word(tag): Word, list: Listing) -> Result<Response> {
    let params = &list.params;
    let scope = scope(params)?;
    let only_media = params.flag("only_media")?.unwrap_or(false);
    let mut wanted = Tags { any: vec![tag], all: params.list("all")?, none: params.list("none")? };
    wanted.any.extend(params.list("any")?);
    let read = move |c: &mut Conn, range| timelines::tagged(c, viewer, &wanted, scope, only_media, range);
    list.posts(LIMITS, viewer, read).await
}

/// `GET /api/v1/timelines/list/:id`.
pub async fn list(Me(me): Me, Id(id): Id<ListId>, list: Listing) -> Result<Response> {
    list.posts(LIMITS, Some(me), move |c, range| lists::feed::timeline(c, me, id, range)).await
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
