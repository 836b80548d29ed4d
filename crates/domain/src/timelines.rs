//! Timelines: reading them, and writing the home timeline as posts come. Home is written in batches by a job for accounts active in the last
//! 30 days; authors with very many local followers are kept once in a list of their own and merged when read.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId, TagId, floor_at};
use parvis_model::tag::COMBINED_MAX;
use parvis_model::time::DAY;
use parvis_model::visibility::Visibility;
use parvis_store::statuses::Status;
use parvis_store::timelines::{self as rows, AccountFilter, Entry, Range, Scope, TagFilter};
use parvis_store::{
    Conn, Tx, accounts, aversions, follows, jobs, lists, reactions, status_parts, statuses, tags,
};

use crate::access::{self, Viewer};
use crate::error::Result;
use crate::news;
use crate::notifications;
use crate::views::{self, Place, StatusView};

/// The job that writes a post into home timelines; its payload is the post's id and where to go on: `[status, after]`.
pub const FAN_OUT: &str = "home.fan_out";
/// The job that fills a home timeline anew: `[account]`.
pub const REBUILD: &str = "home.rebuild";
/// Who was not here for so long has no written home timeline.
pub const ACTIVE_FOR: i64 = 30 * DAY;
/// An author with more local followers than this is written once, not into each home.
pub const BIG_AUTHOR: i64 = 2_000;
/// Followers written in one transaction.
const BATCH: i64 = 900;
/// Posts of a rebuilt home timeline.
const REBUILT: i64 = 400;
/// How often a page that lost posts to blocks and mutes is filled up.
const REFILLS: usize = 2;

/// Puts events on the way to the home timelines. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let now = tx.now();
    match event {
        Event::StatusPublished { id, author } => {
            let Some(status) = news::status(tx, *id)? else { return Ok(()) };
            if status.is_local {
                // Authors see their own post at once, whatever the queue.
                rows::add_home(tx, &[*author], *id, *author)?;
                tx.notify("home", id.0);
            }
            if status.visibility != Visibility::Direct.code() {
                jobs::enqueue(tx, FAN_OUT, &format!("[{id},0]"), Some(&format!("{FAN_OUT}/{id}/0")), now)?;
                tx.notify("jobs", 0);
            }
            Ok(())
        }
        Event::FollowAccepted { follower, followee, .. } => {
            if accounts::by_id(tx, *follower)?.is_some_and(|a| a.is_local()) {
                bring_home(tx, *follower, *followee)?;
            }
            Ok(())
        }
        Event::Unfollowed { follower, followee, .. } | Event::FollowRejected { follower, followee, .. } => {
            Ok(rows::remove_author(tx, *follower, *followee)?)
        }
        _ => Ok(()),
    }
}

/// Puts an account's latest posts into somebody's home timeline, unless they read them in an exclusive list.
///
/// # Errors
/// Internal.
pub(crate) fn bring_home(tx: &mut Tx<'_>, viewer: AccountId, author: AccountId) -> Result<()> {
    if !lists::exclusive_among(tx, &[viewer], author)?.is_empty() {
        return Ok(());
    }
    let filter = AccountFilter { narrowest: Visibility::Private.code(), ..AccountFilter::default() };
    let latest = rows::of_account(tx, author, filter, Range::newest(20))?;
    backfill(tx, viewer, latest)
}

/// Puts posts into somebody's home timeline, but for those that are said to somebody of whom they want to hear nothing.
fn backfill(tx: &mut Tx<'_>, viewer: AccountId, mut posts: Vec<Entry>) -> Result<()> {
    let ids: Vec<StatusId> = posts.iter().map(|e| e.status).collect();
    let averse = aversions::averse(tx, &[viewer], &ids)?;
    posts.retain(|e| e.author == viewer || !averse.contains(&(viewer, e.status)));
    Ok(rows::backfill_home(tx, viewer, &posts)?)
}

