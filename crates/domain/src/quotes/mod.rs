//! Posts that quote posts (FEP-044f): who may, who allowed it, and how that is taken back. What the reader of a quote may see of the quoted post is
//! `views`'s and `access`'s business, as for every other post.
//!
//! The rule who may quote is `model::quote::may_quote`, fed by [`permission`] and by `views`. A quote counts only with the consent of the quoted
//! author: given at once here when their policy says so, or signed by their server. Neighbours: `federation::activities::quote_request`,
//! `federation::outbox::quotes`, the job [`VERIFY`].

mod answer;
mod remote;
mod write;

use std::collections::HashMap;

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::{Permission, QuotePolicy, Quoter, may_quote};
use parvis_model::visibility::Visibility;
use parvis_store::quotes as rows;
use parvis_store::statuses::Status;
use parvis_store::timelines::Range;
use parvis_store::{Conn, accounts, follows};

pub use answer::{accepted, asked, may_ask, refused, revoke, revoked_by_author};
pub use remote::{RemotePolicy, RemoteQuote, VERIFY, set_remote_policy, told, verify};
pub use write::set_policy;
pub(crate) use write::{attach, quotable, say_policy, tell};

use crate::access::{self, Viewer};
use crate::error::{OrNotFound, Result};
pub use crate::outside::Authorization;
use crate::rows::Quote;

/// What somebody who wants to quote a post can expect. They must be able to see it: that is asked of `access` before.
///
/// # Errors
/// Internal.
pub fn permission(c: &mut Conn, who: AccountId, post: &Status) -> Result<Permission> {
    let policy = policy_of(c, post.id)?;
    let mut quoter = Quoter { is_author: who == post.account_id, ..Quoter::default() };
    for follow in follows::with(c, who, &[post.account_id])? {
        if follow.state == parvis_model::follow::FollowState::Accepted.code() {
            quoter.is_follower |= follow.follower_id == who;
            quoter.is_followed |= follow.follower_id == post.account_id;
        }
    }
    Ok(may_quote(Visibility::from_code(post.visibility), policy, Some(quoter)))
}

/// Who may quote a post.
///
/// # Errors
/// Internal.
pub fn policy_of(c: &mut Conn, id: StatusId) -> Result<QuotePolicy> {
    Ok(rows::policies_of(c, &[id])?.pop().map(|(_, policy)| policy).unwrap_or_default())
}

/// The posts that quote a post with its author's consent, as far as the viewer may see them: a page of ids of what is shown.
///
/// # Errors
/// [`crate::Error::NotFound`] when the viewer may not see the quoted post.
pub fn of_status(c: &mut Conn, viewer: Viewer, id: StatusId, range: Range) -> Result<Vec<StatusId>> {
    let found = access::status(c, viewer, id)?;
    Ok(rows::accepted_of(c, found.boost_of_id.unwrap_or(found.id), range)?)
}

/// Those here who quote a post with its author's consent, at most a thousand.
///
/// # Errors
/// Internal.
pub fn local_quoters(c: &mut Conn, id: StatusId) -> Result<Vec<AccountId>> {
    Ok(rows::local_quoters(c, id, 1_000)?)
}

/// What a post quotes, for rendering activities.
///
/// # Errors
/// Internal.
pub fn of_quoting(c: &mut Conn, id: StatusId) -> Result<Option<Quote>> {
    Ok(rows::of_status(c, id)?)
}

/// The quote that a QuoteAuthorization of ours stands for, as far as the viewer may see the quoted post.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none or no longer.
pub fn authorization(
    c: &mut Conn,
    viewer: Viewer,
    author: AccountId,
    quoting: StatusId,
) -> Result<Authorization> {
    let quote = rows::of_status(c, quoting)?
        .filter(|q| {
            q.quoted_account_id == Some(author) && q.state() == parvis_model::quote::QuoteState::Accepted
        })
        .or_not_found()?;
    let id = quote.approval_uri.clone().or_not_found()?;
    let quoted = access::status(c, viewer, quote.quoted_id.or_not_found()?)?;
    let quoting = parvis_store::statuses::by_id(c, quoting)?.or_not_found()?;
    let author = accounts::by_id(c, author)?.or_not_found()?;
    let is_public = Visibility::from_code(quoted.visibility).is_for_everybody();
    Ok(Authorization { id, author: author.uri, quoting: quoting.uri, quoted: quoted.uri, is_public })
}

/// Posts by id, for those who need a few.
fn by_id(c: &mut Conn, ids: &[StatusId]) -> Result<HashMap<StatusId, Status>> {
    Ok(parvis_store::statuses::by_ids(c, ids)?.into_iter().map(|s| (s.id, s)).collect())
}
