//! Deleting an account for good: out of sight at once, its rows in batches by a job. The account's own row stays, emptied, so that its handle is
//! never given again and its address answers "gone" (410); its key stays, because the deletion itself is signed with it.

use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_store::{account_words, accounts, departures, follows, logins, media, statuses};

use super::revoke;
use crate::error::{OrNotFound, Result};
use crate::{Record, Tx};

/// Marks an account as gone and says so. The door has made sure that its owner, the operator or the account's own server wants it.
///
/// # Errors
/// `NotFound`.
pub fn delete(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let mut account = accounts::by_id(tx, id)?.or_not_found()?;
    if account.gone_at.is_some() {
        return Ok(());
    }
    let now = tx.now();
    account.suspended_at = account.suspended_at.or(Some(now));
    account.gone_at = Some(now);
    account.version += 1;
    accounts::save(tx, &account)?;
    if account.is_local() {
        revoke::everything(tx, id)?;
    }
    tx.record(Event::AccountDeleted { account: id, uri: account.uri })
}

/// What a batch left to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Nothing more.
    pub is_done: bool,
    /// Keys of stored files that belong to nothing any more; remove them after the commit.
    pub files: Vec<String>,
}

/// Removes up to `limit` posts, pictures and relations of an account that is gone; call it until it is done.
///
/// # Errors
/// Internal. An account that is still there loses nothing.
pub fn delete_some(tx: &mut Tx<'_>, id: AccountId, limit: i64) -> Result<Batch> {
    let Some(mut account) = accounts::by_id(tx, id)?.filter(|a| a.gone_at.is_some()) else {
        return Ok(Batch { is_done: true, ..Batch::default() });
    };
    let pictures = media::of_account(tx, id, limit)?;
    if !pictures.is_empty() {
        media::delete(tx, &pictures.iter().map(|m| m.id).collect::<Vec<_>>())?;
        let files: Vec<String> = pictures.into_iter().flat_map(media::Media::files).collect();
        crate::leftovers::delete(tx, &files)?;
        return Ok(Batch { is_done: false, files });
    }
    let posts = statuses::ids_of_account(tx, id, limit)?;
    for post in &posts {
        statuses::disown_replies(tx, *post)?;
        statuses::delete(tx, *post)?;
    }
    if !posts.is_empty() {
        return Ok(Batch::default());
    }
    let relations = follows::involving(tx, id, limit)?;
    for follow in &relations {
        follows::delete(tx, follow.id)?;
    }
    if !relations.is_empty() {
        return Ok(Batch::default());
    }
    departures::delete_traces(tx, id)?;
    logins::delete(tx, id)?;
    let pictures = [account.avatar.take(), account.header.take()];
    let files = if account.is_local() { pictures.into_iter().flatten().collect() } else { Vec::new() };
    crate::leftovers::delete(tx, &files)?;
    account.display_name.clear();
    account.bio_html.clear();
    account.bio_source.clear();
    "[]".clone_into(&mut account.fields);
    accounts::save(tx, &account)?;
    account_words::set(tx, id, account.is_local(), &[])?;
    Ok(Batch { is_done: true, files })
}