/// One batch of the fan-out of a post; returns where to go on, or `None` when all followers have it.
///
/// # Errors
/// Internal.
pub fn fan_out(tx: &mut Tx<'_>, id: StatusId, after: AccountId) -> Result<Option<AccountId>> {
    let Some(status) = statuses::by_id(tx, id)? else { return Ok(None) };
    let author = status.account_id;
    if after == AccountId(0) && is_big(tx, author)? {
        rows::add_big(tx, id, author)?;
        tx.notify("home", id.0);
        return Ok(None);
    }
    let since = tx.now().minus(ACTIVE_FOR);
    let batch = follows::active_local_followers(tx, author, since, after, BATCH)?;
    let shown: Vec<StatusId> = std::iter::once(id).chain(status.boost_of_id).collect();
    let mentioned: Vec<AccountId> =
        status_parts::mentions_of(tx, &shown)?.into_iter().map(|m| m.account_id).collect();
    let is_boost = status.boost_of_id.is_some();
    let reply_to = status.in_reply_to_account_id.filter(|a| *a != author);
    let wants = |row: &(AccountId, bool, bool, String)| {
        (!is_boost || row.1) && (row.3.is_empty() || speaks(&row.3, status.language.as_deref()))
    };
    let mut viewers: Vec<AccountId> = batch.iter().filter(|r| wants(r)).map(|r| r.0).collect();
    if let Some(other) = reply_to {
        // An answer to somebody shows to those who follow both, and to those it mentions.
        let also: Vec<AccountId> = follows::followers_among(tx, other, &viewers)?;
        viewers.retain(|v| *v == other || also.contains(v) || mentioned.contains(v));
    }
    if !mentioned.is_empty() {
        // What is said to somebody is not for those who want to hear nothing of them.
        let averse = aversions::averse(tx, &viewers, &[id])?;
        viewers.retain(|v| !averse.contains(&(*v, id)));
    }
    let apart = lists::exclusive_among(tx, &viewers, author)?;
    let at_home: Vec<AccountId> = viewers.iter().copied().filter(|v| !apart.contains(v)).collect();
    rows::add_home(tx, &at_home, id, author)?;
    for (viewer, _, notifies, _) in batch.iter().filter(|r| r.2) {
        if *notifies && !is_boost && viewers.contains(viewer) {
            notifications::tell_of_post(tx, *viewer, author, id)?;
        }
    }
    tx.notify("home", id.0);
    let is_full = i64::try_from(batch.len()).unwrap_or(0) == BATCH;
    Ok(if is_full { batch.last().map(|r| r.0) } else { None })
}

fn speaks(wanted: &str, language: Option<&str>) -> bool {
    let Some(language) = language else { return true };
    let primary = language.split('-').next().unwrap_or(language);
    wanted.split_whitespace().any(|w| w == language || w == primary)
}

fn is_big(tx: &mut Tx<'_>, author: AccountId) -> Result<bool> {
    if rows::is_big(tx, author)? {
        return Ok(true);
    }
    let is_big = follows::count_local_followers(tx, author)? > BIG_AUTHOR;
    if is_big {
        rows::make_big(tx, author)?;
    }
    Ok(is_big)
}

/// Fills a home timeline anew, when somebody comes back after a long time.
///
/// # Errors
/// Internal.
pub fn rebuild(tx: &mut Tx<'_>, viewer: AccountId) -> Result<()> {
    rows::clear_home(tx, viewer)?;
    let latest = rows::latest_of_followed(tx, viewer, REBUILT)?;
    backfill(tx, viewer, latest)?;
    let lately = StatusId(floor_at(tx.now().minus(ACTIVE_FOR)));
    let tagged = tags::latest_followed(tx, viewer, lately, REBUILT)?;
    backfill(tx, viewer, tagged)
}

/// The home timeline.
///
/// # Errors
/// Internal.
pub fn home(c: &mut Conn, viewer: AccountId, range: Range) -> Result<Vec<StatusView>> {
    filled(c, Some(viewer), Place::Timeline, range, |c, range| {
        Ok(merged(rows::home(c, viewer, range)?, range))
    })
}

/// Two ranges as one: each post once, newest first, cut at the limit on the side where the range ends.
fn merged(mut page: Vec<Entry>, range: Range) -> Vec<Entry> {
    page.sort_by_key(|e| std::cmp::Reverse(e.status));
    page.dedup_by_key(|e| e.status);
    let limit = usize::try_from(range.limit).unwrap_or(0);
    if page.len() > limit {
        if range.is_upwards() {
            page.drain(..page.len() - limit);
        } else {
            page.truncate(limit);
        }
    }
    page
}

/// Which of these viewers have a post in their home: for streaming.
///
/// # Errors
/// Internal.
pub fn who_has_home(c: &mut Conn, id: StatusId, viewers: &[AccountId]) -> Result<Vec<AccountId>> {
    Ok(rows::who_has_home(c, id, viewers)?)
}

/// Whether a post is for everybody, and no boost: it stands on the timelines of its hashtags.
#[must_use]
pub fn is_open(status: &Status) -> bool {
    status.visibility == Visibility::Public.code() && status.boost_of_id.is_none()
}

/// Whether a post stands on the public timelines too: answers to others do not. [`rows::public`] asks the same of the database.
#[must_use]
pub fn is_on_public(status: &Status) -> bool {
    let is_answer = status.in_reply_to_uri.is_some();
    is_open(status) && (!is_answer || status.in_reply_to_account_id == Some(status.account_id))
}

/// Public posts, without answers to others.
///
/// # Errors
/// Internal.
pub fn public(
    c: &mut Conn,
    viewer: Viewer,
    scope: Scope,
    only_media: bool,
    range: Range,
) -> Result<Vec<StatusView>> {
    filled(c, viewer, Place::Public, range, |c, range| Ok(rows::public(c, scope, only_media, range)?))
}

/// Which hashtags a post must have, by their names.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    /// One of these; the first is the timeline's own.
    pub any: Vec<String>,
    /// And each of these.
    pub all: Vec<String>,
    /// And none of these.
    pub none: Vec<String>,
}

