//! Features of Mastodon that make no sense in a town, answering as Mastodon does when they are off. The reasons stand in docs/client-api.md.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use parvis_domain::{Town, access, accounts};
use parvis_model::ids::AccountId;
use serde_json::{Value, json};

use crate::error::{ApiError, Result};
use crate::extract::Id;

/// `GET /api/v1/annual_reports`: nobody's year is summed up here.
pub async fn annual_reports() -> Json<Value> {
    Json(json!({ "annual_reports": [], "accounts": [], "statuses": [] }))
}

/// `GET /api/v1/annual_reports/:year/state`.
pub async fn annual_report_state() -> Json<Value> {
    Json(json!({ "state": "ineligible" }))
}

/// The report of a year, and what is done with it: there is none.
pub async fn annual_report() -> ApiError {
    ApiError::not_found()
}

/// `GET /api/v1/donation_campaigns`: there is none.
pub async fn donation_campaigns() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `POST /api/v1/accounts/:id/email_subscriptions`: nobody's posts are sent by e-mail.
pub async fn email_subscriptions() -> ApiError {
    ApiError::not_found()
}

/// `GET /api/v1/accounts/:id/identity_proofs`: gone from Mastodon since 3.5; an empty list for an account that is there.
pub async fn identity_proofs(State(town): State<Town>, Id(id): Id<AccountId>) -> Result<Json<[(); 0]>> {
    town.db()
        .read(move |c| {
            accounts::find::by_id(c, id)?;
            access::account(c, id)
        })
        .await?;
    Ok(Json([]))
}

/// `GET /api/proofs`: no provider is known.
pub async fn proofs() -> ApiError {
    ApiError::not_found()
}
