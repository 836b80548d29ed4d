//! Search over accounts, posts and hashtags. Source: <https://docs.joinmastodon.org/methods/search/>.

use axum::Json;
use axum::extract::State;
use parvis_domain::search::{self, Query};
use parvis_domain::{Town, tags};
use parvis_model::ids::StatusId;
use serde::Serialize;

use crate::body::Params;
use crate::entities::{Account, Status, Tag};
use crate::error::{ApiError, Result};
use crate::extract::Viewer;
use crate::page::limit;

/// Always all three.
#[derive(Debug, Serialize)]
pub struct Found {
    accounts: Vec<Account>,
    statuses: Vec<Status>,
    hashtags: Vec<Tag>,
}

/// The old shape: hashtags are texts.
#[derive(Debug, Serialize)]
pub struct FoundV1 {
    accounts: Vec<Account>,
    statuses: Vec<Status>,
    hashtags: Vec<String>,
}

/// `GET /api/v1/search`, which Mastodon removed in 3.0: the same as the newer one, in the old shape.
pub async fn search_v1(town: State<Town>, viewer: Viewer, params: Params) -> Result<Json<FoundV1>> {
    let Json(Found { accounts, statuses, hashtags }) = search(town, viewer, params).await?;
    let hashtags = hashtags.into_iter().map(|tag| tag.name).collect();
    Ok(Json(FoundV1 { accounts, statuses, hashtags }))
}

/// `GET /api/v2/search`. Asking other servers and leafing on are for people signed in.
pub async fn search(State(town): State<Town>, Viewer(viewer): Viewer, params: Params) -> Result<Json<Found>> {
    let kind = params.word("type")?;
    let resolves = params.flag("resolve")?.unwrap_or(false);
    let offset = params.number("offset")?.unwrap_or(0);
    if viewer.is_none() && (resolves || offset > 0) {
        return Err(ApiError::new(
            http::StatusCode::UNAUTHORIZED,
            "Search queries pagination and resolution are only for people signed in",
        ));
    }
    let wants = |name: &str| kind.as_deref().is_none_or(|k| k == name);
    let query = Query {
        text: params.text("q")?.unwrap_or_default(),
        resolves,
        accounts: wants("accounts"),
        statuses: wants("statuses"),
        hashtags: wants("hashtags"),
        only_followed: params.flag("following")?.unwrap_or(false) && viewer.is_some(),
        author: params.id("account_id")?,
        max: params.id::<StatusId>("max_id")?.map(|id| id.0),
        min: params.id::<StatusId>("min_id")?.map(|id| id.0),
        offset,
        limit: limit(&params, 20, 40)?,
    };
    let found = search::search(&town, viewer, query).await?;
    let tags = found.hashtags;
    let hashtags = town.db().read(move |c| tags::views(c, viewer, tags)).await?;
    let urls = town.urls();
    Ok(Json(Found {
        accounts: Account::all(&found.accounts, urls),
        statuses: Status::all(&found.statuses, viewer, urls),
        hashtags: hashtags.iter().map(|t| Tag::of(t, urls)).collect(),
    }))
}
