//! Who follows whom: asking, answering, withdrawing. The client API, the inbox and the pages call the same functions; whether the other side is
//! here or elsewhere makes no difference to the rule.

use parvis_model::event::Event;
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, FollowId};
use parvis_model::refusal::Refusal;
use parvis_store::accounts::Account;
use parvis_store::follows::{self as rows, Follow};
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, accounts, blocks, endorsements, host_blocks, profiles};

use crate::access::{self, Viewer};
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;
use crate::views::{self, AccountView};

/// What a follower wants to see. `None` keeps what is, or the default.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub shows_boosts: Option<bool>,
    pub notifies: Option<bool>,
    pub languages: Option<Vec<String>>,
}

/// Follows an account, or changes the wishes of a follow that is there. A locked account, and every remote one, must answer first.
/// `uri` is the Follow's id when it came from elsewhere.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::NotOneself`]; [`Refusal::BlockedBetween`]; [`Refusal::AccountMoved`]; [`Refusal::HasMoved`].
pub fn follow(
    tx: &mut Tx<'_>,
    who: AccountId,
    whom: AccountId,
    wishes: &Wishes,
    uri: Option<&str>,
) -> Result<FollowState> {
    if who == whom {
        return Err(Error::Forbidden(Refusal::NotOneself));
    }
    let follower = access::actor(tx, who)?;
    let followee = access::active_account(tx, whom)?;
    if blocks::is_between(tx, who, whom)? || is_avoided(tx, &follower, &followee)? {
        return Err(Error::Forbidden(Refusal::BlockedBetween));
    }
    if let Some(known) = rows::between(tx, who, whom)? {
        return again(tx, &follower, &followee, known, wishes, uri);
    }
    if access::is_away(tx, whom)? {
        return Err(Error::Forbidden(Refusal::AccountMoved));
    }
    let context = tx.context()?;
    let id = FollowId(tx.new_id());
    let state = if is_open(&followee, &follower) { FollowState::Accepted } else { FollowState::Requested };
    let row = apply(
        Follow {
            id,
            follower_id: who,
            followee_id: whom,
            uri: uri.map_or_else(
                || context.urls.activity(&follower.username, &format!("follows/{id}")),
                str::to_owned,
            ),
            state: state.code(),
            shows_boosts: true,
            notifies: false,
            languages: String::new(),
            created_at: tx.now(),
        },
        wishes,
    );
    rows::insert(tx, &row)?;
    let event = match state {
        FollowState::Accepted => Event::FollowAccepted { follow: id, follower: who, followee: whom },
        FollowState::Requested => Event::FollowRequested { follow: id, follower: who, followee: whom },
    };
    tx.record(event)?;
    Ok(state)
}

/// Whether an account lets somebody follow it without being asked. Whoever is silenced must be let in by those they follow.
fn is_open(followee: &Account, follower: &Account) -> bool {
    followee.is_local() && !followee.is_locked && follower.silenced_at.is_none()
}

/// Whether one of the two wants nothing to do with the other's server.
fn is_avoided(tx: &mut Tx<'_>, a: &Account, b: &Account) -> Result<bool> {
    for (one, other) in [(a, b), (b, a)] {
        if one.is_local() && !other.is_local() {
            return Ok(!host_blocks::among(tx, one.id, std::slice::from_ref(&other.host))?.is_empty());
        }
    }
    Ok(false)
}

/// A follow that is there already: wishes change; a repeated Follow from elsewhere with a new id is answered again.
fn again(
    tx: &mut Tx<'_>,
    follower: &Account,
    followee: &Account,
    known: Follow,
    wishes: &Wishes,
    uri: Option<&str>,
) -> Result<FollowState> {
    let state = FollowState::from_code(known.state);
    let mut row = apply(known, wishes);
    let is_repeated = uri.is_some_and(|u| u != row.uri) && !follower.is_local() && followee.is_local();
    if let Some(uri) = uri.filter(|_| is_repeated) {
        row.uri = uri.to_owned();
    }
    let id = row.id;
    rows::save(tx, &row)?;
    if is_repeated && state == FollowState::Accepted {
        tx.record(Event::FollowAccepted { follow: id, follower: follower.id, followee: followee.id })?;
    }
    Ok(state)
}

fn apply(mut row: Follow, wishes: &Wishes) -> Follow {
    if let Some(shows) = wishes.shows_boosts {
        row.shows_boosts = shows;
    }
    if let Some(notifies) = wishes.notifies {
        row.notifies = notifies;
    }
    if let Some(languages) = &wishes.languages {
        let tags: Vec<String> =
            languages.iter().filter_map(|l| parvis_model::status::language_tag(l)).take(40).collect();
        row.languages = tags.join(" ");
    }
    row
}

/// Withdraws a follow or a request. Not following is no error.
///
/// # Errors
/// Internal.
pub fn unfollow(tx: &mut Tx<'_>, who: AccountId, whom: AccountId) -> Result<()> {
    if let Some(row) = rows::between(tx, who, whom)? {
        rows::delete(tx, row.id)?;
        endorsements::remove(tx, who, whom)?;
        tx.record(Event::Unfollowed { follower: who, followee: whom, uri: row.uri })?;
    }
    Ok(())
}

