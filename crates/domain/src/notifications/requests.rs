//! People whose private mentions were held back: who waits, letting them through, sending them away.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::notification::NotificationKind;
use parvis_store::notification_policies::{self as rows, Request};
use parvis_store::notifications::Notification;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx};

use crate::error::{OrNotFound, Result};
use crate::views::{self, AccountView, Place, StatusView};

/// Topic of [`Tx::notify`]: held back notifications show now; the id is their owner's.
pub const MERGED: &str = "notifications.merged";
/// Requests that are answered at once.
const AT_ONCE: usize = 100;

/// Somebody who waits.
#[derive(Clone, Debug)]
pub struct RequestView {
    pub row: Request,
    pub from: AccountView,
    /// How many of their notifications are held back.
    pub notifications: i64,
    /// The last post that mentioned the owner, if it is still there.
    pub last_status: Option<StatusView>,
}

/// Who waits.
///
/// # Errors
/// Internal.
pub fn page(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<RequestView>> {
    let found = rows::requests(c, owner, range)?;
    with_views(c, owner, found)
}

/// One who waits.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn one(c: &mut Conn, owner: AccountId, id: i64) -> Result<RequestView> {
    let found = rows::requests_of_owner(c, owner, &[id])?;
    with_views(c, owner, found)?.pop().or_not_found()
}

fn with_views(c: &mut Conn, owner: AccountId, found: Vec<Request>) -> Result<Vec<RequestView>> {
    let from: Vec<AccountId> = found.iter().map(|r| r.from_account_id).collect();
    let posts: Vec<StatusId> = found.iter().filter_map(|r| r.last_status_id).collect();
    let people = views::of_accounts(c, &from)?;
    let counts = rows::count_filtered(c, owner, &from)?;
    let shown = views::of_statuses(c, Some(owner), &posts, Place::Elsewhere)?;
    Ok(found
        .into_iter()
        .filter_map(|row| {
            Some(RequestView {
                from: people.iter().find(|p| p.account.id == row.from_account_id)?.clone(),
                notifications: counts.get(&row.from_account_id).copied().unwrap_or_default(),
                last_status: shown.iter().find(|v| Some(v.status.id) == row.last_status_id).cloned(),
                row,
            })
        })
        .collect())
}

/// Lets senders through, now and from now on: what was held back shows. Ids that are not the owner's are left out.
///
/// # Errors
/// Internal.
pub fn accept(tx: &mut Tx<'_>, owner: AccountId, ids: &[i64]) -> Result<()> {
    let from = senders(tx, owner, ids)?;
    let now = tx.now();
    rows::permit(tx, owner, &from, now)?;
    if rows::release(tx, owner, &from)? > 0 {
        tx.notify(MERGED, owner.0);
    }
    Ok(rows::remove_requests(tx, owner, &from)?)
}

/// Sends senders away: what was held back goes. Later ones are held back again.
///
/// # Errors
/// Internal.
pub fn dismiss(tx: &mut Tx<'_>, owner: AccountId, ids: &[i64]) -> Result<()> {
    let from = senders(tx, owner, ids)?;
    rows::remove_filtered(tx, owner, &from)?;
    Ok(rows::remove_requests(tx, owner, &from)?)
}

/// Lets the sender of what was just held back wait, if they wrote to the owner.
pub(super) fn wait(tx: &mut Tx<'_>, told: &Notification) -> Result<()> {
    let is_written = matches!(
        NotificationKind::parse(&told.kind),
        Some(NotificationKind::Mention | NotificationKind::Quote)
    );
    if !is_written {
        return Ok(());
    }
    let row = Request {
        id: tx.new_id(),
        account_id: told.account_id,
        from_account_id: told.from_account_id,
        last_status_id: told.status_id,
        created_at: told.created_at,
        updated_at: told.created_at,
    };
    Ok(rows::ask(tx, &row)?)
}

fn senders(c: &mut Conn, owner: AccountId, ids: &[i64]) -> Result<Vec<AccountId>> {
    let ids: Vec<i64> = ids.iter().copied().take(AT_ONCE).collect();
    Ok(rows::requests_of_owner(c, owner, &ids)?.into_iter().map(|r| r.from_account_id).collect())
}
