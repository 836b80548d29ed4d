//! Looking at an account: its profile, its posts, whom it follows and who follows it.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use parvis_domain::timelines::{self, Wanted};
use parvis_domain::views::{self, AccountView};
use parvis_domain::{Conn, Error, Town, access, accounts, follows};
use parvis_model::ids::AccountId;

use crate::body::Params;
use crate::entities::{Account, Status};
use crate::error::{ApiError, Result};
use crate::extract::{Id, Viewer};
use crate::listing::Listing;

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
pub async fn statuses(Viewer(viewer): Viewer, Id(id): Id<AccountId>, list: Listing) -> Result<Response> {
    let flag = |name: &str| Ok::<_, ApiError>(list.params.flag(name)?.unwrap_or(false));
    if flag("pinned")? {
        return pinned(&list, viewer, id).await;
    }
    let wanted = Wanted {
        exclude_replies: flag("exclude_replies")?,
        exclude_boosts: flag("exclude_reblogs")?,
        only_media: flag("only_media")?,
        tag: list.params.word("tagged")?,
    };
    let read = move |c: &mut Conn, range| {
        accounts::find::by_id(c, id)?;
        timelines::of_account(c, viewer, id, &wanted, range)
    };
    list.posts((20, 40), viewer, read).await
}

/// Pinned posts are one page, in the order of their pins.
async fn pinned(list: &Listing, viewer: access::Viewer, id: AccountId) -> Result<Response> {
    let town = list.town();
    let page = town
        .db()
        .read(move |c| {
            accounts::find::by_id(c, id)?;
            timelines::pinned(c, viewer, id)
        })
        .await?;
    Ok(Json(Status::all(&page, viewer, town.urls())).into_response())
}

/// `GET /api/v1/accounts/:id/followers`.
pub async fn followers(Viewer(viewer): Viewer, Id(id): Id<AccountId>, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| {
        accounts::find::by_id(c, id)?;
        follows::followers(c, viewer, id, range)
    };
    list.accounts((40, 80), read).await
}

/// `GET /api/v1/accounts/:id/following`.
pub async fn following(Viewer(viewer): Viewer, Id(id): Id<AccountId>, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| {
        accounts::find::by_id(c, id)?;
        follows::following(c, viewer, id, range)
    };
    list.accounts((40, 80), read).await
}
