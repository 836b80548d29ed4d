//! Mail and networks that cannot sign up. Sources: <https://docs.joinmastodon.org/methods/admin/email_domain_blocks/>,
//! `…/canonical_email_blocks/`, `…/ip_blocks/`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::Town;
use parvis_domain::barriers::{mail, networks};
use parvis_model::barrier::NetworkSeverity;
use parvis_model::ids::AccountId;
use serde_json::Value;

use crate::body::Params;
use crate::entities::admin::gates;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};
use crate::listing::Listing;
use crate::routes::admin::LIMITS;

/// `GET /api/v1/admin/email_domain_blocks`.
pub async fn domains(Me(me): Me, list: Listing) -> Result<Response> {
    list.page(
        LIMITS,
        move |c, range| mail::domains(c, me, range),
        |row| row.id,
        |row, _| gates::email_domain_block(row),
    )
    .await
}

/// `GET /api/v1/admin/email_domain_blocks/:id`.
pub async fn domain(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let found = town.db().read(move |c| mail::domain(c, me, id)).await?;
    Ok(Json(gates::email_domain_block(&found)))
}

/// `POST /api/v1/admin/email_domain_blocks`.
pub async fn add_domain(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let domain = params.word("domain")?.unwrap_or_default();
    let approval = params.flag("allow_with_approval")?.unwrap_or(false);
    let row = town.db().write(move |tx| mail::block_domain(tx, me, &domain, approval)).await?;
    Ok(Json(gates::email_domain_block(&row)))
}

/// `DELETE /api/v1/admin/email_domain_blocks/:id`: the answer is what was blocked.
pub async fn remove_domain(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let row = town.db().write(move |tx| mail::unblock_domain(tx, me, id)).await?;
    Ok(Json(gates::email_domain_block(&row)))
}

/// `GET /api/v1/admin/canonical_email_blocks`.
pub async fn addresses(Me(me): Me, list: Listing) -> Result<Response> {
    list.page(
        LIMITS,
        move |c, range| mail::addresses(c, me, range),
        |row| row.id,
        |row, _| gates::canonical_email_block(row),
    )
    .await
}

/// `GET /api/v1/admin/canonical_email_blocks/:id`.
pub async fn address(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let found = town.db().read(move |c| mail::address(c, me, id)).await?;
    Ok(Json(gates::canonical_email_block(&found)))
}

/// `POST /api/v1/admin/canonical_email_blocks`: an address, or its hash.
pub async fn add_address(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    let (email, hash) = (params.word("email")?, params.word("canonical_email_hash")?);
    let row =
        town.db().write(move |tx| mail::block_address(tx, me, email.as_deref(), hash.as_deref())).await?;
    Ok(Json(gates::canonical_email_block(&row)))
}

/// `POST /api/v1/admin/canonical_email_blocks/test`.
pub async fn test(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Vec<Value>>> {
    let email = params.word("email")?.ok_or_else(|| ApiError::invalid("email is missing"))?;
    let found = town.db().read(move |c| mail::test(c, me, &email)).await?;
    Ok(Json(found.iter().map(gates::canonical_email_block).collect()))
}

/// `DELETE /api/v1/admin/canonical_email_blocks/:id`: the answer is what was blocked.
pub async fn remove_address(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let row = town.db().write(move |tx| mail::unblock_address(tx, me, id)).await?;
    Ok(Json(gates::canonical_email_block(&row)))
}

/// `GET /api/v1/admin/ip_blocks`.
pub async fn networks(Me(me): Me, list: Listing) -> Result<Response> {
    list.page(
        LIMITS,
        move |c, range| networks::page(c, me, range),
        |row| row.id,
        |row, _| gates::ip_block(row),
    )
    .await
}

/// `GET /api/v1/admin/ip_blocks/:id`.
pub async fn network(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let found = town.db().read(move |c| networks::one(c, me, id)).await?;
    Ok(Json(gates::ip_block(&found)))
}

async fn set(town: &Town, me: AccountId, id: Option<i64>, params: &Params) -> Result<Json<Value>> {
    let terms = networks::Terms {
        network: params.word("ip")?,
        severity: params
            .word("severity")?
            .map(|word| {
                NetworkSeverity::parse(&word).ok_or_else(|| {
                    ApiError::invalid("Validation failed: Severity is not included in the list")
                })
            })
            .transpose()?,
        comment: params.text("comment")?,
        expires_in: params.number("expires_in")?,
    };
    let row = town.db().write(move |tx| networks::set(tx, me, id, &terms)).await?;
    town.networks().forget();
    Ok(Json(gates::ip_block(&row)))
}

/// `POST /api/v1/admin/ip_blocks`.
pub async fn add_network(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Value>> {
    set(&town, me, None, &params).await
}

/// `PUT /api/v1/admin/ip_blocks/:id`.
pub async fn change_network(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<i64>,
    params: Params,
) -> Result<Json<Value>> {
    set(&town, me, Some(id), &params).await
}

/// `DELETE /api/v1/admin/ip_blocks/:id`: the answer is what was blocked.
pub async fn remove_network(State(town): State<Town>, Me(me): Me, Id(id): Id<i64>) -> Result<Json<Value>> {
    let row = town.db().write(move |tx| networks::remove(tx, me, id)).await?;
    town.networks().forget();
    Ok(Json(gates::ip_block(&row)))
}
