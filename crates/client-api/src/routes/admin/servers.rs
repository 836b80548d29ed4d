//! Servers: blocks and allows. Sources: <https://docs.joinmastodon.org/methods/admin/domain_blocks/>, `…/domain_allows/`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parvis_domain::Town;
use parvis_domain::moderation::servers::{self, Outcome};
use parvis_domain::policy::{Severity, Terms};
use serde_json::{Value, json};

use crate::body::Params;
use crate::entities::admin::gates;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};
use crate::listing::Listing;
use crate::routes::admin::LIMITS;

/// `GET /api/v1/admin/domain_blocks`.
pub async fn blocks(Me(me): Me, list: Listing) -> Result<Response> {
    list.page(
        LIMITS,
        move |c, range| servers::blocks(c, me, range),
        |row| row.id,
        |row, _| gates::domain_block(row),
    )
    .await
}

/// `GET /api/v1/admin/domain_blocks/:id`.
pub async fn block(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let found = town.db().read(move |c| servers::one(c, me, id)).await?;
    Ok(Json(gates::domain_block(&found)))
}

fn severity(params: &Params) -> Result<Option<Severity>> {
    params
        .word("severity")?
        .map(|word| {
            Severity::parse(&word)
                .ok_or_else(|| ApiError::invalid("Validation failed: Severity is not included in the list"))
        })
        .transpose()
}

/// What was sent of the terms; the rest stays as it is.
fn change(params: &Params) -> Result<impl Fn(&mut Terms) + Clone + use<>> {
    let severity = severity(params)?;
    let (media, reports) = (params.flag("reject_media")?, params.flag("reject_reports")?);
    let obfuscate = params.flag("obfuscate")?;
    let (private, public) = (params.text("private_comment")?, params.text("public_comment")?);
    Ok(move |terms: &mut Terms| {
        terms.severity = severity.unwrap_or(terms.severity);
        terms.reject_media = media.unwrap_or(terms.reject_media);
        terms.reject_reports = reports.unwrap_or(terms.reject_reports);
        terms.obfuscate = obfuscate.unwrap_or(terms.obfuscate);
        if let Some(text) = &private {
            terms.private_comment.clone_from(text);
        }
        if let Some(text) = &public {
            terms.public_comment.clone_from(text);
        }
    })
}

/// `POST /api/v1/admin/domain_blocks`: 422 with the block that is there when it is at least as strict.
pub async fn add_block(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Response> {
    let host = params.word("domain")?.unwrap_or_default();
    let mut terms = Terms::default();
    change(&params)?(&mut terms);
    Ok(match town.db().write(move |tx| servers::block(tx, me, &host, &terms)).await? {
        Outcome::Blocked(row) => Json(gates::domain_block(&row)).into_response(),
        Outcome::Already(row) => {
            let error = format!("You have already imposed stricter limits on {}.", row.host);
            let body = json!({ "error": error, "existing_domain_block": gates::domain_block(&row) });
            (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
        }
    })
}

/// `PUT /api/v1/admin/domain_blocks/:id`.
pub async fn change_block(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<i64>,
    params: Params,
) -> Result<Json<Value>> {
    let change = change(&params)?;
    let row = town.db().write(move |tx| servers::change(tx, me, id, change.clone())).await?;
    Ok(Json(gates::domain_block(&row)))
}

/// `DELETE /api/v1/admin/domain_blocks/:id`: the answer is what was blocked.
pub async fn remove_block(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let row = town.db().write(move |tx| servers::unblock(tx, me, id)).await?;
    Ok(Json(gates::domain_block(&row)))
}

/// `GET /api/v1/admin/domain_allows`.
pub async fn allows(Me(me): Me, list: Listing) -> Result<Response> {
    list.page(
        LIMITS,
        move |c, range| servers::allows(c, me, range),
        |row| row.id,
        |row, _| gates::domain_allow(row),
    )
    .await
}

/// `GET /api/v1/admin/domain_allows/:id`.
pub async fn allow(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let found = town.db().read(move |c| servers::allowed(c, me, id)).await?;
    Ok(Json(gates::domain_allow(&found)))
}

/// `POST /api/v1/admin/domain_allows`.
pub async fn add_allow(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let host = params.word("domain")?.unwrap_or_default();
    let row = town.db().write(move |tx| servers::allow(tx, me, &host)).await?;
    Ok(Json(gates::domain_allow(&row)))
}

/// `DELETE /api/v1/admin/domain_allows/:id`: the answer is what was allowed.
pub async fn remove_allow(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let row = town.db().write(move |tx| servers::disallow(tx, me, id)).await?;
    Ok(Json(gates::domain_allow(&row)))
}
