//! Who boosted and who favourited a post.

use axum::extract::State;
use axum::response::Response;
use http::Uri;
use parvis_domain::views::AccountView;
use parvis_domain::{Town, reactions};
use parvis_model::ids::StatusId;

use crate::body::Params;
use crate::entities::Account;
use crate::error::Result;
use crate::extract::{Here, Id, Viewer};
use crate::page::{Links, range};
use crate::routes::row_ends;

/// `GET /api/v1/statuses/:id/reblogged_by`.
pub async fn boosted(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town.db().read(move |c| reactions::boosted_by(c, viewer, id, range)).await?;
    Ok(shown(&town, &here, &page))
}

/// `GET /api/v1/statuses/:id/favourited_by`.
pub async fn favourited(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town.db().read(move |c| reactions::favourited_by(c, viewer, id, range)).await?;
    Ok(shown(&town, &here, &page))
}

fn shown(town: &Town, here: &Uri, page: &[(i64, AccountView)]) -> Response {
    let urls = town.urls();
    let accounts: Vec<Account> = page.iter().map(|(_, a)| Account::of(a, urls)).collect();
    Links::new(urls, here).page(&accounts, row_ends(page))
}
