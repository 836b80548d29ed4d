//! Looking at an account: its profile, its posts, whom it follows and who follows it.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use parvis_domain::timelines::{self, Wanted};
use parvis_domain::views::{self, AccountView};
use parvis_domain::{Conn, Error, Town, access, accounts, follows};
use parvis_model::ids::AccountId;

use crate::body::Params;
use crate::entities::{Account, Status};
use crate::error::Result;
use crate::extract::{Here, Id, Viewer};
use crate::page::{Links, range};
use crate::routes::{ends, row_ends};

/// An account that can be shown: neither waiting for its owner's confirmation, nor gone, nor of a blocked server.
fn shown(c: &mut Conn, id: AccountId) -> parvis_domain::Result<AccountView> {
    accounts::find::by_id(c, id)?;
    let row = access::account(c, id)?;
    views::of_account(c, &row)
}

/// `GET /api/v1/accounts/:id`.
pub async fn show(State(town): State<Town>, Id(id): Id<AccountId>) -> Result<Json<Account>> {
    let view = town.db().read(move |c| shown(c, id)).await?;
    Ok(Json(Account::of(&view, town.urls())))
}

/// `GET /api/v1/accounts?id[]=`: those that can be shown.
pub async fn many(State(town): State<Town>, params: Params) -> Result<Json<Vec<Account>>> {
    let mut ids: Vec<AccountId> = params.ids("id")?;
    ids.truncate(40);
    let views = town
        .db()
        .read(move |c| {
            let mut found = Vec::new();
            for id in ids {
                match shown(c, id) {
                    Ok(view) => found.push(view),
                    Err(Error::NotFound) => {}
                    Err(other) => return Err(other),
                }
            }
            Ok(found)
        })
        .await?;
    Ok(Json(Account::all(&views, town.urls())))
}

/// `GET /api/v1/accounts/:id/statuses`.
pub async fn statuses(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<AccountId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let flag = |name: &str| Ok::<_, crate::error::ApiError>(params.flag(name)?.unwrap_or(false));
    let range = range(&params, 20, 40)?;
    let wanted = Wanted {
        exclude_replies: flag("exclude_replies")?,
        exclude_boosts: flag("exclude_reblogs")?,
        only_media: flag("only_media")?,
        tag: params.word("tagged")?,
    };
    let is_pinned = flag("pinned")?;
    let page = town
        .db()
        .read(move |c| {
            accounts::find::by_id(c, id)?;
            if is_pinned {
                timelines::pinned(c, viewer, id)
            } else {
                timelines::of_account(c, viewer, id, &wanted, range)
            }
        })
        .await?;
    let urls = town.urls();
    // Pinned posts are one page, in the order of their pins.
    let ends = if is_pinned { None } else { ends(&page) };
    Ok(Links::new(urls, &here).page(&Status::all(&page, viewer, urls), ends))
}

/// `GET /api/v1/accounts/:id/followers`.
pub async fn followers(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<AccountId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town
        .db()
        .read(move |c| {
            accounts::find::by_id(c, id)?;
            follows::followers(c, viewer, id, range)
        })
        .await?;
    let urls = town.urls();
    let shown: Vec<Account> = page.iter().map(|(_, a)| Account::of(a, urls)).collect();
    Ok(Links::new(urls, &here).page(&shown, row_ends(&page)))
}

/// `GET /api/v1/accounts/:id/following`.
pub async fn following(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<AccountId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town
        .db()
        .read(move |c| {
            accounts::find::by_id(c, id)?;
            follows::following(c, viewer, id, range)
        })
        .await?;
    let urls = town.urls();
    let shown: Vec<Account> = page.iter().map(|(_, a)| Account::of(a, urls)).collect();
    Ok(Links::new(urls, &here).page(&shown, row_ends(&page)))
}
