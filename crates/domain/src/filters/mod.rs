//! What people do not want to read: filters of keywords and of single posts. A filter hides nothing here: each post that somebody is shown says
//! which of their filters it matches ([`matching`]), and their client program does what the filter asks for, as with Mastodon.
//!
//! [`parts`] are a filter's keywords and posts, [`old`] is the view of clients made before Mastodon 4. Rows: `store::filters`.

pub mod matching;
pub mod old;
pub mod parts;
#[cfg(test)]
mod tests;

use parvis_model::filter::{Contexts, FILTERS_MAX, FilterAction, TITLE_MAX};
use parvis_model::ids::{AccountId, FilterId, FilterKeywordId};
use parvis_model::refusal::Refusal;
use parvis_model::time::{DAY, Moment, SECOND};
use parvis_store::filters::{self as rows, Filter, FilterKeyword, FilterStatus};
use parvis_store::{Conn, Tx};

use crate::error::{Error, OrNotFound, Result};

/// What subscribers hear when somebody's filters changed; the id is theirs.
pub const CHANGED: &str = "filters";
/// No filter ends later than in a hundred years.
const LONGEST: i64 = 36_525 * DAY;

/// A filter with its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterView {
    pub filter: Filter,
    pub keywords: Vec<FilterKeyword>,
    pub statuses: Vec<FilterStatus>,
}

/// What a filter is to be. `None` keeps what is, or the default.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub title: Option<String>,
    pub contexts: Option<Contexts>,
    pub action: Option<FilterAction>,
    /// In so many seconds from now; `Some(None)` is never.
    pub expires_in: Option<Option<i64>>,
    pub keywords: Vec<KeywordChange>,
}

/// A keyword to add, to change or to remove together with its filter.
#[derive(Clone, Debug, Default)]
pub struct KeywordChange {
    /// Which one; a new one when `None`.
    pub id: Option<FilterKeywordId>,
    pub text: Option<String>,
    pub is_whole_word: Option<bool>,
    pub removes: bool,
}

/// A filter of its owner; nobody else's is there.
///
/// # Errors
/// [`Error::NotFound`].
pub fn one(c: &mut Conn, owner: AccountId, id: FilterId) -> Result<FilterView> {
    let filter = owned(c, owner, id)?;
    views(c, vec![filter])?.pop().or_not_found()
}

/// Somebody's filters, all of them, also those that are over.
///
/// # Errors
/// Internal.
pub fn all(c: &mut Conn, owner: AccountId) -> Result<Vec<FilterView>> {
    let filters = rows::of_owner(c, owner, FILTERS_MAX)?;
    views(c, filters)
}

fn owned(c: &mut Conn, owner: AccountId, id: FilterId) -> Result<Filter> {
    rows::by_id(c, id)?.filter(|f| f.account_id == owner).or_not_found()
}

fn views(c: &mut Conn, filters: Vec<Filter>) -> Result<Vec<FilterView>> {
    let ids: Vec<FilterId> = filters.iter().map(|f| f.id).collect();
    let keywords = rows::keywords_of(c, &ids)?;
    let statuses = rows::statuses_of(c, &ids)?;
    let view = |filter: Filter| FilterView {
        keywords: keywords.iter().filter(|k| k.filter_id == filter.id).cloned().collect(),
        statuses: statuses.iter().filter(|s| s.filter_id == filter.id).cloned().collect(),
        filter,
    };
    Ok(filters.into_iter().map(view).collect())
}

/// Makes a filter.
///
/// # Errors
/// [`Refusal::TitleMissing`], [`Refusal::ContextMissing`], [`Refusal::TextTooLong`], [`Refusal::TooManyKept`], and those of keywords.
pub fn create(tx: &mut Tx<'_>, owner: AccountId, wanted: &Wanted) -> Result<FilterView> {
    if rows::count_of_owner(tx, owner)? >= FILTERS_MAX {
        return Err(Refusal::TooManyKept.into());
    }
    let now = tx.now();
    let filter = Filter {
        id: FilterId(tx.new_id()),
        account_id: owner,
        title: checked_title(wanted.title.as_deref().unwrap_or_default())?,
        contexts: wanted.contexts.ok_or_else(|| Error::field("context", Refusal::ContextMissing))?.code(),
        action: wanted.action.unwrap_or_default().code(),
        expires_at: wanted.expires_in.flatten().map(|seconds| ends_in(now, seconds)),
        created_at: now,
    };
    rows::insert(tx, &filter)?;
    parts::change_keywords(tx, owner, &filter, &wanted.keywords)?;
    tx.notify(CHANGED, owner.0);
    one(tx, owner, filter.id)
}

/// Changes a filter and, with it, its keywords: all of it, or nothing.
///
/// # Errors
/// [`Error::NotFound`], also for a keyword of another filter; as [`create`].
pub fn update(tx: &mut Tx<'_>, owner: AccountId, id: FilterId, wanted: &Wanted) -> Result<FilterView> {
    let before = owned(tx, owner, id)?;
    let filter = applied(before, wanted, tx.now())?;
    rows::save(tx, &filter)?;
    parts::change_keywords(tx, owner, &filter, &wanted.keywords)?;
    tx.notify(CHANGED, owner.0);
    one(tx, owner, id)
}

/// Removes a filter.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete(tx: &mut Tx<'_>, owner: AccountId, id: FilterId) -> Result<()> {
    owned(tx, owner, id)?;
    rows::delete(tx, id)?;
    tx.notify(CHANGED, owner.0);
    Ok(())
}

/// A filter as it is to be, its keywords aside.
fn applied(mut filter: Filter, wanted: &Wanted, now: Moment) -> Result<Filter> {
    if let Some(title) = &wanted.title {
        filter.title = checked_title(title)?;
    }
    filter.contexts = wanted.contexts.map_or(filter.contexts, Contexts::code);
    filter.action = wanted.action.map_or(filter.action, FilterAction::code);
    if let Some(expires_in) = wanted.expires_in {
        filter.expires_at = expires_in.map(|seconds| ends_in(now, seconds));
    }
    Ok(filter)
}

fn ends_in(now: Moment, seconds: i64) -> Moment {
    now.plus(seconds.max(0).saturating_mul(SECOND).min(LONGEST))
}

fn checked_title(title: &str) -> Result<String> {
    if title.chars().count() > TITLE_MAX {
        return Err(Error::field("title", Refusal::TextTooLong));
    }
    let title = parvis_text::sanitise::one_line(title, TITLE_MAX);
    if title.is_empty() { Err(Error::field("title", Refusal::TitleMissing)) } else { Ok(title) }
}