/// The followee says yes.
///
/// # Errors
/// [`Error::NotFound`] when nobody asked.
pub fn accept(tx: &mut Tx<'_>, followee: AccountId, follower: AccountId) -> Result<()> {
    let mut row = rows::between(tx, follower, followee)?.or_not_found()?;
    if FollowState::from_code(row.state) == FollowState::Accepted {
        return Ok(());
    }
    row.state = FollowState::Accepted.code();
    let id = row.id;
    rows::save(tx, &row)?;
    tx.record(Event::FollowAccepted { follow: id, follower, followee })
}

/// Lets in some of those who ask to follow an account that is not locked any more, those who asked first before others; returns where to go on.
/// Whoever would have to ask still goes on waiting.
///
/// # Errors
/// Internal.
pub(crate) fn let_in(tx: &mut Tx<'_>, of: AccountId, after: i64, limit: i64) -> Result<Option<i64>> {
    let Some(followee) = accounts::by_id(tx, of)?.filter(Account::is_active) else { return Ok(None) };
    let range = Range { min: Some(after), ..Range::newest(limit) };
    let page = rows::followers(tx, of, FollowState::Requested, range)?;
    let asking: Vec<AccountId> = page.iter().map(|(_, follower)| *follower).collect();
    for follower in accounts::by_ids(tx, &asking)?.iter().filter(|a| a.is_active()) {
        if is_open(&followee, follower) {
            accept(tx, of, follower.id)?;
        }
    }
    let is_full = i64::try_from(page.len()).unwrap_or(0) == limit;
    Ok(page.first().map(|(request, _)| *request).filter(|_| is_full))
}

/// The followee says no, or removes a follower.
///
/// # Errors
/// [`Error::NotFound`] when there is no such follow.
pub fn reject(tx: &mut Tx<'_>, followee: AccountId, follower: AccountId) -> Result<()> {
    let row = rows::between(tx, follower, followee)?.or_not_found()?;
    rows::delete(tx, row.id)?;
    tx.record(Event::FollowRejected { follower, followee, uri: row.uri })
}

/// Who follows an account.
///
/// # Errors
/// [`Error::NotFound`].
pub fn followers(
    c: &mut Conn,
    viewer: Viewer,
    of: AccountId,
    range: Range,
) -> Result<Vec<(i64, AccountView)>> {
    access::account(c, of)?;
    if hides_collections(c, viewer, of)? {
        return Ok(Vec::new());
    }
    let page = rows::followers(c, of, FollowState::Accepted, range)?;
    with_accounts_for(c, viewer, of, page)
}

/// Whom an account follows.
///
/// # Errors
/// [`Error::NotFound`].
pub fn following(
    c: &mut Conn,
    viewer: Viewer,
    of: AccountId,
    range: Range,
) -> Result<Vec<(i64, AccountView)>> {
    access::account(c, of)?;
    if hides_collections(c, viewer, of)? {
        return Ok(Vec::new());
    }
    let page = rows::following(c, of, range)?;
    with_accounts_for(c, viewer, of, page)
}

/// Whether an account keeps from a viewer who follows it and whom it follows: by choice, because it is suspended, or because it blocks the viewer.
///
/// # Errors
/// Internal.
pub fn hides_collections(c: &mut Conn, viewer: Viewer, of: AccountId) -> Result<bool> {
    if viewer == Some(of) {
        return Ok(false);
    }
    if profiles::of_accounts(c, &[of])?.first().is_some_and(|p| p.hides_collections) {
        return Ok(true);
    }
    if accounts::by_id(c, of)?.is_none_or(|account| !account.is_active()) {
        return Ok(true);
    }
    let blocks = match viewer {
        Some(viewer) => blocks::with(c, of, &[viewer])?,
        None => Vec::new(),
    };
    Ok(blocks.iter().any(|block| block.account_id == of))
}

/// Who asks to follow an account.
///
/// # Errors
/// Internal.
pub fn requests(c: &mut Conn, of: AccountId, range: Range) -> Result<Vec<(i64, AccountView)>> {
    let page = rows::followers(c, of, FollowState::Requested, range)?;
    with_accounts(c, page)
}

/// How many ask.
///
/// # Errors
/// Internal.
pub fn count_requests(c: &mut Conn, of: AccountId) -> Result<i64> {
    Ok(rows::count_requests(c, of)?)
}

/// Gives rows of a list that belongs to `owner` their accounts, without those with whom the viewer wants nothing to do or who block the viewer.
pub(crate) fn with_accounts_for(
    c: &mut Conn,
    viewer: Viewer,
    owner: AccountId,
    mut page: Vec<(i64, AccountId)>,
) -> Result<Vec<(i64, AccountView)>> {
    if let Some(viewer) = viewer.filter(|viewer| *viewer != owner) {
        let ids: Vec<AccountId> = page.iter().map(|(_, account)| *account).collect();
        let unwanted = access::unwanted_among(c, viewer, &ids)?;
        page.retain(|(_, account)| !unwanted.contains(account));
    }
    with_accounts(c, page)
}

/// Gives list rows their accounts.
pub(crate) fn with_accounts(c: &mut Conn, page: Vec<(i64, AccountId)>) -> Result<Vec<(i64, AccountView)>> {
    let ids: Vec<AccountId> = page.iter().map(|(_, a)| *a).collect();
    let shown = views::of_accounts(c, &ids)?;
    Ok(shown
        .into_iter()
        .filter_map(|v| page.iter().find(|(_, a)| *a == v.account.id).map(|(n, _)| (*n, v)))
        .collect())
}
