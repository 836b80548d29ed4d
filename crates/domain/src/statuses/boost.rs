//! Boosting (reblogging) a post, and taking it back.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId, ThreadId};
use parvis_model::refusal::Refusal;
use parvis_model::status::boost_visibility;
use parvis_model::visibility::Visibility;
use parvis_store::Tx;
use parvis_store::statuses::{self, Status};

use crate::access;
use crate::accounts::activity::has_written;
use crate::error::{Error, Result};
use crate::events::Record;

/// Boosts a post and returns the boost's id; a second time, the first one's.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::CannotBoost`], [`Refusal::HasMoved`].
pub fn boost(tx: &mut Tx<'_>, who: AccountId, id: StatusId, asked: Option<Visibility>) -> Result<StatusId> {
    let account = access::actor(tx, who)?;
    let original = access::original(tx, who, id)?;
    if let Some(done) = statuses::boost_by(tx, who, original.id)? {
        return Ok(done.id);
    }
    let visibility =
        boost_visibility(Visibility::from_code(original.visibility), asked, original.account_id == who)
            .map_err(Error::Refused)?;
    let context = tx.context()?;
    let id = StatusId(tx.new_id());
    let uri = format!("{}/activity", context.urls.status(&account.username, id));
    let boost = boost_row(id, uri, who, true, &original, visibility, tx.now());
    statuses::insert(tx, &boost)?;
    let now = tx.now();
    has_written(tx, &account, now)?;
    tx.record(Event::StatusPublished { id, author: who })?;
    Ok(id)
}

/// The row of a boost.
pub(crate) fn boost_row(
    id: StatusId,
    uri: String,
    who: AccountId,
    is_local: bool,
    original: &Status,
    visibility: Visibility,
    at: parvis_model::time::Moment,
) -> Status {
    Status {
        id,
        url: uri.clone(),
        uri,
        account_id: who,
        is_local,
        source: String::new(),
        html: String::new(),
        warning: String::new(),
        is_sensitive: false,
        language: None,
        visibility: visibility.code(),
        in_reply_to_id: None,
        in_reply_to_uri: None,
        in_reply_to_account_id: None,
        thread_id: ThreadId(id.0),
        boost_of_id: Some(original.id),
        app_id: None,
        created_at: at,
        edited_at: None,
        version: 1,
        context_uri: None,
    }
}

/// Takes a boost back. `id` is the boosted post (Mastodon) or the boost itself; returns the post behind it. Not boosted is no error.
///
/// # Errors
/// [`Error::NotFound`].
pub fn unboost(tx: &mut Tx<'_>, who: AccountId, id: StatusId) -> Result<StatusId> {
    let original =
        access::reacted_to(tx, who, id, |c, post| Ok(statuses::boost_by(c, who, post)?.is_some()))?;
    if let Some(boost) = statuses::boost_by(tx, who, original.id)? {
        undo(tx, &boost)?;
    }
    Ok(original.id)
}

/// Removes a boost's row, after everybody heard of it.
///
/// # Errors
/// [`Refusal::CannotBoost`] when the row is none.
pub(crate) fn undo(tx: &mut Tx<'_>, boost: &Status) -> Result<()> {
    let original = boost.boost_of_id.ok_or(Error::Refused(Refusal::CannotBoost))?;
    tx.record(Event::BoostUndone { id: boost.id, author: boost.account_id, original })?;
    Ok(statuses::delete(tx, boost.id)?)
}
