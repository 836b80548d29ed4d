//! Block: somebody elsewhere blocks somebody here. Follows between the two end, and neither sees the other.

use parvis_domain::remote::gone;
use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx, blocks};

use super::{Incoming, local};

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    let Some(object) = incoming.object_id() else { return Ok(()) };
    let Some(target) = local(tx, &object)? else { return Ok(()) };
    if gone::is_gone(tx, &sender.uri, incoming.id.as_str())? {
        return Ok(());
    }
    blocks::block(tx, sender.id, target, Some(incoming.id.as_str()))
}
