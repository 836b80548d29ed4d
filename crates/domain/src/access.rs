//! The only way to obtain a thing that has rules about who may see or change it (threats rule 0.3). "Not yours" and "not there" are the same
//! answer (I2). The rule itself is `model::visibility::may_see`; here it is fed, for one post or for a page of them, in a fixed number of statements.

mod ties;

use std::collections::{HashMap, HashSet};

use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::visibility::{Relation, Visibility, may_see};
use parvis_store::accounts::Account;
use parvis_store::statuses::Status;
use parvis_store::{Conn, accounts, blocks, follows, moves, pages, status_parts, statuses};

pub use ties::{Bonds, Standing, Ties};

use crate::error::{Error, OrNotFound, Result};
use crate::policy;

/// Who looks: an account of this town or of another server, or nobody in particular.
pub type Viewer = Option<AccountId>;

/// Of these accounts, those that show in public places to this viewer: silenced ones only to themselves and their followers.
///
/// # Errors
/// Internal.
pub fn without_quiet(c: &mut Conn, viewer: Viewer, accounts: Vec<Account>) -> Result<Vec<Account>> {
    let by_id = accounts.iter().map(|a| (a.id, a.clone())).collect();
    let ties = Ties::load(c, viewer, &by_id, &[])?;
    Ok(accounts.into_iter().filter(|a| !ties.is_quiet(viewer, a.id)).collect())
}

/// A post that the viewer may see; of a boost, the post behind it must be seen too.
///
/// # Errors
/// [`Error::NotFound`].
pub fn status(c: &mut Conn, viewer: Viewer, id: StatusId) -> Result<Status> {
    let found = statuses::by_id(c, id)?.or_not_found()?;
    if !is_visible(c, viewer, &found)? {
        return Err(Error::NotFound);
    }
    if let Some(original) = found.boost_of_id {
        let original = statuses::by_id(c, original)?.or_not_found()?;
        if !is_visible(c, viewer, &original)? {
            return Err(Error::NotFound);
        }
    }
    Ok(found)
}

/// The same, by ActivityPub id.
///
/// # Errors
/// [`Error::NotFound`].
pub fn status_by_uri(c: &mut Conn, viewer: Viewer, uri: &str) -> Result<Status> {
    let found = statuses::by_uri(c, uri)?.or_not_found()?;
    status(c, viewer, found.id)
}

/// Whether the viewer may see a post that is already loaded.
///
/// # Errors
/// Internal.
pub fn is_visible(c: &mut Conn, viewer: Viewer, status: &Status) -> Result<bool> {
    let Some(author) = accounts::by_id(c, status.account_id)? else { return Ok(false) };
    let authors = HashMap::from([(author.id, author)]);
    Ok(Ties::load(c, viewer, &authors, &[status.id])?.let_see(viewer, status))
}

/// The post that a reaction is meant for: of a boost, the post behind it.
///
/// # Errors
/// [`Error::NotFound`].
pub fn original(c: &mut Conn, viewer: AccountId, id: StatusId) -> Result<Status> {
    let found = status(c, Some(viewer), id)?;
    match found.boost_of_id {
        Some(original) => status(c, Some(viewer), original),
        None => Ok(found),
    }
}

/// The post that a reaction is taken back from: of a boost, the post behind it. One's own reaction can be taken back when one may not see the post any
/// more; `has` tells whether there is one.
///
/// # Errors
/// [`Error::NotFound`].
pub fn reacted_to(
    c: &mut Conn,
    viewer: AccountId,
    id: StatusId,
    has: impl Fn(&mut Conn, StatusId) -> Result<bool>,
) -> Result<Status> {
    let found = statuses::by_id(c, id)?.or_not_found()?;
    let post = shown_by(c, &found)?;
    if has(c, post.id)? { Ok(post) } else { original(c, viewer, id) }
}

/// What a row shows: itself, or the post that it boosts.
///
/// # Errors
/// [`Error::NotFound`].
pub fn shown_by(c: &mut Conn, row: &Status) -> Result<Status> {
    match row.boost_of_id {
        Some(original) => statuses::by_id(c, original)?.or_not_found(),
        None => Ok(row.clone()),
    }
}

