//! Lists that only their owner sees: favourites, bookmarks, blocks, mutes. They are ordered by when something was added, so only the `Link`
//! header leads on. Sources: <https://docs.joinmastodon.org/methods/> favourites, bookmarks, blocks, mutes.

use axum::extract::State;
use axum::response::Response;
use parvis_domain::{Town, blocks, reactions};
use parvis_model::time::Moment;

use super::row_ends;
use crate::body::Params;
use crate::entities::account::MutedAccount;
use crate::entities::{Account, Status};
use crate::error::Result;
use crate::extract::{Here, Me};
use crate::page::{Links, range};

/// `GET /api/v1/favourites`.
pub async fn favourites(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 20, 40)?;
    let page = town.db().read(move |c| reactions::favourites(c, me, range)).await?;
    let urls = town.urls();
    let shown: Vec<Status> = page.iter().map(|(_, s)| Status::of(s, Some(me), urls)).collect();
    Ok(Links::new(urls, &here).page(&shown, row_ends(&page)))
}

/// `GET /api/v1/bookmarks`.
pub async fn bookmarks(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 20, 40)?;
    let page = town.db().read(move |c| reactions::bookmarks(c, me, range)).await?;
    let urls = town.urls();
    let shown: Vec<Status> = page.iter().map(|(_, s)| Status::of(s, Some(me), urls)).collect();
    Ok(Links::new(urls, &here).page(&shown, row_ends(&page)))
}

/// `GET /api/v1/blocks`.
pub async fn blocked(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town.db().read(move |c| blocks::blocked(c, me, range)).await?;
    let urls = town.urls();
    let shown: Vec<Account> = page.iter().map(|(_, a)| Account::of(a, urls)).collect();
    Ok(Links::new(urls, &here).page(&shown, row_ends(&page)))
}

/// `GET /api/v1/mutes`.
pub async fn muted(
    State(town): State<Town>,
    Me(me): Me,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 40, 80)?;
    let page = town.db().read(move |c| blocks::muted(c, me, range)).await?;
    let urls = town.urls();
    let shown: Vec<MutedAccount> = page
        .iter()
        .map(|(_, account, end)| MutedAccount {
            account: Account::of(account, urls),
            mute_expires_at: end.map(Moment::to_rfc3339),
        })
        .collect();
    let ends = page.first().zip(page.last()).map(|(first, last)| (first.0, last.0));
    Ok(Links::new(urls, &here).page(&shown, ends))
}
