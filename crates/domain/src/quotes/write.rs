//! Quoting by people here: whether they may, and what is written with their post.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::{Permission, QuotePolicy, QuoteState};
use parvis_model::refusal::Refusal;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::quotes::{self as rows, Quote};
use parvis_store::statuses::Status;
use parvis_store::{Tx, accounts, logins};

use crate::access;
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;

/// The post that somebody wants to quote (of a boost, the one behind it), and the visibility that their own post may have.
///
/// # Errors
/// [`Error::NotFound`] when it is not there for them, or its author does not want that (Mastodon's answer for both);
/// [`Refusal::QuotedNotMentioned`] for a direct post that does not mention the quoted author.
pub fn quotable(
    tx: &mut Tx<'_>,
    who: AccountId,
    id: StatusId,
    visibility: Visibility,
    mentioned: &[Account],
) -> Result<(Status, Visibility)> {
    let post = access::original(tx, who, id)?;
    if super::permission(tx, who, &post)? == Permission::Denied {
        return Err(Error::NotFound);
    }
    let is_theirs = post.account_id == who;
    if visibility == Visibility::Direct && !is_theirs && !mentioned.iter().any(|a| a.id == post.account_id) {
        return Err(Error::field("quoted_status_id", Refusal::QuotedNotMentioned));
    }
    // Their own post for few: the quote of it is not for more.
    let is_for_few = !Visibility::from_code(post.visibility).is_for_everybody();
    Ok((post, if is_for_few { visibility.max(Visibility::Private) } else { visibility }))
}

/// Writes what a new post of somebody here quotes. A quoted author elsewhere is asked; one here has answered by their policy.
///
/// # Errors
/// Internal.
pub fn attach(tx: &mut Tx<'_>, quoting: &Status, quoted: &Status) -> Result<()> {
    let context = tx.context()?;
    let quoted_author = accounts::by_id(tx, quoted.account_id)?.or_not_found()?;
    let author = accounts::by_id(tx, quoting.account_id)?.or_not_found()?;
    let is_own = quoted_author.id == author.id;
    let is_asked = !is_own && !quoted_author.is_local();
    let row = Quote {
        status_id: quoting.id,
        account_id: author.id,
        quoted_id: Some(quoted.id),
        quoted_uri: quoted.uri.clone(),
        quoted_account_id: Some(quoted_author.id),
        state: if is_asked { QuoteState::Pending } else { QuoteState::Accepted }.code(),
        request_uri: is_asked
            .then(|| context.urls.activity(&author.username, &format!("quote_requests/{}", quoting.id))),
        approval_uri: (!is_own && !is_asked)
            .then(|| context.urls.quote_authorization(&quoted_author.username, quoting.id)),
        created_at: tx.now(),
    };
    Ok(rows::insert(tx, &row)?)
}

/// Tells of a quote that was written with its post, after the post itself was told of.
///
/// # Errors
/// Internal.
pub(crate) fn tell(tx: &mut Tx<'_>, quoting: StatusId) -> Result<()> {
    let Some(row) = rows::of_status(tx, quoting)? else { return Ok(()) };
    match row.state() {
        QuoteState::Pending => tx.record(Event::QuoteRequested { status: quoting, by: row.account_id }),
        QuoteState::Accepted => tx.record(Event::QuoteAccepted { status: quoting, by: row.account_id }),
        QuoteState::Rejected | QuoteState::Revoked => Ok(()),
    }
}

/// Writes who may quote a post of somebody here, and returns it: as they say, else as their settings say.
///
/// # Errors
/// Internal.
pub(crate) fn say_policy(tx: &mut Tx<'_>, post: &Status, said: Option<QuotePolicy>) -> Result<QuotePolicy> {
    let policy = match said {
        Some(policy) => policy,
        None => logins::of_account(tx, post.account_id)?
            .map_or(QuotePolicy::PUBLIC, |login| QuotePolicy::from_default(login.default_quote_policy)),
    };
    let policy = policy.of_post(Visibility::from_code(post.visibility));
    rows::set_policy(tx, post.id, policy)?;
    Ok(policy)
}

/// Says who may quote one's own post from now on. Quotes that are there stay.
///
/// # Errors
/// [`Error::NotFound`] for posts of others and for boosts.
pub fn set_policy(tx: &mut Tx<'_>, owner: AccountId, id: StatusId, policy: QuotePolicy) -> Result<()> {
    let post = access::own_status(tx, owner, id)?;
    if post.boost_of_id.is_some() {
        return Err(Error::NotFound);
    }
    rows::set_policy(tx, id, policy.of_post(Visibility::from_code(post.visibility)))?;
    tx.record(Event::QuotePolicyChanged { status: id, author: owner })
}
