//! Favourites and bookmarks. Rows are unique, so a second time changes nothing and counts cannot drift (threats R10).

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_store::policy::{self, Emoji};
use parvis_store::reactions::{self as rows, EmojiRow, Favourite};
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx};

use crate::access;
use crate::error::Result;
use crate::events::Record;
use crate::views::{self, AccountView, Place, StatusView};

/// Emojis of one post that are told, by server.
const EMOJIS: i64 = 100;

/// Favourites a post; returns the post (of a boost, the one behind it). `uri` is the Like's id when it came from elsewhere.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn favourite(tx: &mut Tx<'_>, who: AccountId, id: StatusId, uri: Option<&str>) -> Result<StatusId> {
    favourite_with(tx, who, id, uri, None)
}

/// The same with the emoji that it came with from elsewhere, which the caller has checked.
pub(crate) fn favourite_with(
    tx: &mut Tx<'_>,
    who: AccountId,
    id: StatusId,
    uri: Option<&str>,
    emoji: Option<String>,
) -> Result<StatusId> {
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
    let row = Favourite {
        account_id: who,
        status_id: status.id,
        id: order,
        uri: own_uri,
        created_at: tx.now(),
        emoji,
    };
    if rows::favourite(tx, &row)? {
        tx.record(Event::Favourited { status: status.id, by: who })?;
    }
    Ok(status.id)
}

/// An emoji with which a post was favourited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmojiCount {
    /// The emoji itself, or the short code of one of another server.
    pub name: String,
    /// How often.
    pub count: i64,
    /// The picture of the one with the short code.
    pub custom: Option<Emoji>,
}

/// The emojis with which a post was favourited, the most frequent first. The caller may see the post.
///
/// # Errors
/// Internal.
pub fn emojis_of(c: &mut Conn, post: StatusId) -> Result<Vec<EmojiCount>> {
    let rows = rows::emojis_of(c, post, EMOJIS)?;
    let code = |name: &str| Some(name.strip_prefix(':')?.strip_suffix(':')?.to_owned());
    let (codes, hosts): (Vec<String>, Vec<String>) =
        rows.iter().filter_map(|row| Some((code(&row.emoji)?, row.host.clone()))).unzip();
    let pictures = if codes.is_empty() { Vec::new() } else { policy::emojis(c, &codes, &hosts)? };
    let mut all: Vec<EmojiCount> = Vec::new();
    for EmojiRow { emoji: name, host, count } in rows {
        let custom = match code(&name) {
            Some(code) => match pictures.iter().find(|p| p.host == host && p.shortcode == code) {
                Some(picture) => Some(picture.clone()),
                None => continue,
            },
            None => None,
        };
        let name = custom.as_ref().map_or(name, |picture| picture.shortcode.clone());
        // The same emoji from several servers is one; short codes of two servers are two pictures.
        match all.iter_mut().find(|known| custom.is_none() && known.custom.is_none() && known.name == name) {
            Some(known) => known.count += count,
            None => all.push(EmojiCount { name, count, custom }),
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.count));
    Ok(all)
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
