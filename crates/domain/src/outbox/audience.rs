//! Which servers hear which account, in outbox ids, so that a post needs no list of recipients: kept as follows come and go.

use std::collections::BTreeSet;

use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_store::{Conn, Tx, accounts, follows, outbox, peers};

use crate::error::Result;

/// Keeps the ranges. A listener of `server::wire`. A block needs no case of its own: it ends the follows first, which is heard here.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::FollowAccepted { follower, followee, .. } => open(tx, *follower, *followee),
        Event::Unfollowed { follower, followee, .. } | Event::FollowRejected { follower, followee, .. } => {
            close(tx, *follower, *followee)
        }
        _ => Ok(()),
    }
}

fn open(tx: &mut Tx<'_>, follower: AccountId, followee: AccountId) -> Result<()> {
    let Some(follower) = accounts::by_id(tx, follower)?.filter(|a| !a.is_local()) else { return Ok(()) };
    if !accounts::by_id(tx, followee)?.is_some_and(|a| a.is_local()) {
        return Ok(());
    }
    let host = follower.host.as_str();
    if peers::by_host(tx, host)?.is_none() {
        let cursor = outbox::highest_seq(tx)?;
        peers::add(tx, host, cursor, None)?;
    }
    if let Some(shared) = &follower.shared_inbox {
        peers::set_shared_inbox(tx, host, shared)?;
    }
    let since = outbox::highest_id(tx)?;
    let id = tx.new_id();
    Ok(peers::open_range(tx, id, host, followee, since)?)
}

fn close(tx: &mut Tx<'_>, follower: AccountId, followee: AccountId) -> Result<()> {
    let Some(follower) = accounts::by_id(tx, follower)?.filter(|a| !a.is_local()) else { return Ok(()) };
    close_without_follower(tx, &follower.host, followee)
}

/// A server where nobody follows an account hears it no longer. For ranges of [`without_follower`]; events do the rest.
///
/// # Errors
/// Internal.
pub fn close_without_follower(tx: &mut Tx<'_>, host: &str, followee: AccountId) -> Result<()> {
    if follows::has_follower_of_host(tx, followee, host)? {
        return Ok(());
    }
    let until = outbox::highest_id(tx)?;
    Ok(peers::close_range(tx, host, followee, until)?)
}

/// Servers that still hear an account though their last follower of it is gone without having said so, some of them: (host, account).
///
/// # Errors
/// Internal.
pub fn without_follower(c: &mut Conn) -> Result<Vec<(String, AccountId)>> {
    Ok(peers::open_without_follower(c, 500)?)
}

/// One inbox for every server that ever heard an account, and those of its followers now: who must hear that the account is gone. Ask before
/// the follows are removed; pass it as `explicit`.
///
/// # Errors
/// Internal.
pub fn everybody_who_heard(c: &mut Conn, account: AccountId) -> Result<Vec<(String, String)>> {
    let mut all: BTreeSet<(String, String)> =
        peers::shared_inboxes_that_heard(c, account)?.into_iter().collect();
    all.extend(peers::inboxes_of_followers(c, account)?);
    Ok(all.into_iter().collect())
}
