//! Follow: somebody elsewhere wants to follow somebody here. The rule, who must answer, and the event that sends the Accept are in
//! `domain::follows::follow`, the same as for residents.

use parvis_domain::follows::{self, Wishes};
use parvis_domain::remote::gone;
use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx};

use super::{Incoming, local};

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    let Some(object) = incoming.object_id() else { return Ok(()) };
    let Some(followee) = local(tx, &object)? else { return Ok(()) };
    // It may have been taken back before it came (threats R8).
    if gone::is_gone(tx, &sender.uri, incoming.id.as_str())? {
        return Ok(());
    }
    follows::follow(tx, sender.id, followee, &Wishes::default(), Some(incoming.id.as_str()))?;
    Ok(())
}
