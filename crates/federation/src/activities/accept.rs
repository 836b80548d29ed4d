//! Accept: somebody elsewhere lets somebody here follow them. Only a Follow that we sent to the very sender is accepted (threats O9).

use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx, actors, follows};
use parvis_model::ids::AccountId;
use url::Url;

use super::{Incoming, local};

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    match follower(tx, incoming, sender)? {
        Some(follower) => follows::accept(tx, sender.id, follower),
        None => Ok(()),
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
