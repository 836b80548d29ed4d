//! What federation asks about actors, ours and theirs: keys, addresses, pages of their collections. Reading only; what changes is elsewhere.

use std::collections::HashMap;

use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, FollowId, StatusId};
use parvis_model::time::{DAY, Moment};
use parvis_model::urls::Urls;
use parvis_store::accounts::{self as rows, Account};
use parvis_store::keys::{self, ActorKey};
use parvis_store::timelines::Range;
use parvis_store::{
    Conn, Tx, blocks as block_rows, follows as follow_rows, moves as move_rows, policy as policy_rows,
    polls as poll_rows, reactions, statuses as status_rows,
};

use crate::access;
use crate::addresses;
use crate::error::{OrNotFound, Result};
use crate::rows::Status;
use crate::views::{self, AccountView, StatusView};
use crate::{follows, groups};

/// After this, the document of a remote actor is read again in the background.
pub const STALE_AFTER: i64 = DAY;

/// By ActivityPub id, whatever its state.
///
/// # Errors
/// Internal.
pub fn by_uri(c: &mut Conn, uri: &str) -> Result<Option<Account>> {
    Ok(rows::by_uri(c, uri)?)
}

/// Several by ActivityPub id.
///
/// # Errors
/// Internal.
pub fn by_uris(c: &mut Conn, uris: &[String]) -> Result<Vec<Account>> {
    Ok(if uris.is_empty() { Vec::new() } else { rows::by_uris(c, uris)? })
}

/// By our id, whatever its state.
///
/// # Errors
/// Internal.
pub fn by_id(c: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    Ok(rows::by_id(c, id)?)
}

/// A remote account by the address of its page.
///
/// # Errors
/// Internal.
pub fn by_page(c: &mut Conn, url: &str) -> Result<Option<Account>> {
    Ok(rows::by_url(c, url)?)
}

/// A post by ActivityPub id, whoever asks: only for deciding what to do with an activity, never for showing it.
///
/// # Errors
/// Internal.
pub fn post_by_uri(c: &mut Conn, uri: &str) -> Result<Option<Status>> {
    Ok(status_rows::by_uri(c, uri)?)
}

/// A post by our id, for rendering activities of its author.
///
/// # Errors
/// Internal.
pub fn post(c: &mut Conn, id: StatusId) -> Result<Option<Status>> {
    Ok(status_rows::by_id(c, id)?)
}

/// An account's keys, oldest first.
///
/// # Errors
/// Internal.
pub fn keys_of(c: &mut Conn, id: AccountId) -> Result<Vec<ActorKey>> {
    Ok(keys::of_account(c, id)?)
}

/// An actor with the key of this id, if the actor has such a key.
///
/// # Errors
/// Internal.
pub fn with_key(c: &mut Conn, actor_uri: &str, key_uri: &str) -> Result<Option<(Account, Option<ActorKey>)>> {
    let Some(account) = rows::by_uri(c, actor_uri)? else { return Ok(None) };
    let key = keys::by_uri(c, key_uri)?.filter(|k| k.account_id == account.id);
    Ok(Some((account, key)))
}

/// A key that an actor's document lists, with its actor: who a signed GET may come from. Whether the key signed is the caller's to check.
///
/// # Errors
/// Internal.
pub fn by_key(c: &mut Conn, key_uri: &str) -> Result<Option<(Account, ActorKey)>> {
    let Some(key) = keys::by_uri(c, key_uri)? else { return Ok(None) };
    Ok(rows::by_id(c, key.account_id)?.map(|account| (account, key)))
}

/// Remote actors whose documents are due to be read again.
///
/// # Errors
/// Internal.
pub fn stale(c: &mut Conn, limit: i64) -> Result<Vec<Account>> {
    let before = c.now().minus(STALE_AFTER);
    Ok(rows::stale(c, before, limit)?)
}

/// An account of ours for its document, with what it shows.
///
/// # Errors
/// Internal.
pub fn view(c: &mut Conn, account: &Account) -> Result<AccountView> {
    views::of_account(c, account)
}

/// The other ids that an account of ours names as its own (`alsoKnownAs`).
///
/// # Errors
/// Internal.
pub fn aliases_of(c: &mut Conn, id: AccountId) -> Result<Vec<String>> {
    Ok(move_rows::aliases(c, id)?)
}

