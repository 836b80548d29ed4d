//! Finding accounts: by exact address, by the beginnings of their words, and what one has to do with them.

use axum::Json;
use axum::extract::State;
use parvis_domain::search::{self, Query};
use parvis_domain::{Error, Town, access, accounts, blocks, views};
use parvis_model::handle::Address;
use parvis_model::ids::AccountId;

use crate::body::Params;
use crate::entities::{Account, Relationship};
use crate::error::{ApiError, Result};
use crate::extract::Me;
use crate::page::limit;

/// `GET /api/v1/accounts/lookup`: known accounts only, no other server is asked.
pub async fn lookup(State(town): State<Town>, params: Params) -> Result<Json<Account>> {
    let text = params.word("acct")?.unwrap_or_default();
    let address = Address::parse(&text, town.urls().domain()).ok_or_else(ApiError::not_found)?;
    let view = town
        .db()
        .read(move |c| {
            let found = accounts::find::by_address(c, &address)?.ok_or(Error::NotFound)?;
            let row = access::account(c, found.id)?;
            views::of_account(c, &row)
        })
        .await?;
    Ok(Json(Account::of(&view, town.urls())))
}

/// `GET /api/v1/accounts/search`.
pub async fn search(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Vec<Account>>> {
    let only_followed = params.flag("following")?.unwrap_or(false);
    let query = Query {
        only_followed,
        offset: params.number("offset")?.unwrap_or(0),
        text: params.text("q")?.unwrap_or_default(),
        resolves: params.flag("resolve")?.unwrap_or(false),
        accounts: true,
        limit: limit(&params, 40, 80)?,
        ..Query::default()
    };
    let mut found = search::search(&town, Some(me), query).await?.accounts;
    // An address finds whom it names, followed or not.
    if only_followed {
        let ids: Vec<AccountId> = found.iter().map(|a| a.account.id).collect();
        let ties = town.db().read(move |c| blocks::relationships(c, me, &ids)).await?;
        found.retain(|a| ties.iter().any(|(id, tie)| *id == a.account.id && tie.following));
    }
    Ok(Json(Account::all(&found, town.urls())))
}

/// `GET /api/v1/accounts/relationships`: in the order asked, unknown ids left out.
pub async fn relationships(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<Vec<Relationship>>> {
    let mut ids: Vec<AccountId> = params.ids("id")?;
    ids.truncate(80);
    let found = town.db().read(move |c| blocks::relationships(c, me, &ids)).await?;
    Ok(Json(found.iter().map(|(id, tie)| Relationship::of(*id, tie)).collect()))
}
