//! Deciding about accounts and taking that back. Source: <https://docs.joinmastodon.org/methods/admin/accounts/#action>.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::moderation::actions::{self, Decision};
use parvis_domain::moderation::{lifting, roster};
use parvis_model::ids::AccountId;
use parvis_model::moderation::Action;
use serde_json::Value;

use super::accounts::shown;
use crate::body::Params;
use crate::entities::admin::AdminAccount;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};
use crate::routes::nothing;

/// `POST /api/v1/admin/accounts/:id/action`. The person gets a letter unless `send_email_notification` says no: who is decided about is told why.
pub async fn act(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
    params: Params,
) -> Result<Json<Value>> {
    let word = params.word("type")?.unwrap_or_default();
    let action = Action::parse(&word)
        .ok_or_else(|| ApiError::invalid("Validation failed: Type is not included in the list"))?;
    let decision = Decision {
        action,
        report: params.id("report_id")?,
        preset: params.number("warning_preset_id")?,
        text: params.text("text")?.unwrap_or_default(),
        sends_letter: params.flag("send_email_notification")?.unwrap_or(true),
    };
    actions::decide(&town, me, id, decision).await?;
    Ok(nothing())
}

async fn lift(town: &Town, me: AccountId, id: AccountId, limit: Action) -> Result<Json<AdminAccount>> {
    town.db().write(move |tx| lifting::lift(tx, me, id, limit)).await?;
    shown(town, me, id).await
}

/// `POST /api/v1/admin/accounts/:id/enable`.
pub async fn enable(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<AdminAccount>> {
    lift(&town, me, id, Action::Disable).await
}

/// `POST /api/v1/admin/accounts/:id/unsensitive`.
pub async fn unsensitive(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<AdminAccount>> {
    lift(&town, me, id, Action::Sensitive).await
}

/// `POST /api/v1/admin/accounts/:id/unsilence`.
pub async fn unsilence(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<AdminAccount>> {
    lift(&town, me, id, Action::Silence).await
}

/// `POST /api/v1/admin/accounts/:id/unsuspend`.
pub async fn unsuspend(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<AdminAccount>> {
    lift(&town, me, id, Action::Suspend).await
}

/// `DELETE /api/v1/admin/accounts/:id`: for good, what a suspended account left. The answer is how it was.
pub async fn delete(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<AdminAccount>> {
    let before = town
        .db()
        .write(move |tx| {
            let before = roster::one(tx, me, id)?;
            actions::remove(tx, me, id)?;
            Ok::<_, parvis_domain::Error>(before)
        })
        .await?;
    Ok(Json(AdminAccount::of(&before, town.urls())))
}
