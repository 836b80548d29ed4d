//! Answers to the question whether a post may be quoted: given by people here through their policy, or come from elsewhere; and taken back.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::{Permission, QuoteState};
use parvis_model::refusal::Refusal;
use parvis_store::quotes::{self as rows, Quote};
use parvis_store::{Conn, Tx, accounts, statuses};

use crate::access;
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;

/// What a QuoteRequest from elsewhere would be answered, before anything is fetched for it: `None` when the post is not there for them or not
/// ours, and nothing is answered (threats I2).
///
/// # Errors
/// Internal.
pub fn may_ask(c: &mut Conn, who: AccountId, quoted: StatusId) -> Result<Option<bool>> {
    let post = match access::status(c, Some(who), quoted) {
        Ok(post) if post.is_local && post.boost_of_id.is_none() => post,
        Ok(_) | Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    // Nobody here looks at requests one by one, so what is not allowed at once is refused.
    Ok(Some(super::permission(c, who, &post)? == Permission::Automatic))
}

/// Somebody elsewhere asks to quote a post of ours; `quoting` is their post, which is here. The answer leaves through the event.
///
/// # Errors
/// [`Error::NotFound`] when the quoting post is not theirs or does not quote this one.
pub fn asked(
    tx: &mut Tx<'_>,
    who: AccountId,
    quoting: StatusId,
    quoted: StatusId,
    request_uri: &str,
) -> Result<()> {
    if may_ask(tx, who, quoted)? != Some(true) {
        return Err(Error::NotFound);
    }
    let row = rows::of_status(tx, quoting)?
        .filter(|q| q.account_id == who && q.quoted_id == Some(quoted))
        .or_not_found()?;
    if row.state() == QuoteState::Revoked {
        // What was taken back is not given again because somebody asks again.
        return Ok(());
    }
    let quoted = statuses::by_id(tx, quoted)?.or_not_found()?;
    let author = accounts::by_id(tx, quoted.account_id)?.or_not_found()?;
    let approval_uri = Some(tx.context()?.urls.quote_authorization(&author.username, quoting));
    let state = QuoteState::Accepted.code();
    rows::save(tx, &Quote { state, approval_uri, request_uri: Some(request_uri.to_owned()), ..row })?;
    changed(tx, quoting)?;
    tx.record(Event::QuoteAccepted { status: quoting, by: who })
}

/// An author elsewhere allows a quote of somebody here; `approval_uri` is their QuoteAuthorization, of their own server.
///
/// # Errors
/// Internal.
pub fn accepted(tx: &mut Tx<'_>, by: AccountId, request_uri: &str, approval_uri: &str) -> Result<()> {
    let Some(row) = of_request(tx, by, request_uri)?.filter(|q| q.state() == QuoteState::Pending) else {
        return Ok(());
    };
    let (status, who, state) = (row.status_id, row.account_id, QuoteState::Accepted.code());
    rows::save(tx, &Quote { state, approval_uri: Some(approval_uri.to_owned()), ..row })?;
    changed(tx, status)?;
    tx.record(Event::QuoteAccepted { status, by: who })
}

/// An author elsewhere says no to a quote of somebody here, or no longer allows it.
///
/// # Errors
/// Internal.
pub fn refused(tx: &mut Tx<'_>, by: AccountId, request_uri: &str) -> Result<()> {
    let Some(row) = of_request(tx, by, request_uri)? else { return Ok(()) };
    let state = match row.state() {
        QuoteState::Accepted => QuoteState::Revoked,
        _ => QuoteState::Rejected,
    };
    end(tx, row, state)
}

/// The quote of somebody here about which an author was asked.
fn of_request(tx: &mut Tx<'_>, by: AccountId, request_uri: &str) -> Result<Option<Quote>> {
    Ok(rows::by_request(tx, request_uri)?.filter(|q| q.quoted_account_id == Some(by)))
}

/// An author elsewhere takes a QuoteAuthorization back; `false` when the id is none of theirs.
///
/// # Errors
/// Internal.
pub fn revoked_by_author(tx: &mut Tx<'_>, by: AccountId, approval_uri: &str) -> Result<bool> {
    match rows::by_approval(tx, approval_uri)?.filter(|q| q.quoted_account_id == Some(by)) {
        Some(row) => end(tx, row, QuoteState::Revoked).map(|()| true),
        None => Ok(false),
    }
}

/// The author of a post takes back that another post quotes it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such quote for them; [`Refusal::RoleTooLow`] when the quoted post is not theirs.
pub fn revoke(tx: &mut Tx<'_>, who: AccountId, quoted: StatusId, quoting: StatusId) -> Result<()> {
    let post = access::status(tx, Some(who), quoted)?;
    if post.account_id != who {
        return Err(Error::Forbidden(Refusal::RoleTooLow));
    }
    let row = rows::of_status(tx, quoting)?.filter(|q| q.quoted_id == Some(quoted)).or_not_found()?;
    let approval_uri = row.approval_uri.clone();
    let (status, by) = (row.status_id, row.account_id);
    end(tx, row, QuoteState::Revoked)?;
    tx.record(Event::QuoteRevoked { status, by, quoted, approval_uri })
}

fn end(tx: &mut Tx<'_>, row: Quote, state: QuoteState) -> Result<()> {
    let status = row.status_id;
    rows::save(tx, &Quote { state: state.code(), approval_uri: None, ..row })?;
    changed(tx, status)
}

/// Whoever looks at the quoting post sees something else now.
pub(super) fn changed(tx: &mut Tx<'_>, quoting: StatusId) -> Result<()> {
    if let Some(mut status) = statuses::by_id(tx, quoting)? {
        status.version += 1;
        statuses::save(tx, &status)?;
        tx.notify("status.update", quoting.0);
    }
    Ok(())
}