/// A page of the ActivityPub ids of an account's followers: (follow, id), newest first.
///
/// # Errors
/// Internal.
pub fn follower_uris(c: &mut Conn, of: AccountId, range: Range) -> Result<Vec<(i64, String)>> {
    if follows::hides_collections(c, None, of)? {
        return Ok(Vec::new());
    }
    let page = follow_rows::followers(c, of, FollowState::Accepted, range)?;
    with_uris(c, page)
}

/// A page of the ActivityPub ids of those whom an account follows.
///
/// # Errors
/// Internal.
pub fn following_uris(c: &mut Conn, of: AccountId, range: Range) -> Result<Vec<(i64, String)>> {
    if follows::hides_collections(c, None, of)? {
        return Ok(Vec::new());
    }
    let page = follow_rows::following(c, of, range)?;
    with_uris(c, page)
}

/// Who is suspended, gone or of a blocked server is left out (threats O14).
fn with_uris(c: &mut Conn, page: Vec<(i64, AccountId)>) -> Result<Vec<(i64, String)>> {
    let ids: Vec<AccountId> = page.iter().map(|(_, a)| *a).collect();
    let known = rows::by_ids(c, &ids)?;
    let shown: HashMap<AccountId, String> =
        access::unbarred(c, known)?.into_iter().map(|a| (a.id, a.uri)).collect();
    Ok(page.into_iter().filter_map(|(n, id)| Some((n, shown.get(&id)?.clone()))).collect())
}

/// A post of ours for a viewer of another server, or for nobody in particular (threats O15): not there unless they may see it.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn post_for(c: &mut Conn, viewer: access::Viewer, id: StatusId) -> Result<StatusView> {
    access::status(c, viewer, id)?;
    views::of_status(c, viewer, id)?.or_not_found()
}

/// A post for its own author's activities: everything it shows.
///
/// # Errors
/// Internal.
pub fn own_post(c: &mut Conn, author: AccountId, id: StatusId) -> Result<Option<StatusView>> {
    views::of_status(c, Some(author), id)
}

/// Who wrote what a post answers.
///
/// # Errors
/// Internal.
pub fn answered(c: &mut Conn, post: &Status) -> Result<Option<Account>> {
    match post.in_reply_to_account_id {
        Some(id) => Ok(rows::by_id(c, id)?),
        None => Ok(None),
    }
}

/// A page of the answers to a post that everybody may see, as (post, ActivityPub id): what its `replies` collection lists. Those whom the post's
/// author blocks are left out.
///
/// # Errors
/// Internal.
pub fn replies_of(c: &mut Conn, post: &Status, range: Range) -> Result<Vec<(i64, String)>> {
    let answers = status_rows::replies_to(c, post.id, range)?;
    let ids: Vec<AccountId> = answers.iter().map(|s| s.account_id).collect();
    let authors = rows::by_ids(c, &ids)?.into_iter().map(|a| (a.id, a)).collect();
    let ties = access::Ties::load(c, None, &authors, &[])?;
    let blocked = block_rows::blocked_among(c, &[post.account_id], &ids)?;
    let listed: Vec<StatusId> = answers.iter().map(|s| s.id).collect();
    let removed = groups::removed_among(c, &listed)?;
    Ok(answers
        .into_iter()
        .filter(|s| {
            ties.let_see(None, s)
                && !removed.contains(&s.id)
                && !blocked.contains(&(post.account_id, s.account_id))
        })
        .map(|s| (s.id.0, s.uri))
        .collect())
}

/// A page of the conversation that a post began, as far as everybody may see it: ActivityPub ids, newest first, as its `context` lists them, and the last
/// post that was looked at. Those whom its author blocks are left out.
///
/// # Errors
/// Internal.
pub fn conversation_of(c: &mut Conn, post: &Status, range: Range) -> Result<(Vec<String>, Option<i64>)> {
    let all = status_rows::in_thread(c, post.thread_id, range)?;
    let last = all.iter().map(|s| s.id.0).max();
    let ids: Vec<AccountId> = all.iter().map(|s| s.account_id).collect();
    let authors = rows::by_ids(c, &ids)?.into_iter().map(|a| (a.id, a)).collect();
    let ties = access::Ties::load(c, None, &authors, &[])?;
    let blocked = block_rows::blocked_among(c, &[post.account_id], &ids)?;
    let shown = all
        .into_iter()
        .filter(|s| ties.let_see(None, s) && !blocked.contains(&(post.account_id, s.account_id)));
    Ok((shown.map(|s| s.uri).collect(), last))
}

