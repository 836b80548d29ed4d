//! Delete: a post, a boost or the sender themselves is gone. Whether it is theirs to delete is decided in `domain::remote::gone`.

use parvis_domain::remote::{Outcome, gone};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx};

use super::Incoming;

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    let Some(object) = incoming.object_id() else { return Ok(()) };
    if let Outcome::Dropped(why) = gone::delete(tx, sender.id, object.as_str())? {
        tracing::debug!(activity = %incoming.id, why, "dropped");
    }
    Ok(())
}
