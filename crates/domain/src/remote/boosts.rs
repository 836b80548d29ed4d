//! Boosts by remote accounts. The post must be here already; fetching it is the door's job.

use parvis_model::account::ActorKind;
use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::status::{believable, boost_visibility, clamp_published};
use parvis_model::time::Moment;
use parvis_model::visibility::Visibility;
use parvis_store::statuses as rows;
use parvis_store::{Conn, Tx, accounts, follows};

use super::{Outcome, foreign, gone, is_same_server, statuses};
use crate::access;
use crate::accounts::activity::has_written;
use crate::error::{Error, Result};
use crate::events::{Record, urls_of};
use crate::statuses::boost::boost_row;

/// A boost as it came.
#[derive(Clone, Debug)]
pub struct RemoteBoost {
    /// The Announce's id.
    pub uri: String,
    pub who: AccountId,
    pub original: StatusId,
    /// Everybody stands in `to`; otherwise it is unlisted at most.
    pub is_public: bool,
    pub published: Option<Moment>,
}

/// Whether a boost by this account is of interest here: somebody follows it, or the post is ours.
///
/// # Errors
/// Internal.
pub fn is_relevant(c: &mut Conn, who: AccountId, object_uri: &str) -> Result<bool> {
    let is_ours = rows::by_uri(c, object_uri)?.is_some_and(|s| s.is_local);
    Ok(is_ours || follows::has_local_follower(c, who)?)
}

/// Keeps a boost; a second one of the same post is the first one.
///
/// # Errors
/// [`Error::NotFound`] when the booster may not see the post, or one of the two is barred (threats O14).
pub fn announce(tx: &mut Tx<'_>, boost: &RemoteBoost) -> Result<Outcome<StatusId>> {
    let who = access::active_account(tx, boost.who)?;
    let urls = urls_of(tx)?;
    let Ok(uri) = foreign(&urls, &boost.uri) else { return Ok(Outcome::Dropped("an id that is not theirs")) };
    if !is_same_server(&who.uri, &uri) {
        return Ok(Outcome::Dropped("an id of another server"));
    }
    if gone::is_gone(tx, &who.uri, uri.as_str())? {
        return Ok(Outcome::Dropped("it was undone already"));
    }
    let original = access::original(tx, who.id, boost.original)?;
    if let Some(known) = rows::boost_by(tx, who.id, original.id)? {
        return Ok(Outcome::Kept(known.id));
    }
    if rows::by_uri(tx, uri.as_str())?.is_some() {
        return Ok(Outcome::Dropped("an id that is taken"));
    }
    if !is_relevant(tx, who.id, &original.uri)? {
        return Ok(Outcome::Dropped("nobody here has to do with it"));
    }
    let asked = if boost.is_public { Visibility::Public } else { Visibility::Unlisted };
    let visibility = boost_visibility(
        Visibility::from_code(original.visibility),
        Some(asked),
        original.account_id == who.id,
    )
    .map_err(Error::Refused)?;
    let now = tx.now();
    let published = boost.published.map_or(now, |p| believable(p, now));
    let id = statuses::late_id(tx, clamp_published(published, now))?;
    let row = boost_row(id, uri.to_string(), who.id, false, &original, visibility, published);
    rows::insert(tx, &row)?;
    has_written(tx, &who, published)?;
    tx.record(Event::StatusPublished { id, author: who.id })?;
    Ok(Outcome::Kept(id))
}

/// Keeps as a boost what a group wrapped, when it begins a thread: many groups pass posts on in no other way (PieFed, `NodeBB`, Mbin). Answers stand in their
/// threads, and who is no group boosts only by saying so.
///
/// # Errors
/// As [`announce`].
pub fn pass_on(tx: &mut Tx<'_>, boost: &RemoteBoost) -> Result<Outcome<StatusId>> {
    let is_group = accounts::by_id(tx, boost.who)?.is_some_and(|a| a.kind == ActorKind::Group.as_str());
    if !is_group {
        return Ok(Outcome::Dropped("no group"));
    }
    match rows::by_id(tx, boost.original)? {
        Some(post) if post.in_reply_to_uri.is_none() && post.in_reply_to_id.is_none() => announce(tx, boost),
        _ => Ok(Outcome::Dropped("an answer, which stands in its thread")),
    }
}

/// Takes back a boost, by its own id or by the post that was boosted. `false` when there is none.
///
/// # Errors
/// Internal.
pub fn undo(
    tx: &mut Tx<'_>,
    who: AccountId,
    boost_uri: Option<&str>,
    object_uri: Option<&str>,
) -> Result<bool> {
    let by_id = match boost_uri {
        Some(uri) => rows::by_uri(tx, uri)?.filter(|s| s.account_id == who && s.boost_of_id.is_some()),
        None => None,
    };
    let found = match (by_id, object_uri) {
        (Some(found), _) => Some(found),
        (None, Some(object)) => match rows::by_uri(tx, object)? {
            Some(original) => rows::boost_by(tx, who, original.id)?,
            None => None,
        },
        (None, None) => None,
    };
    let Some(boost) = found else { return Ok(false) };
    crate::statuses::boost::undo(tx, &boost)?;
    Ok(true)
}
