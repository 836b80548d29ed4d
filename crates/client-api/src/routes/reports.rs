//! Reporting somebody. Source: <https://docs.joinmastodon.org/methods/reports/>.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::moderation::reports::{self, NewReport};
use parvis_model::ids::AccountId;
use parvis_model::moderation::Category;

use crate::body::Params;
use crate::entities::report::Report;
use crate::error::{ApiError, Result};
use crate::extract::Me;

/// `POST /api/v1/reports`. Collections are not here; what is sent of them is left out.
pub async fn file(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Report>> {
    let new = NewReport {
        target: params.id::<AccountId>("account_id")?.ok_or_else(ApiError::not_found)?,
        statuses: params.ids("status_ids")?,
        comment: params.text("comment")?.unwrap_or_default(),
        category: category(&params)?,
        rules: params.ids("rule_ids")?,
        forwards: params.flag("forward")?.unwrap_or(false),
    };
    let view = town
        .db()
        .write(move |tx| {
            let id = reports::file(tx, me, &new)?;
            reports::own(tx, me, id)
        })
        .await?;
    Ok(Json(Report::of(&view, town.urls())))
}

/// The category that was sent, if any.
///
/// # Errors
/// 422 for one that is none.
pub fn category(params: &Params) -> Result<Option<Category>> {
    params
        .word("category")?
        .map(|word| {
            Category::parse(&word)
                .ok_or_else(|| ApiError::invalid("Validation failed: Category is not included in the list"))
        })
        .transpose()
}
