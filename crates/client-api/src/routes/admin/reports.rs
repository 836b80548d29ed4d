//! Reports on the desk. Source: <https://docs.joinmastodon.org/methods/admin/reports/>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::moderation::ReportFilter;
use parvis_domain::moderation::desk::{self, Step};
use parvis_domain::{Conn, Town};
use parvis_model::ids::{AccountId, ReportId};

use crate::body::Params;
use crate::entities::admin::AdminReport;
use crate::error::Result;
use crate::extract::{Id, Me};
use crate::listing::Listing;
use crate::routes::admin::LIMITS;
use crate::routes::reports::category;

/// `GET /api/v1/admin/reports`: open ones, or with `resolved` the others.
pub async fn list(Me(me): Me, list: Listing) -> Result<Response> {
    let filter = ReportFilter {
        is_resolved: list.params.flag("resolved")?.unwrap_or(false),
        by: list.params.id("account_id")?,
        about: list.params.id("target_account_id")?,
    };
    let settings = list.town().settings();
    let read = move |c: &mut Conn, range| desk::page(c, me, filter, range);
    list.page(LIMITS, read, |r| r.report.id.0, |r, urls| AdminReport::of(r, settings, urls)).await
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
