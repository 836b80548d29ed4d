//! Finding people: the directory, recommendations, shared acquaintances, known servers. Sources: <https://docs.joinmastodon.org/methods/> directory,
//! suggestions, accounts (familiar followers), instance (peers).

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::discovery::{self, Order, Source, Suggestion};
use parvis_model::ids::AccountId;
use serde::Serialize;
use serde_json::Value;

use super::nothing;
use crate::body::Params;
use crate::entities::Account;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me, Viewer};
use crate::page::limit;

/// `GET /api/v1/directory`: `order` is `active` (default) or `new`; leafed through by `offset`, as in Mastodon.
pub async fn directory(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    params: Params,
) -> Result<Json<Vec<Account>>> {
    let order = match params.word("order")?.as_deref() {
        None | Some("active") => Order::Active,
        Some("new") => Order::New,
        Some(_) => return Err(ApiError::invalid("order is neither active nor new")),
    };
    let only_local = params.flag("local")?.unwrap_or(false);
    let offset = params.number("offset")?.unwrap_or(0).max(0);
    let limit = limit(&params, 40, 80)?;
    let found =
        town.db().read(move |c| discovery::directory(c, viewer, order, only_local, offset, limit)).await?;
    Ok(Json(Account::all(&found, town.urls())))
}

/// Mastodon's entity of a recommendation.
#[derive(Debug, Serialize)]
pub struct Suggested {
    /// The word of older versions.
    source: &'static str,
    sources: Vec<&'static str>,
    account: Account,
}

impl Suggested {
    fn of(one: &Suggestion, town: &Town) -> Self {
        let word = |source: &Source| match source {
            Source::Featured => "featured",
            Source::FriendsOfFriends => "friends_of_friends",
        };
        let source = if one.sources.contains(&Source::Featured) { "staff" } else { "past_interactions" };
        Self {
            source,
            sources: one.sources.iter().map(word).collect(),
            account: Account::of(&one.account, town.urls()),
        }
    }
}

async fn suggested(town: &Town, me: AccountId, params: &Params) -> Result<Vec<Suggestion>> {
    let limit = usize::try_from(limit(params, 40, 80)?).unwrap_or(40);
    Ok(town.db().read(move |c| discovery::suggestions(c, me, limit)).await?)
}

/// `GET /api/v2/suggestions`.
pub async fn suggestions(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<Vec<Suggested>>> {
    let found = suggested(&town, me, &params).await?;
    Ok(Json(found.iter().map(|one| Suggested::of(one, &town)).collect()))
}

/// `GET /api/v1/suggestions`: the accounts alone.
pub async fn suggestions_v1(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<Vec<Account>>> {
    let found = suggested(&town, me, &params).await?;
    Ok(Json(found.iter().map(|one| Account::of(&one.account, town.urls())).collect()))
}

/// `DELETE /api/v1/suggestions/:account_id`.
pub async fn dismiss(State(town): State<Town>, Me(me): Me, Id(id): Id<AccountId>) -> Result<Json<Value>> {
    town.db().write(move |tx| discovery::dismiss(tx, me, id)).await?;
    Ok(nothing())
}

/// Those of one's acquaintances who follow somebody.
#[derive(Debug, Serialize)]
pub struct FamiliarFollowers {
    id: AccountId,
    accounts: Vec<Account>,
}

/// `GET /api/v1/accounts/familiar_followers`: one entry per account that was asked for, in that order.
pub async fn familiar_followers(
    State(town): State<Town>,
    Me(me): Me,
    params: Params,
) -> Result<Json<Vec<FamiliarFollowers>>> {
    let mut ids: Vec<AccountId> = params.ids("id")?;
    ids.truncate(40);
    let found = town.db().read(move |c| discovery::familiar_followers(c, me, &ids)).await?;
    let shown = |(id, list): (AccountId, Vec<_>)| FamiliarFollowers {
        id,
        accounts: Account::all(&list, town.urls()),
    };
    Ok(Json(found.into_iter().map(shown).collect()))
}

/// `GET /api/v1/instance/peers`: servers of which an account is known.
pub async fn peers(State(town): State<Town>) -> Result<Json<Vec<String>>> {
    Ok(Json(town.db().read(discovery::hosts).await?))
}

/// `GET /api/v1/peers/search`: known servers whose name begins with `q`.
pub async fn find_peers(State(town): State<Town>, params: Params) -> Result<Json<Vec<String>>> {
    let text = params.text("q")?.unwrap_or_default();
    let limit = limit(&params, 10, 40)?;
    Ok(Json(town.db().read(move |c| discovery::hosts_beginning_with(c, &text, limit)).await?))
}
