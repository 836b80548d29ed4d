//! What trends, for everybody and for staff. Empty in a town that shows none. Sources: <https://docs.joinmastodon.org/methods/trends/>,
//! <https://docs.joinmastodon.org/methods/admin/trends/>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::trends::{self, Part, Trend};
use parvis_domain::{Town, staff};
use parvis_model::ids::{CardId, StatusId, TagId};
use parvis_model::permission::Permission;

use crate::body::Params;
use crate::entities::Status;
use crate::entities::admin::tag::AdminTag;
use crate::entities::trend::{PreviewCardProvider, TrendLink, TrendStatus, TrendTag};
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me, Viewer};
use crate::listing::Listing;
use crate::page::limit;

fn part(params: &Params, default: i64, most: i64, is_whole: bool) -> Result<Part> {
    let offset = params.number("offset")?.unwrap_or(0).clamp(0, 10_000);
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok(Part { offset: size(offset), limit: size(limit(params, default, most)?), is_whole })
}

/// `GET /api/v1/trends/tags`, and its old name `GET /api/v1/trends`.
pub async fn tags(State(town): State<Town>, params: Params) -> Result<Json<Vec<TrendTag>>> {
    let part = part(&params, 10, 20, false)?;
    let found = town.db().read(move |c| trends::tags(c, part)).await?;
    Ok(Json(found.iter().map(|t| TrendTag::of(t, town.urls())).collect()))
}

/// `GET /api/v1/trends/statuses`.
pub async fn statuses(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    params: Params,
) -> Result<Json<Vec<Status>>> {
    let part = part(&params, 20, 40, false)?;
    let found = town.db().read(move |c| trends::statuses(c, viewer, part)).await?;
    Ok(Json(found.iter().map(|t| Status::of(&t.subject, viewer, town.urls())).collect()))
}

/// `GET /api/v1/trends/links`.
pub async fn links(State(town): State<Town>, params: Params) -> Result<Json<Vec<TrendLink>>> {
    let part = part(&params, 10, 20, false)?;
    let found = town.db().read(move |c| trends::links(c, part)).await?;
    Ok(Json(found.iter().map(|t| TrendLink::of(t, false, town.urls())).collect()))
}

/// `GET /api/v1/timelines/link?url=`: only for links that trend; others are not there.
pub async fn link_timeline(Viewer(viewer): Viewer, list: Listing) -> Result<Response> {
    let url = list.params.word("url")?.ok_or_else(ApiError::not_found)?;
    list.posts((20, 40), viewer, move |c, range| trends::posts_with_link(c, viewer, &url, range)).await
}

/// `GET /api/v1/admin/trends/tags`.
pub async fn admin_tags(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Vec<AdminTag>>> {
    let part = part(&params, 10, 20, true)?;
    let found = town.db().read(move |c| trends::tags_for_staff(c, me, part)).await?;
    Ok(Json(found.iter().map(|seen| AdminTag::of(seen, town.urls())).collect()))
}

/// `GET /api/v1/admin/trends/statuses`.
pub async fn admin_statuses(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<Vec<TrendStatus>>> {
    let part = part(&params, 20, 40, true)?;
    let found = town
        .db()
        .read(move |c| {
            staff::require(c, me, Permission::ManageTaxonomies)?;
            trends::statuses(c, Some(me), part)
        })
        .await?;
    let urls = town.urls();
    let shown = found.iter().map(|t| TrendStatus {
        status: Status::of(&t.subject, Some(me), urls),
        requires_review: t.is_allowed.is_none(),
    });
    Ok(Json(shown.collect()))
}

/// `GET /api/v1/admin/trends/links`.
pub async fn admin_links(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<Vec<TrendLink>>> {
    let part = part(&params, 10, 20, true)?;
    let found = town
        .db()
        .read(move |c| {
            staff::require(c, me, Permission::ManageTaxonomies)?;
            trends::links(c, part)
        })
        .await?;
    Ok(Json(found.iter().map(|t| TrendLink::of(t, true, town.urls())).collect()))
}

/// `GET /api/v1/admin/trends/links/publishers`.
pub async fn publishers(State(town): State<Town>, Me(me): Me) -> Result<Json<Vec<PreviewCardProvider>>> {
    let found = town.db().read(move |c| trends::publishers(c, me)).await?;
    Ok(Json(found.iter().map(PreviewCardProvider::of).collect()))
}

/// What was looked at, without its history, which nobody asked for.
fn looked_at<T>((subject, is_allowed): trends::Reviewed<T>) -> Trend<T> {
    Trend { subject, history: Vec::new(), is_allowed: Some(is_allowed) }
}

macro_rules! reviews {
    ($($approve:ident $reject:ident $id:ty => $review:ident -> $entity:ty, $render:expr;)+) => {$(
        /// `POST …/:id/approve`.
        pub async fn $approve(State(town): State<Town>, Me(me): Me, Id(id): Id<$id>) -> Result<Json<$entity>> {
            let done = town.db().write(move |tx| trends::$review(tx, me, id, true)).await?;
            Ok(Json($render(&town, me, done)))
        }

        /// `POST …/:id/reject`.
        pub async fn $reject(State(town): State<Town>, Me(me): Me, Id(id): Id<$id>) -> Result<Json<$entity>> {
            let done = town.db().write(move |tx| trends::$review(tx, me, id, false)).await?;
            Ok(Json($render(&town, me, done)))
        }
    )+};
}

reviews! {
    approve_tag reject_tag TagId => review_tag -> AdminTag, |town: &Town, _, seen| AdminTag::of(&seen, town.urls());
    approve_link reject_link CardId => review_link -> TrendLink, |town: &Town, _, done| TrendLink::of(&looked_at(done), true, town.urls());
    approve_status reject_status StatusId => review_status -> TrendStatus, |town: &Town, me, done: trends::Reviewed<parvis_domain::views::StatusView>| TrendStatus {
        status: Status::of(&done.0, Some(me), town.urls()),
        requires_review: false,
    };
    approve_publisher reject_publisher i64 => review_publisher -> PreviewCardProvider, |_: &Town, _, done| PreviewCardProvider::of(&done);
}
