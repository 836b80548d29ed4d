//! Filters as clients made before Mastodon 4 know them: one keyword each. What they change of a filter changes it for all its keywords, so they
//! may only where there is no other. Source: <https://docs.joinmastodon.org/methods/filters/#v1>.

use parvis_model::ids::{AccountId, FilterKeywordId};
use parvis_model::refusal::Refusal;
use parvis_store::filters::{self as rows, Filter, FilterKeyword};
use parvis_store::{Conn, Tx};

use super::{CHANGED, KeywordChange, Wanted, applied, parts};
use crate::error::Result;

/// A keyword with the filter around it.
pub type OldFilter = (FilterKeyword, Filter);

/// Somebody's keywords.
///
/// # Errors
/// Internal.
pub fn all(c: &mut Conn, owner: AccountId) -> Result<Vec<OldFilter>> {
    let filters = super::all(c, owner)?;
    let mut found: Vec<OldFilter> = filters
        .into_iter()
        .flat_map(|view| {
            let filter = view.filter;
            view.keywords.into_iter().map(move |keyword| (keyword, filter.clone()))
        })
        .collect();
    found.sort_by_key(|(keyword, _)| keyword.id);
    Ok(found)
}

/// One keyword.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn one(c: &mut Conn, owner: AccountId, id: FilterKeywordId) -> Result<OldFilter> {
    parts::with_filter(c, owner, id)
}

/// Makes a filter with one keyword, called like it.
///
/// # Errors
/// As [`super::create`].
pub fn create(
    tx: &mut Tx<'_>,
    owner: AccountId,
    phrase: &str,
    is_whole_word: bool,
    wanted: &Wanted,
) -> Result<OldFilter> {
    let keyword = KeywordChange {
        text: Some(phrase.to_owned()),
        is_whole_word: Some(is_whole_word),
        ..KeywordChange::default()
    };
    let wanted = Wanted { title: Some(title_of(phrase)), keywords: vec![keyword], ..wanted.clone() };
    let made = super::create(tx, owner, &wanted)?;
    let keyword = made.keywords.into_iter().next().ok_or(Refusal::KeywordMissing)?;
    Ok((keyword, made.filter))
}

/// Changes a keyword, and its filter if it is the only one there.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`Refusal::FilterShared`]; as [`super::update`].
pub fn update(
    tx: &mut Tx<'_>,
    owner: AccountId,
    id: FilterKeywordId,
    phrase: Option<&str>,
    is_whole_word: Option<bool>,
    wanted: &Wanted,
) -> Result<OldFilter> {
    let (_, before) = one(tx, owner, id)?;
    let keyword = parts::change_keyword(tx, owner, id, phrase, is_whole_word)?;
    let mut filter = applied(before.clone(), wanted, tx.now())?;
    let is_only = rows::keywords_of(tx, &[before.id])?.len() == 1;
    if !is_only && filter != before {
        return Err(Refusal::FilterShared.into());
    }
    if let Some(phrase) = phrase.filter(|_| is_only) {
        filter.title = title_of(phrase);
    }
    rows::save(tx, &filter)?;
    tx.notify(CHANGED, owner.0);
    Ok((keyword, filter))
}

/// Removes a keyword, and its filter with the last one.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn delete(tx: &mut Tx<'_>, owner: AccountId, id: FilterKeywordId) -> Result<()> {
    let (_, filter) = one(tx, owner, id)?;
    rows::delete_keyword(tx, id)?;
    if rows::keywords_of(tx, &[filter.id])?.is_empty() {
        rows::delete(tx, filter.id)?;
    }
    tx.notify(CHANGED, owner.0);
    Ok(())
}

/// A phrase is longer than a title may be.
fn title_of(phrase: &str) -> String {
    parvis_text::sanitise::one_line(phrase, parvis_model::filter::TITLE_MAX)
}
