//! Favourites and bookmarks. Rows are unique, so a second time changes nothing and counts cannot drift (threats R10).

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_store::reactions::{self as rows, Favourite};
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx};

use crate::access;
use crate::error::Result;
use crate::events::Record;
use crate::views::{self, AccountView, Place, StatusView};

/// Favourites a post; returns the post (of a boost, the one behind it). `uri` is the Like's id when it came from elsewhere.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn favourite(tx: &mut Tx<'_>, who: AccountId, id: StatusId, uri: Option<&str>) -> Result<StatusId> {
    let account = access::active_account(tx, who)?;
    let status = access::original(tx, who, id)?;
    let order = tx.new_id();
    // A new id each time: others remember the one that was undone.
    let own_uri = match uri {
        None if account.is_local() => {
            Some(tx.context()?.urls.activity(&account.username, &format!("likes/{order}")))
        }
        given => given.map(str::to_owned),
    };
    let row =
        Favourite { account_id: who, status_id: status.id, id: order, uri: own_uri, created_at: tx.now() };
    if rows::favourite(tx, &row)? {
        tx.record(Event::Favourited { status: status.id, by: who })?;
    }
    Ok(status.id)
}

/// Takes a favourite back. Not favourited is no error.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn unfavourite(tx: &mut Tx<'_>, who: AccountId, id: StatusId) -> Result<StatusId> {
    let status = access::reacted_to(tx, who, id, |c, post| Ok(rows::favourite_of(c, who, post)?.is_some()))?;
    if let Some(row) = rows::unfavourite(tx, who, status.id)? {
        tx.record(Event::FavouriteUndone { status: status.id, by: who, uri: row.uri })?;
    }
    Ok(status.id)
}

/// Whether somebody favourited a post.
///
/// # Errors
/// Internal.
pub fn is_favourited(c: &mut Conn, who: AccountId, post: StatusId) -> Result<bool> {
    Ok(rows::favourite_of(c, who, post)?.is_some())
}

/// Bookmarks a post, for oneself only.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn bookmark(tx: &mut Tx<'_>, who: AccountId, id: StatusId) -> Result<StatusId> {
    let status = access::original(tx, who, id)?;
    let order = tx.new_id();
    if rows::bookmark(tx, who, status.id, order)? {
        tx.record(Event::BookmarkChanged { status: status.id, by: who })?;
    }
    Ok(status.id)
}

/// Takes a bookmark off.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn unbookmark(tx: &mut Tx<'_>, who: AccountId, id: StatusId) -> Result<StatusId> {
    let status = access::reacted_to(tx, who, id, |c, post| Ok(rows::is_bookmarked(c, who, post)?))?;
    rows::unbookmark(tx, who, status.id)?;
    tx.record(Event::BookmarkChanged { status: status.id, by: who })?;
    Ok(status.id)
}

/// A page of one's favourites: (list id for paging, post).
///
/// # Errors
/// Internal.
pub fn favourites(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<(i64, StatusView)>> {
    let page = rows::favourited_by(c, owner, range)?;
    with_views(c, owner, page)
}

/// A page of one's bookmarks.
///
/// # Errors
/// Internal.
pub fn bookmarks(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<(i64, StatusView)>> {
    let page = rows::bookmarked_by(c, owner, range)?;
    with_views(c, owner, page)
}

fn with_views(c: &mut Conn, owner: AccountId, page: Vec<(i64, StatusId)>) -> Result<Vec<(i64, StatusView)>> {
    let ids: Vec<StatusId> = page.iter().map(|(_, s)| *s).collect();
    let shown = views::of_statuses(c, Some(owner), &ids, Place::Elsewhere)?;
    Ok(shown
        .into_iter()
        .filter_map(|v| page.iter().find(|(_, s)| *s == v.status.id).map(|(n, _)| (*n, v)))
        .collect())
}

/// Who favourited a post that the viewer may see.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn favourited_by(
    c: &mut Conn,
    viewer: access::Viewer,
    id: StatusId,
    range: Range,
) -> Result<Vec<(i64, AccountView)>> {
    let status = access::status(c, viewer, id)?;
    let post = access::shown_by(c, &status)?;
    let page = rows::who_favourited(c, post.id, range)?;
    crate::follows::with_accounts_for(c, viewer, post.account_id, page)
}

/// Who boosted a post that the viewer may see.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn boosted_by(
    c: &mut Conn,
    viewer: access::Viewer,
    id: StatusId,
    range: Range,
) -> Result<Vec<(i64, AccountView)>> {
    let status = access::status(c, viewer, id)?;
    let post = access::shown_by(c, &status)?;
    let page = rows::who_boosted(c, post.id, range)?;
    crate::follows::with_accounts_for(c, viewer, post.account_id, page)
}
