//! The keywords and the single posts of a filter.

use parvis_model::filter::{KEYWORD_MAX, KEYWORDS_MAX, STATUSES_MAX};
use parvis_model::ids::{AccountId, FilterId, FilterKeywordId, FilterStatusId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_store::filters::{self as rows, Filter, FilterKeyword, FilterStatus};
use parvis_store::{Conn, Tx};

use super::{CHANGED, KeywordChange, owned};
use crate::access;
use crate::error::{Error, OrNotFound, Result};

/// The keywords of a filter.
///
/// # Errors
/// [`Error::NotFound`].
pub fn keywords(c: &mut Conn, owner: AccountId, filter: FilterId) -> Result<Vec<FilterKeyword>> {
    owned(c, owner, filter)?;
    Ok(rows::keywords_of(c, &[filter])?)
}

/// A keyword of its owner.
///
/// # Errors
/// [`Error::NotFound`].
pub fn keyword(c: &mut Conn, owner: AccountId, id: FilterKeywordId) -> Result<FilterKeyword> {
    Ok(with_filter(c, owner, id)?.0)
}

pub(super) fn with_filter(
    c: &mut Conn,
    owner: AccountId,
    id: FilterKeywordId,
) -> Result<(FilterKeyword, Filter)> {
    rows::keyword(c, id)?.filter(|(_, filter)| filter.account_id == owner).or_not_found()
}

/// Adds a keyword.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::KeywordMissing`], [`Refusal::TextTooLong`], [`Refusal::TooManyKept`].
pub fn add_keyword(
    tx: &mut Tx<'_>,
    owner: AccountId,
    filter: FilterId,
    text: &str,
    is_whole_word: bool,
) -> Result<FilterKeyword> {
    owned(tx, owner, filter)?;
    if rows::count_keywords(tx, owner)? >= KEYWORDS_MAX {
        return Err(Refusal::TooManyKept.into());
    }
    let row = FilterKeyword {
        id: FilterKeywordId(tx.new_id()),
        filter_id: filter,
        keyword: checked(text)?,
        is_whole_word,
    };
    rows::insert_keyword(tx, &row)?;
    tx.notify(CHANGED, owner.0);
    Ok(row)
}

/// Changes a keyword.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::KeywordMissing`], [`Refusal::TextTooLong`].
pub fn change_keyword(
    tx: &mut Tx<'_>,
    owner: AccountId,
    id: FilterKeywordId,
    text: Option<&str>,
    is_whole_word: Option<bool>,
) -> Result<FilterKeyword> {
    let (mut row, _) = with_filter(tx, owner, id)?;
    if let Some(text) = text {
        row.keyword = checked(text)?;
    }
    row.is_whole_word = is_whole_word.unwrap_or(row.is_whole_word);
    rows::save_keyword(tx, &row)?;
    tx.notify(CHANGED, owner.0);
    Ok(row)
}

/// Removes a keyword; the filter stays.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove_keyword(tx: &mut Tx<'_>, owner: AccountId, id: FilterKeywordId) -> Result<()> {
    with_filter(tx, owner, id)?;
    rows::delete_keyword(tx, id)?;
    tx.notify(CHANGED, owner.0);
    Ok(())
}

/// Does what is wanted with the keywords of a filter, in order; [`KEYWORDS_MAX`] changes at most.
pub(super) fn change_keywords(
    tx: &mut Tx<'_>,
    owner: AccountId,
    filter: &Filter,
    changes: &[KeywordChange],
) -> Result<()> {
    if i64::try_from(changes.len()).map_or(true, |n| n > KEYWORDS_MAX) {
        return Err(Refusal::TooManyKept.into());
    }
    for change in changes {
        match change.id {
            Some(id) => {
                // A keyword of another filter, also of one's own, is none of this one.
                let (_, around) = with_filter(tx, owner, id)?;
                if around.id != filter.id {
                    return Err(Error::NotFound);
                }
                if change.removes {
                    rows::delete_keyword(tx, id)?;
                } else {
                    change_keyword(tx, owner, id, change.text.as_deref(), change.is_whole_word)?;
                }
            }
            None if change.removes => {}
            None => {
                let text = change.text.as_deref().unwrap_or_default();
                add_keyword(tx, owner, filter.id, text, change.is_whole_word.unwrap_or(true))?;
            }
        }
    }
    Ok(())
}

fn checked(text: &str) -> Result<String> {
    if text.chars().count() > KEYWORD_MAX {
        return Err(Error::field("keyword", Refusal::TextTooLong));
    }
    let text = text.replace('\0', "");
    if text.trim().is_empty() { Err(Error::field("keyword", Refusal::KeywordMissing)) } else { Ok(text) }
}

/// The single posts of a filter.
///
/// # Errors
/// [`Error::NotFound`].
pub fn statuses(c: &mut Conn, owner: AccountId, filter: FilterId) -> Result<Vec<FilterStatus>> {
    owned(c, owner, filter)?;
    Ok(rows::statuses_of(c, &[filter])?)
}

/// A single post of a filter.
///
/// # Errors
/// [`Error::NotFound`].
pub fn status(c: &mut Conn, owner: AccountId, id: FilterStatusId) -> Result<FilterStatus> {
    let (row, _) = rows::status(c, id)?.filter(|(_, filter)| filter.account_id == owner).or_not_found()?;
    Ok(row)
}

/// Adds a single post, which the owner must be able to see.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::AlreadyThere`], [`Refusal::TooManyKept`].
pub fn add_status(
    tx: &mut Tx<'_>,
    owner: AccountId,
    filter: FilterId,
    post: StatusId,
) -> Result<FilterStatus> {
    owned(tx, owner, filter)?;
    access::status(tx, Some(owner), post)?;
    if !rows::statuses_among(tx, &[filter], &[post])?.is_empty() {
        return Err(Error::field("status_id", Refusal::AlreadyThere));
    }
    if rows::count_statuses(tx, owner)? >= STATUSES_MAX {
        return Err(Refusal::TooManyKept.into());
    }
    let row = FilterStatus { id: FilterStatusId(tx.new_id()), filter_id: filter, status_id: post };
    rows::insert_status(tx, &row)?;
    tx.notify(CHANGED, owner.0);
    Ok(row)
}

/// Takes a single post out of its filter.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove_status(tx: &mut Tx<'_>, owner: AccountId, id: FilterStatusId) -> Result<FilterStatus> {
    let row = status(tx, owner, id)?;
    rows::delete_status(tx, id)?;
    tx.notify(CHANGED, owner.0);
    Ok(row)
}
