//! Lists of accounts that people read apart from the rest. [`members`] says who is in them, [`feed`] writes and reads their timelines.
//! Rows: `store::lists`; limits: `model::list`.

pub mod feed;
pub mod members;
#[cfg(test)]
mod tests;

use parvis_model::ids::{AccountId, ListId};
use parvis_model::list::{LISTS_MAX, RepliesPolicy, TITLE_MAX};
use parvis_model::refusal::Refusal;
use parvis_store::lists::{self as rows, List};
use parvis_store::{Conn, Tx};

use crate::access;
use crate::error::{Error, OrNotFound, Result};

/// What a list is to be. `None` keeps what is, or the default.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub title: Option<String>,
    pub replies: Option<RepliesPolicy>,
    pub is_exclusive: Option<bool>,
}

/// A list of its owner; nobody else's is there.
///
/// # Errors
/// [`Error::NotFound`].
pub fn one(c: &mut Conn, owner: AccountId, id: ListId) -> Result<List> {
    rows::by_id(c, id)?.filter(|l| l.account_id == owner).or_not_found()
}

/// Somebody's lists, all of them.
///
/// # Errors
/// Internal.
pub fn all(c: &mut Conn, owner: AccountId) -> Result<Vec<List>> {
    Ok(rows::of_owner(c, owner, LISTS_MAX)?)
}

/// Somebody's lists in which an account is.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub fn with_account(c: &mut Conn, owner: AccountId, account: AccountId) -> Result<Vec<List>> {
    access::account(c, account)?;
    Ok(rows::of_owner_with(c, owner, account)?)
}

/// Makes a list.
///
/// # Errors
/// [`Refusal::TitleMissing`], [`Refusal::TextTooLong`], [`Refusal::TooManyKept`].
pub fn create(tx: &mut Tx<'_>, owner: AccountId, wanted: &Wanted) -> Result<List> {
    let title = checked_title(wanted.title.as_deref().unwrap_or_default())?;
    if rows::count_of_owner(tx, owner)? >= LISTS_MAX {
        return Err(Refusal::TooManyKept.into());
    }
    let list = List {
        id: ListId(tx.new_id()),
        account_id: owner,
        title,
        replies_policy: wanted.replies.unwrap_or_default().code(),
        is_exclusive: wanted.is_exclusive.unwrap_or(false),
        created_at: tx.now(),
    };
    rows::insert(tx, &list)?;
    Ok(list)
}

/// Changes a list. Its timeline follows another policy from the start, the home timeline another exclusiveness.
///
/// # Errors
/// [`Error::NotFound`]; as [`create`].
pub fn update(tx: &mut Tx<'_>, owner: AccountId, id: ListId, wanted: &Wanted) -> Result<List> {
    let before = one(tx, owner, id)?;
    let mut list = before.clone();
    if let Some(title) = &wanted.title {
        list.title = checked_title(title)?;
    }
    if let Some(replies) = wanted.replies {
        list.replies_policy = replies.code();
    }
    list.is_exclusive = wanted.is_exclusive.unwrap_or(list.is_exclusive);
    rows::save(tx, &list)?;
    if list.replies_policy != before.replies_policy {
        feed::write_anew(tx, id)?;
    }
    if list.is_exclusive && !before.is_exclusive {
        rows::clear_from_home(tx, &list)?;
    } else if before.is_exclusive && !list.is_exclusive {
        feed::rebuild_home(tx, owner)?;
    }
    Ok(list)
}

/// Removes a list. What it kept out of the home timeline comes back there.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete(tx: &mut Tx<'_>, owner: AccountId, id: ListId) -> Result<()> {
    let list = one(tx, owner, id)?;
    rows::delete(tx, id)?;
    if list.is_exclusive {
        feed::rebuild_home(tx, owner)?;
    }
    Ok(())
}

fn checked_title(title: &str) -> Result<String> {
    if title.chars().count() > TITLE_MAX {
        return Err(Error::field("title", Refusal::TextTooLong));
    }
    let title = parvis_text::sanitise::one_line(title, TITLE_MAX);
    if title.is_empty() { Err(Error::field("title", Refusal::TitleMissing)) } else { Ok(title) }
}
