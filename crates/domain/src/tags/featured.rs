//! Hashtags that people show on their profile.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, FeaturedTagId, StatusId, TagId, floor_at};
use parvis_model::refusal::Refusal;
use parvis_model::tag::{FEATURED_MAX, SUGGESTED_MAX};
use parvis_model::time::{DAY, Moment};
use parvis_store::status_parts::Tag;
use parvis_store::tags::{self as rows, Featured};
use parvis_store::{Conn, Tx};

use super::{TagView, found, made, named, views};
use crate::access;
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;

/// Posts of this time are looked at for suggestions.
const LATELY: i64 = 180 * DAY;

/// A tag on a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeaturedView {
    pub id: FeaturedTagId,
    pub tag: Tag,
    /// Posts for everybody.
    pub statuses: i64,
    pub last_at: Option<Moment>,
}

/// The tags that an account shows.
///
/// # Errors
/// [`Error::NotFound`].
pub fn of_account(c: &mut Conn, account: AccountId) -> Result<Vec<FeaturedView>> {
    access::account(c, account)?;
    let shown = rows::featured_of(c, account, FEATURED_MAX)?;
    with_uses(c, account, shown)
}

fn with_uses(
    c: &mut Conn,
    account: AccountId,
    shown: Vec<(FeaturedTagId, Tag)>,
) -> Result<Vec<FeaturedView>> {
    let ids: Vec<TagId> = shown.iter().map(|(_, tag)| tag.id).collect();
    let uses = rows::uses_by(c, account, &ids)?;
    Ok(shown
        .into_iter()
        .map(|(id, tag)| {
            let used = uses.iter().find(|u| u.tag_id == tag.id.0);
            FeaturedView {
                id,
                statuses: used.map_or(0, |u| u.statuses),
                last_at: used.and_then(|u| u.last_at).map(Moment),
                tag,
            }
        })
        .collect())
}

/// Shows a tag on one's profile.
///
/// # Errors
/// [`Refusal::HashtagShape`], [`Refusal::AlreadyThere`], [`Refusal::TooManyKept`].
pub fn add(tx: &mut Tx<'_>, owner: AccountId, name: &str) -> Result<FeaturedView> {
    let tag = made(tx, name).map_err(|error| match error {
        Error::NotFound => Error::field("name", Refusal::HashtagShape),
        other => other,
    })?;
    let id = show(tx, owner, tag.id)?.ok_or_else(|| Error::field("name", Refusal::AlreadyThere))?;
    with_uses(tx, owner, vec![(id, tag)])?.pop().or_not_found()
}

/// Takes a tag off one's profile, by the row's id.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: FeaturedTagId) -> Result<()> {
    let row = rows::featured_by_id(tx, id)?.filter(|r| r.account_id == owner).or_not_found()?;
    hide(tx, owner, row.tag_id)
}

/// Shows a tag, by its name. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for what cannot be a tag; [`Refusal::TooManyKept`].
pub fn feature(tx: &mut Tx<'_>, owner: AccountId, name: &str) -> Result<TagView> {
    let tag = made(tx, name)?;
    show(tx, owner, tag.id)?;
    named(tx, Some(owner), name)
}

/// Takes a tag off one's profile, by its name. Not shown is no error.
///
/// # Errors
/// [`Error::NotFound`] for what cannot be a tag.
pub fn unfeature(tx: &mut Tx<'_>, owner: AccountId, name: &str) -> Result<TagView> {
    let tag = found(tx, name)?;
    hide(tx, owner, tag.id)?;
    named(tx, Some(owner), name)
}

/// Writes the row; `None` when it is there.
fn show(tx: &mut Tx<'_>, owner: AccountId, tag: TagId) -> Result<Option<FeaturedTagId>> {
    let shown = rows::featured_of(tx, owner, FEATURED_MAX)?;
    if shown.iter().any(|(_, t)| t.id == tag) {
        return Ok(None);
    }
    if i64::try_from(shown.len()).map_or(true, |n| n >= FEATURED_MAX) {
        return Err(Refusal::TooManyKept.into());
    }
    let id = FeaturedTagId(tx.new_id());
    if !rows::feature(tx, Featured { id, account_id: owner, tag_id: tag })? {
        return Ok(None);
    }
    tx.record(Event::ProfileChanged { account: owner })?;
    Ok(Some(id))
}

/// Removes the row, if it is there.
fn hide(tx: &mut Tx<'_>, owner: AccountId, tag: TagId) -> Result<()> {
    if rows::unfeature(tx, owner, tag)? {
        tx.record(Event::ProfileChanged { account: owner })?;
    }
    Ok(())
}

/// Tags that somebody used most lately and does not show yet.
///
/// # Errors
/// Internal.
pub fn suggestions(c: &mut Conn, owner: AccountId) -> Result<Vec<TagView>> {
    let since = StatusId(floor_at(c.now().minus(LATELY)));
    let ids = rows::most_used_by(c, owner, since, SUGGESTED_MAX)?;
    let known = rows::by_ids(c, &ids)?;
    let tags = ids.iter().filter_map(|id| known.iter().find(|t| t.id == *id).cloned()).collect();
    views(c, Some(owner), tags)
}