/// Public posts with hashtags; an unknown one has none. One range of an index for each of the few in `any`, merged.
///
/// # Errors
/// Internal.
pub fn tagged(
    c: &mut Conn,
    viewer: Viewer,
    wanted: &Tags,
    scope: Scope,
    only_media: bool,
    range: Range,
) -> Result<Vec<StatusView>> {
    let first = |texts: &[String], most: usize| {
        texts.iter().take(most).map(|t| parvis_text::hashtag_name(t)).collect::<Vec<_>>()
    };
    let any = first(&wanted.any, COMBINED_MAX + 1);
    let (all, none) = (first(&wanted.all, COMBINED_MAX), first(&wanted.none, COMBINED_MAX));
    let names: Vec<String> = any.iter().chain(&all).chain(&none).flatten().cloned().collect();
    let known = status_parts::tags_by_name(c, &names)?;
    let id = |name: &Option<String>| known.iter().find(|t| Some(&t.name) == name.as_ref()).map(|t| t.id);
    // No post has a tag that nobody used.
    let Some(all) = all.iter().map(id).collect::<Option<Vec<TagId>>>() else { return Ok(Vec::new()) };
    let mut any: Vec<TagId> = any.iter().filter_map(id).collect();
    any.sort_unstable();
    any.dedup();
    let none: Vec<TagId> = none.iter().filter_map(id).collect();
    filled(c, viewer, Place::Public, range, |c, range| {
        let mut page = Vec::new();
        for tag in &any {
            let filter = TagFilter { tag: *tag, all: &all, none: &none, scope, only_media };
            page.extend(rows::tagged(c, filter, range)?);
        }
        Ok(merged(page, range))
    })
}

/// What of an account's posts.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub exclude_replies: bool,
    pub exclude_boosts: bool,
    pub only_media: bool,
    pub tag: Option<String>,
}

/// An account's posts, as far as the viewer may see them.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn of_account(
    c: &mut Conn,
    viewer: Viewer,
    account: AccountId,
    wanted: &Wanted,
    range: Range,
) -> Result<Vec<StatusView>> {
    access::account(c, account)?;
    let Some(narrowest) = access::narrowest_on_profile(c, viewer, account)? else { return Ok(Vec::new()) };
    let tag = match wanted.tag.as_deref().and_then(parvis_text::hashtag_name) {
        Some(name) => match status_parts::tags_by_name(c, &[name])?.pop() {
            Some(tag) => Some(tag.id),
            None => return Ok(Vec::new()),
        },
        None if wanted.tag.is_some() => return Ok(Vec::new()),
        None => None,
    };
    let filter = AccountFilter {
        narrowest: narrowest.code(),
        exclude_replies: wanted.exclude_replies,
        exclude_boosts: wanted.exclude_boosts,
        only_media: wanted.only_media,
        tag,
    };
    let page = rows::of_account(c, account, filter, range)?;
    let ids: Vec<StatusId> = page.iter().map(|e| e.status).collect();
    views::of_statuses(c, viewer, &ids, Place::Elsewhere)
}

/// An account's pinned posts, the last pinned first.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn pinned(c: &mut Conn, viewer: Viewer, account: AccountId) -> Result<Vec<StatusView>> {
    access::account(c, account)?;
    let ids = reactions::pinned(c, account)?;
    views::of_statuses(c, viewer, &ids, Place::Elsewhere)
}

/// Loads a page and, while blocks and mutes made it short, more of it; at most [`REFILLS`] times.
pub(crate) fn filled(
    c: &mut Conn,
    viewer: Viewer,
    place: Place,
    range: Range,
    load: impl Fn(&mut Conn, Range) -> Result<Vec<Entry>>,
) -> Result<Vec<StatusView>> {
    let mut shown: Vec<StatusView> = Vec::new();
    let limit = usize::try_from(range.limit).unwrap_or(0);
    let mut at = range;
    for _ in 0..=REFILLS {
        let page = load(c, at)?;
        let (first, last) = (page.first().copied(), page.last().copied());
        let ids: Vec<StatusId> = page.iter().map(|e| e.status).collect();
        let views = views::of_statuses(c, viewer, &ids, place)?;
        let is_short_page = i64::try_from(page.len()).unwrap_or(0) < range.limit;
        // Each round asks for a whole page again: where many are muted, asking for the rest only would find little.
        if range.is_upwards() {
            let missing = limit.saturating_sub(shown.len());
            shown.splice(0..0, views.into_iter().rev().take(missing).collect::<Vec<_>>().into_iter().rev());
            at.min = first.map(|e| e.status.0).or(at.min);
        } else {
            shown.extend(views);
            shown.truncate(limit);
            at.max = last.map(|e| e.status.0).or(at.max);
        }
        if is_short_page || shown.len() >= limit {
            break;
        }
    }
    Ok(shown)
}

#[cfg(test)]
#[path = "timelines_tests.rs"]
mod tests;
