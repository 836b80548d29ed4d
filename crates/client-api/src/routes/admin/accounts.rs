//! Looking for accounts, letting people in or not. Sources: <https://docs.joinmastodon.org/methods/admin/accounts/>.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::moderation::{AccountFilter, State as Is, roster};
use parvis_domain::sign_in::approval;
use parvis_domain::{Town, views};
use parvis_model::account::Role as RoleName;
use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;

use crate::body::Params;
use crate::entities::admin::AdminAccount;
use crate::entities::role::Role;
use crate::error::{ApiError, Result};
use crate::extract::{Here, Id, Me};
use crate::page::{Links, range};

/// The account after what was done to it.
pub(super) async fn shown(town: &Town, me: AccountId, id: AccountId) -> Result<Json<AdminAccount>> {
    let found = town.db().read(move |c| roster::one(c, me, id)).await?;
    Ok(Json(AdminAccount::of(&found, town.urls())))
}

/// `GET /api/v1/admin/accounts/:id`.
pub async fn show(State(town): State<Town>, Me(me): Me, Id(id): Id<AccountId>) -> Result<Json<AdminAccount>> {
    shown(&town, me, id).await
}

/// `GET /api/v1/admin/accounts`: states are switches.
pub async fn list_v1(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let is = |name: &str| Ok::<_, ApiError>(params.flag(name)?.unwrap_or(false));
    let mut filter = names(&params)?;
    if is("local")? {
        filter.is_local = Some(true);
    } else if is("remote")? {
        filter.is_local = Some(false);
    }
    for (name, state) in [
        ("active", Is::Active),
        ("pending", Is::Pending),
        ("disabled", Is::Disabled),
        ("sensitized", Is::Sensitized),
        ("silenced", Is::Silenced),
        ("suspended", Is::Suspended),
    ] {
        if is(name)? {
            filter.states.push(state);
        }
    }
    if is("staff")? {
        filter.roles = staff_roles();
    }
    page(&town, me, &here, &params, filter).await
}

/// `GET /api/v2/admin/accounts`: states are words.
pub async fn list_v2(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let mut filter = names(&params)?;
    filter.is_local = match params.word("origin")?.as_deref() {
        Some("local") => Some(true),
        Some("remote") => Some(false),
        None => None,
        Some(_) => return Err(ApiError::invalid("origin is neither local nor remote")),
    };
    if let Some(word) = params.word("status")? {
        filter.states.push(match word.as_str() {
            "active" => Is::Active,
            "pending" => Is::Pending,
            "disabled" => Is::Disabled,
            "sensitized" => Is::Sensitized,
            "silenced" => Is::Silenced,
            "suspended" => Is::Suspended,
            _ => return Err(ApiError::invalid("status is not known")),
        });
    }
    match params.word("permissions")?.as_deref() {
        Some("staff") => filter.roles = staff_roles(),
        None => {}
        Some(_) => return Err(ApiError::invalid("permissions is not known")),
    }
    let ids = params.list("role_ids")?;
    if !ids.is_empty() {
        filter.roles = ids.iter().filter_map(|id| Role::by_id(id)).map(|r| r.as_str().to_owned()).collect();
        if filter.roles.is_empty() {
            return empty(&town, &here);
        }
    }
    // Nobody is invited here.
    if params.word("invited_by")?.is_some() {
        return empty(&town, &here);
    }
    page(&town, me, &here, &params, filter).await
}

fn staff_roles() -> Vec<String> {
    [RoleName::Moderator, RoleName::Admin].map(|r| r.as_str().to_owned()).to_vec()
}

fn names(params: &Params) -> Result<AccountFilter> {
    let email = params.word("email")?.map(|text| views::email_key(&text));
    let display_name = params.word("display_name")?.map(|text| roster::name_words(&text)).unwrap_or_default();
    let host = params.word("by_domain")?.map(|h| h.to_lowercase());
    Ok(AccountFilter {
        username: params.word("username")?.map(|u| u.trim_start_matches('@').to_lowercase()),
        display_name,
        host,
        email,
        ..AccountFilter::default()
    })
}

fn empty(town: &Town, here: &http::Uri) -> Result<Response> {
    Ok(Links::new(town.urls(), here).page::<()>(&[], None))
}

async fn page(
    town: &Town,
    me: AccountId,
    here: &http::Uri,
    params: &Params,
    filter: AccountFilter,
) -> Result<Response> {
    // Addresses of the network are not kept: nobody is found by one.
    if params.word("ip")?.is_some() {
        return empty(town, here);
    }
    let range = range(params, 100, 200)?;
    let found = town.db().read(move |c| roster::page(c, me, &filter, range)).await?;
    let ends = found.first().zip(found.last()).map(|(a, b)| (a.view.account.id.0, b.view.account.id.0));
    Ok(Links::new(town.urls(), here).page(&AdminAccount::all(&found, town.urls()), ends))
}

/// `POST /api/v1/admin/accounts/:id/approve`.
pub async fn approve(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<AdminAccount>> {
    approval::approve(&town, me, id).await?;
    shown(&town, me, id).await
}

/// `POST /api/v1/admin/accounts/:id/reject`: the answer is what was deleted.
pub async fn reject(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<AdminAccount>> {
    town.db().read(move |c| parvis_domain::staff::require(c, me, Permission::ManageUsers)).await?;
    let before = shown(&town, me, id).await?;
    approval::reject(&town, me, id).await?;
    Ok(before)
}
