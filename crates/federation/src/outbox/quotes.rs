//! Quotes across servers → QuoteRequest, Accept, Reject, Delete of an authorization, Update of the quoting post. What the rule says was decided in
//! `domain::quotes`.

use parvis_domain::outbox::Audience;
use parvis_domain::rows::{Account, Quote};
use parvis_domain::{Record, Result, Tx, actors, quotes};
use parvis_model::ids::{AccountId, StatusId};
use serde_json::{Value, json};

use super::{inbox_of, local, new_id, posts, remote, send};
use crate::objects::{note, quote};

/// Somebody here quotes somebody elsewhere: asks their server.
pub(super) fn requested(tx: &mut Tx<'_>, status: StatusId, by: AccountId) -> Result<()> {
    let Some((row, ours)) = quote_of(tx, status, by)? else { return Ok(()) };
    let Some(author) = row.quoted_account_id else { return Ok(()) };
    let (Some(theirs), Some(uri)) = (remote(tx, author)?, row.request_uri.clone()) else { return Ok(()) };
    let Some(view) = actors::own_post(tx, by, status)? else { return Ok(()) };
    let urls = tx.context()?.urls.clone();
    let may_read = view.visibility.is_for_everybody() || view.mentions.iter().any(|m| m.account_id == author);
    let quoting = if may_read { note::document(&urls, &view) } else { json!(view.status.uri) };
    let request = quote::request(&uri, &ours.uri, &row.quoted_uri, quoting);
    tell(tx, &ours, &theirs, request)
}

/// A quote is allowed: by somebody here, whose answer leaves, or by somebody elsewhere, and the post of somebody here says so from now on.
pub(super) fn accepted(tx: &mut Tx<'_>, status: StatusId, by: AccountId) -> Result<()> {
    if let Some((row, _)) = quote_of(tx, status, by)? {
        // An own post had its answer when it was published, unless somebody elsewhere gave it.
        return if row.request_uri.is_some() { posts::edited(tx, status, by) } else { Ok(()) };
    }
    let Some(row) = quotes::of_quoting(tx, status)? else { return Ok(()) };
    let (Some(quoted), Some(approval), Some(request)) =
        (row.quoted_account_id, &row.approval_uri, &row.request_uri)
    else {
        return Ok(());
    };
    let (Some(ours), Some(theirs)) = (local(tx, quoted)?, remote(tx, by)?) else { return Ok(()) };
    let Some(quoting) = actors::post(tx, status)? else { return Ok(()) };
    let inner = quote::request(request, &theirs.uri, &row.quoted_uri, json!(quoting.uri));
    let id = new_id(tx, &ours, "accepts")?;
    tell(tx, &ours, &theirs, quote::answer(&id, &ours.uri, &theirs.uri, inner, Some(approval)))
}

/// A request from elsewhere is refused.
pub(super) fn refused(
    tx: &mut Tx<'_>,
    quoted: StatusId,
    by: AccountId,
    request: &str,
    quoting: &str,
) -> Result<()> {
    let Some(post) = actors::post(tx, quoted)? else { return Ok(()) };
    let (Some(ours), Some(theirs)) = (local(tx, post.account_id)?, remote(tx, by)?) else { return Ok(()) };
    let inner = quote::request(request, &theirs.uri, &post.uri, json!(quoting));
    let id = new_id(tx, &ours, "rejects")?;
    tell(tx, &ours, &theirs, quote::answer(&id, &ours.uri, &theirs.uri, inner, None))
}

/// Somebody here takes an authorization back: everybody who may have believed it hears of it.
pub(super) fn revoked(
    tx: &mut Tx<'_>,
    status: StatusId,
    by: AccountId,
    quoted: StatusId,
    approval: Option<&str>,
) -> Result<()> {
    if let (Some(post), Some(quoting), Some(approval)) =
        (actors::post(tx, quoted)?, actors::post(tx, status)?, approval)
        && let Some(ours) = local(tx, post.account_id)?
    {
        let delete = quote::revocation(&ours.uri, approval, &quoting.uri, &post);
        let explicit = remote(tx, by)?.as_ref().map(inbox_of).into_iter().collect();
        let audience = Audience { followers_of: Some(ours.id), as_of_object: Some(quoting.uri), explicit };
        send(tx, &ours, None, delete, audience)?;
    }
    // A quoting post of somebody here says no longer that it is allowed.
    if quote_of(tx, status, by)?.is_some() { posts::edited(tx, status, by) } else { Ok(()) }
}

/// The quote of a post of somebody here.
fn quote_of(tx: &mut Tx<'_>, status: StatusId, by: AccountId) -> Result<Option<(Quote, Account)>> {
    let Some(account) = local(tx, by)? else { return Ok(None) };
    Ok(quotes::of_quoting(tx, status)?.map(|row| (row, account)))
}

fn tell(tx: &mut Tx<'_>, from: &Account, to: &Account, activity: Value) -> Result<()> {
    let explicit = vec![(to.host.clone(), to.inbox.clone())];
    send(tx, from, None, activity, Audience { explicit, ..Audience::default() })
}
