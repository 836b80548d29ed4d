//! Lists that only their owner sees: favourites, bookmarks, blocks, mutes. They are ordered by when something was added, so only the `Link`
//! header leads on. Sources: <https://docs.joinmastodon.org/methods/> favourites, bookmarks, blocks, mutes.

use axum::response::Response;
use parvis_domain::{Conn, blocks, reactions};
use parvis_model::time::Moment;

use crate::entities::Account;
use crate::entities::account::MutedAccount;
use crate::error::Result;
use crate::extract::Me;
use crate::listing::Listing;

/// `GET /api/v1/favourites`.
pub async fn favourites(Me(me): Me, list: Listing) -> Result<Response> {
    list.marked_posts((20, 40), me, move |c, range| reactions::favourites(c, me, range)).await
}

/// `GET /api/v1/bookmarks`.
pub async fn bookmarks(Me(me): Me, list: Listing) -> Result<Response> {
    list.marked_posts((20, 40), me, move |c, range| reactions::bookmarks(c, me, range)).await
}

/// `GET /api/v1/blocks`.
pub async fn blocked(Me(me): Me, list: Listing) -> Result<Response> {
    list.accounts((40, 80), move |c, range| blocks::blocked(c, me, range)).await
}

/// `GET /api/v1/mutes`.
pub async fn muted(Me(me): Me, list: Listing) -> Result<Response> {
    let read = move |c: &mut Conn, range| blocks::muted(c, me, range);
    list.page(
        (40, 80),
        read,
        |row| row.0,
        |(_, account, end), urls| MutedAccount {
            account: Account::of(account, urls),
            mute_expires_at: end.map(Moment::to_rfc3339),
        },
    )
    .await
}
