//! Following hashtags: public posts with them come to the home timeline, whoever wrote them.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId, TagId};
use parvis_model::refusal::Refusal;
use parvis_model::tag::FOLLOWED_MAX;
use parvis_model::visibility::Visibility;
use parvis_store::statuses::Status;
use parvis_store::tags as rows;
use parvis_store::timelines::{self as home_rows, Range};
use parvis_store::{Conn, Tx, accounts, aversions, jobs, lists, statuses};

use super::{TagView, found, made, named, views};
use crate::error::Result;
use crate::news;
use crate::policy;
use crate::timelines;

/// The job that writes a post into the home timelines of those who follow its tags: `[status, after]`.
pub const FAN_OUT: &str = "tags.fan_out";
/// Followers written in one transaction.
const BATCH: i64 = 900;

/// Follows a tag. Doing it twice changes nothing.
///
/// # Errors
/// [`crate::Error::NotFound`] for what cannot be a tag; [`Refusal::TooManyKept`].
pub fn follow(tx: &mut Tx<'_>, who: AccountId, name: &str) -> Result<TagView> {
    let tag = made(tx, name)?;
    if rows::count_followed(tx, who)? >= FOLLOWED_MAX && rows::followed_among(tx, who, &[tag.id])?.is_empty()
    {
        return Err(Refusal::TooManyKept.into());
    }
    let id = tx.new_id();
    rows::follow(tx, who, tag.id, id)?;
    named(tx, Some(who), name)
}

/// Follows a tag no longer; what came home only because of it goes. Not following is no error.
///
/// # Errors
/// [`crate::Error::NotFound`] for what cannot be a tag.
pub fn unfollow(tx: &mut Tx<'_>, who: AccountId, name: &str) -> Result<TagView> {
    let tag = found(tx, name)?;
    if rows::unfollow(tx, who, tag.id)? {
        rows::remove_from_home(tx, who, tag.id)?;
    }
    named(tx, Some(who), name)
}

/// The tags that somebody follows, the last followed first.
///
/// # Errors
/// Internal.
pub fn followed(c: &mut Conn, who: AccountId, range: Range) -> Result<Vec<(i64, TagView)>> {
    let page = rows::followed(c, who, range)?;
    let (ids, tags): (Vec<i64>, Vec<_>) = page.into_iter().unzip();
    Ok(ids.into_iter().zip(views(c, Some(who), tags)?).collect())
}

/// Puts public posts on the way to those who follow their tags. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let Event::StatusPublished { id, .. } = event else { return Ok(()) };
    let Some(status) = news::status(tx, *id)? else { return Ok(()) };
    let tags = tags_of(tx, &status)?;
    if !tags.is_empty() && rows::has_follower(tx, &tags)? {
        let now = tx.now();
        jobs::enqueue(tx, FAN_OUT, &format!("[{id},0]"), Some(&format!("{FAN_OUT}/{id}/0")), now)?;
        tx.notify("jobs", 0);
    }
    Ok(())
}

/// One batch of the fan-out of a post; returns where to go on, or `None` when all have it.
///
/// # Errors
/// Internal.
pub fn fan_out(tx: &mut Tx<'_>, id: StatusId, after: AccountId) -> Result<Option<AccountId>> {
    let Some(status) = statuses::by_id(tx, id)? else { return Ok(None) };
    let author = status.account_id;
    let tags = tags_of(tx, &status)?;
    if tags.is_empty() || is_silenced(tx, author)? {
        return Ok(None);
    }
    let since = tx.now().minus(timelines::ACTIVE_FOR);
    let batch = rows::active_followers(tx, &tags, since, after, BATCH)?;
    // Whom somebody reads in an exclusive list, they do not read at home.
    let apart = lists::exclusive_among(tx, &batch, author)?;
    let averse = aversions::averse(tx, &batch, &[id])?;
    let reads = |v: &AccountId| !apart.contains(v) && !averse.contains(&(*v, id));
    let viewers: Vec<AccountId> = batch.iter().copied().filter(reads).collect();
    if !viewers.is_empty() {
        home_rows::add_home(tx, &viewers, id, author)?;
        tx.notify("home", id.0);
    }
    let is_full = i64::try_from(batch.len()).unwrap_or(0) == BATCH;
    Ok(if is_full { batch.last().copied() } else { None })
}

/// The tags for which a post is brought home: of public posts, not of boosts.
fn tags_of(tx: &mut Tx<'_>, status: &Status) -> Result<Vec<TagId>> {
    if status.visibility != Visibility::Public.code() || status.boost_of_id.is_some() {
        return Ok(Vec::new());
    }
    Ok(news::tags(tx, status.id)?.iter().map(|tag| tag.id).collect())
}

fn is_silenced(tx: &mut Tx<'_>, author: AccountId) -> Result<bool> {
    let Some(account) = accounts::by_id(tx, author)? else { return Ok(true) };
    let (suspended, silenced) = policy::barred(tx, &std::iter::once(account.host.clone()).collect())?;
    Ok(suspended.contains(&account.host) || silenced.contains(&account.host))
}
