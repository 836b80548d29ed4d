//! Reject: somebody elsewhere says no to a follow of ours, or removes us from their followers. Only from a follow of the very sender (threats O9).

use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx, follows, quotes};

use super::{Incoming, accept};

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    if let Some(request) = accept::quote_request(incoming, tx.now()) {
        return quotes::refused(tx, sender.id, request.as_str());
    }
    match accept::follower(tx, incoming, sender)? {
        Some(follower) => follows::reject(tx, sender.id, follower),
        None => Ok(()),
    }
}