/// Of these accounts, those that are not shown to a viewer in lists of people: whom they block, mute or avoid, or who blocks them. One statement.
///
/// # Errors
/// Internal.
pub fn unwanted_among(c: &mut Conn, viewer: AccountId, some: &[AccountId]) -> Result<HashSet<AccountId>> {
    let bonds = pages::readers(c, &[viewer], &[], some, &[])?.remove(&viewer).unwrap_or_default().authors;
    let unwanted = bonds.into_iter().filter(|(_, bond)| bond.is_blocked || bond.is_muted || bond.is_avoided);
    Ok(unwanted.map(|(id, _)| id).collect())
}

/// A post that its author may change.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub fn own_status(c: &mut Conn, owner: AccountId, id: StatusId) -> Result<Status> {
    statuses::by_id(c, id)?.filter(|s| s.account_id == owner).or_not_found()
}

/// An account that can be shown: suspended ones can (marked as such), gone ones and those of blocked servers cannot.
///
/// # Errors
/// [`Error::NotFound`].
pub fn account(c: &mut Conn, id: AccountId) -> Result<Account> {
    let found = accounts::by_id(c, id)?.filter(|a| a.gone_at.is_none()).or_not_found()?;
    if policy::is_suspended(c, &found.host)? { Err(Error::NotFound) } else { Ok(found) }
}

/// An account that one can deal with: active, and of a server that is not blocked.
///
/// # Errors
/// [`Error::NotFound`].
pub fn active_account(c: &mut Conn, id: AccountId) -> Result<Account> {
    let found = account(c, id)?;
    if found.is_active() { Ok(found) } else { Err(Error::NotFound) }
}

/// Somebody who wants to write, boost or follow: active, and, if of this town, not living elsewhere now.
///
/// # Errors
/// [`Error::NotFound`]; `Forbidden(HasMoved)`.
pub fn actor(c: &mut Conn, id: AccountId) -> Result<Account> {
    let found = active_account(c, id)?;
    if found.is_local() && is_away(c, id)? { Err(Error::Forbidden(Refusal::HasMoved)) } else { Ok(found) }
}

/// Whether an account points to another one, where it lives now.
///
/// # Errors
/// Internal.
pub fn is_away(c: &mut Conn, id: AccountId) -> Result<bool> {
    Ok(moves::of_account(c, id)?.is_some_and(|m| m.is_shown))
}

/// Of these accounts, those that are active and of a server that is not blocked (threats O14). One statement.
///
/// # Errors
/// Internal.
pub fn unbarred(c: &mut Conn, mut accounts: Vec<Account>) -> Result<Vec<Account>> {
    let hosts: HashSet<String> = accounts.iter().map(|a| a.host.clone()).collect();
    let (suspended, _) = policy::barred(c, &hosts)?;
    accounts.retain(|a| a.is_active() && !suspended.contains(&a.host));
    Ok(accounts)
}

/// Of these accounts, those that may see a post, by the same rule as everything else here. Five statements, however many they are.
///
/// # Errors
/// Internal.
pub fn who_may_see(c: &mut Conn, status: &Status, ids: &[AccountId]) -> Result<HashSet<AccountId>> {
    let author = accounts::by_id(c, status.account_id)?.into_iter().collect();
    let is_author_barred = unbarred(c, author)?.is_empty();
    let mentioned = status_parts::mentions_of(c, &[status.id])?;
    let followers = follows::followers_among(c, status.account_id, ids)?;
    let blocked = blocks::with(c, status.account_id, ids)?;
    let relation = |id: &AccountId| Relation {
        is_author: *id == status.account_id,
        is_mentioned: mentioned.iter().any(|m| m.account_id == *id),
        is_follower: followers.contains(id),
        is_blocked: blocked.iter().any(|b| b.account_id == *id || b.target_id == *id),
        is_author_barred,
    };
    let visibility = Visibility::from_code(status.visibility);
    Ok(ids.iter().filter(|id| may_see(visibility, Some(relation(id)))).copied().collect())
}

/// The narrowest visibility of an author's posts that a viewer may see on the author's page; `None` when a block hides the whole page.
/// Direct posts never stand there.
///
/// # Errors
/// Internal.
pub fn narrowest_on_profile(c: &mut Conn, viewer: Viewer, author: AccountId) -> Result<Option<Visibility>> {
    let Some(viewer) = viewer else { return Ok(Some(Visibility::Unlisted)) };
    if viewer == author {
        return Ok(Some(Visibility::Private));
    }
    if blocks::is_between(c, viewer, author)? {
        return Ok(None);
    }
    let follows =
        follows::between(c, viewer, author)?.is_some_and(|f| f.state == FollowState::Accepted.code());
    Ok(Some(if follows { Visibility::Private } else { Visibility::Unlisted }))
}
