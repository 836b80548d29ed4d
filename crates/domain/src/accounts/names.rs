//! The words by which an account is found (`search`): those of what it is called, and of its user name. Kept whenever one of the two is written.

use std::collections::HashMap;

use parvis_model::ids::AccountId;
use parvis_store::account_words::{self as rows, Word};
use parvis_store::accounts::Account;
use parvis_text::words::folded;

use crate::Tx;
use crate::error::Result;

/// Words of a name that are kept.
const NAME_WORDS: usize = 12;
/// Words of a user name that are kept.
const USERNAME_WORDS: usize = 4;

/// Keeps the words of an account that is new or called something else.
///
/// # Errors
/// Internal.
pub(crate) fn keep(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    // The town's own actor is nobody to be found.
    if account.is_local() && account.kind == "application" {
        return Ok(());
    }
    keep_words(tx, account.id, account.is_local(), &account.username, &account.display_name)
}

/// Some accounts above `after`, for those that are older than this; returns the last one.
///
/// # Errors
/// Internal.
pub(crate) fn keep_some(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Option<i64>> {
    let found = rows::names(tx, AccountId(after), limit)?;
    let last = found.last().map(|(id, ..)| id.0);
    for (id, host, username, name) in found {
        keep_words(tx, id, host.is_empty(), &username, &name)?;
    }
    Ok(last)
}

fn keep_words(tx: &mut Tx<'_>, id: AccountId, is_local: bool, username: &str, name: &str) -> Result<()> {
    let mut words: HashMap<String, bool> =
        folded(username, USERNAME_WORDS).into_iter().map(|word| (word, false)).collect();
    words.extend(folded(name, NAME_WORDS).into_iter().map(|word| (word, true)));
    let mut words: Vec<Word> =
        words.into_iter().map(|(word, is_in_name)| Word { word, is_in_name }).collect();
    words.sort_by(|a, b| a.word.cmp(&b.word));
    Ok(rows::set(tx, id, is_local, &words)?)
}