/// When a post of ours was deleted, if it was and everybody could see it. One that was not for everybody has never been there (threats I2, I5).
///
/// # Errors
/// Internal.
pub fn deleted_at(c: &mut Conn, uri: &str) -> Result<Option<Moment>> {
    Ok(policy_rows::tombstone(c, uri)?.filter(|t| t.kind == policy_rows::PUBLIC_STATUS).map(|t| t.created_at))
}

/// Several by our id.
///
/// # Errors
/// Internal.
pub fn by_ids(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<Account>> {
    Ok(if ids.is_empty() { Vec::new() } else { rows::by_ids(c, ids)? })
}

/// Who boosted or answered a post, at most 2,000 of each.
///
/// # Errors
/// Internal.
pub fn involved_in(c: &mut Conn, post: &Status) -> Result<Vec<Account>> {
    let mut ids: Vec<AccountId> =
        status_rows::boosts_of(c, post.id, 2_000)?.into_iter().map(|b| b.account_id).collect();
    let answers = status_rows::of_thread(c, post.thread_id, 2_000)?;
    ids.extend(answers.into_iter().filter(|a| a.in_reply_to_id == Some(post.id)).map(|a| a.account_id));
    ids.sort_unstable();
    ids.dedup();
    by_ids(c, &ids)
}

/// People elsewhere who voted in the poll of a post, at most 2,000: their servers have it too.
///
/// # Errors
/// Internal.
pub fn voters_elsewhere(c: &mut Conn, view: &StatusView) -> Result<Vec<Account>> {
    let Some(poll) = &view.poll else { return Ok(Vec::new()) };
    let ids = poll_rows::remote_voters(c, poll.poll.id, 2_000)?;
    by_ids(c, &ids)
}

/// The id of a Follow activity.
///
/// # Errors
/// Internal.
pub fn follow_uri(c: &mut Conn, id: FollowId) -> Result<Option<String>> {
    Ok(follow_rows::by_id(c, id)?.map(|f| f.uri))
}

/// The id of the Like by which an account favourited a post.
///
/// # Errors
/// Internal.
pub fn favourite_uri(c: &mut Conn, who: AccountId, status: StatusId) -> Result<Option<String>> {
    Ok(reactions::favourite_of(c, who, status)?.and_then(|f| f.uri))
}

/// Remembers that an actor's document was asked for and did not come, so that others have their turn.
///
/// # Errors
/// Internal.
pub fn was_asked(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    if let Some(mut account) = rows::by_id(tx, id)?.filter(|a| !a.is_local()) {
        account.fetched_at = Some(tx.now());
        rows::save(tx, &account)?;
    }
    Ok(())
}

/// Who follows whom by the Follow of this id: (follower, followee).
///
/// # Errors
/// Internal.
pub fn follow_by_uri(c: &mut Conn, uri: &str) -> Result<Option<(AccountId, AccountId)>> {
    Ok(follow_rows::by_uri(c, uri)?.map(|f| (f.follower_id, f.followee_id)))
}

/// Who favourited what by the Like of this id.
///
/// # Errors
/// Internal.
pub fn favourite_by_uri(c: &mut Conn, uri: &str) -> Result<Option<(AccountId, StatusId)>> {
    Ok(reactions::favourite_by_uri(c, uri)?.map(|f| (f.account_id, f.status_id)))
}

/// Whom an account blocks by the Block of this id.
///
/// # Errors
/// Internal.
pub fn block_by_uri(c: &mut Conn, who: AccountId, uri: &str) -> Result<Option<AccountId>> {
    Ok(block_rows::by_uri(c, who, uri)?.map(|b| b.target_id))
}

/// A post by its id or, if it is ours, by its page's address. Only for deciding what to do, never for showing it.
///
/// # Errors
/// Internal.
pub fn post_by_any_address(c: &mut Conn, urls: &Urls, url: &str) -> Result<Option<Status>> {
    addresses::status(c, urls, url)
}
