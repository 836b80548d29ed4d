//! Reports on the desk. Source: <https://docs.joinmastodon.org/methods/admin/reports/>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::Town;
use parvis_domain::moderation::ReportFilter;
use parvis_domain::moderation::desk::{self, Step};
use parvis_model::ids::{AccountId, ReportId};

use crate::body::Params;
use crate::entities::admin::AdminReport;
use crate::error::Result;
use crate::extract::{Here, Id, Me};
use crate::page::{Links, range};
use crate::routes::reports::category;

/// `GET /api/v1/admin/reports`: open ones, or with `resolved` the others.
pub async fn list(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 100, 200)?;
    let filter = ReportFilter {
        is_resolved: params.flag("resolved")?.unwrap_or(false),
        by: params.id("account_id")?,
        about: params.id("target_account_id")?,
    };
    let found = town.db().read(move |c| desk::page(c, me, filter, range)).await?;
    let (urls, settings) = (town.urls(), town.settings());
    let shown: Vec<AdminReport> = found.iter().map(|r| AdminReport::of(r, settings, urls)).collect();
    let ends = found.first().zip(found.last()).map(|(a, b)| (a.report.id.0, b.report.id.0));
    Ok(Links::new(urls, &here).page(&shown, ends))
}

/// `GET /api/v1/admin/reports/:id`.
pub async fn show(State(town): State<Town>, Me(me): Me, Id(id): Id<ReportId>) -> Result<Json<AdminReport>> {
    let found = town.db().read(move |c| desk::one(c, me, id)).await?;
    Ok(Json(AdminReport::of(&found, town.settings(), town.urls())))
}

async fn take(town: &Town, me: AccountId, id: ReportId, step: Step) -> Result<Json<AdminReport>> {
    let found = town
        .db()
        .write(move |tx| {
            desk::step(tx, me, id, &step)?;
            desk::one(tx, me, id)
        })
        .await?;
    Ok(Json(AdminReport::of(&found, town.settings(), town.urls())))
}

/// `PUT /api/v1/admin/reports/:id`: category and rules.
pub async fn update(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ReportId>,
    params: Params,
) -> Result<Json<AdminReport>> {
    let rules = if params.has("rule_ids") { Some(params.ids("rule_ids")?) } else { None };
    take(&town, me, id, Step::Correct(category(&params)?, rules)).await
}

/// `POST /api/v1/admin/reports/:id/assign_to_self`.
pub async fn assign(State(town): State<Town>, Me(me): Me, Id(id): Id<ReportId>) -> Result<Json<AdminReport>> {
    take(&town, me, id, Step::Take).await
}

/// `POST /api/v1/admin/reports/:id/unassign`.
pub async fn unassign(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ReportId>,
) -> Result<Json<AdminReport>> {
    take(&town, me, id, Step::LeaveToOthers).await
}

/// `POST /api/v1/admin/reports/:id/resolve`.
pub async fn resolve(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<ReportId>,
) -> Result<Json<AdminReport>> {
    take(&town, me, id, Step::Resolve).await
}

/// `POST /api/v1/admin/reports/:id/reopen`.
pub async fn reopen(State(town): State<Town>, Me(me): Me, Id(id): Id<ReportId>) -> Result<Json<AdminReport>> {
    take(&town, me, id, Step::Reopen).await
}
