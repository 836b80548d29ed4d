//! Accept: somebody elsewhere lets somebody here follow or quote them. Only a Follow or QuoteRequest that we sent to the very sender is accepted (threats O9).

use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx, actors, follows, quotes};
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;
use url::Url;

use super::{Incoming, local};
use crate::signature::same_origin;
use crate::wire::ActivityKind;

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    if let Some(request) = quote_request(incoming, tx.now()) {
        // The authorization is the sender's, so it is on their server (threats O1).
        let approval = incoming.activity.result.as_ref().filter(|uri| same_origin(uri, &incoming.actor));
        return match approval {
            Some(approval) => quotes::accepted(tx, sender.id, request.as_str(), approval.as_str()),
            None => Ok(()),
        };
    }
    match follower(tx, incoming, sender)? {
        Some(follower) => follows::accept(tx, sender.id, follower),
        None => Ok(()),
    }
}

/// The id of the QuoteRequest of ours that is answered, if it is one.
pub(super) fn quote_request(incoming: &Incoming, now: Moment) -> Option<Url> {
    match incoming.inner(now) {
        Some(inner) => inner.id.filter(|_| inner.kind == Some(ActivityKind::QuoteRequest)),
        // Only its id: those of ours say what they are.
        None => {
            incoming.object_id().filter(|id| id.fragment().is_some_and(|f| f.starts_with("quote_requests/")))
        }
    }
}

/// Whose follow of the sender the activity is about: by the id of the Follow, else by who and whom of the one inside.
pub(super) fn follower(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<Option<AccountId>> {
    if let Some(id) = incoming.object_id()
        && let Some((follower, followee)) = actors::follow_by_uri(tx, id.as_str())?
    {
        return Ok((followee == sender.id).then_some(follower));
    }
    let Some(inner) = incoming.inner(tx.now()) else { return Ok(None) };
    let names_sender = inner.object().and_then(|o| o.id()).is_some_and(|o: Url| o.as_str() == sender.uri);
    if names_sender { local(tx, &inner.actor) } else { Ok(None) }
}
