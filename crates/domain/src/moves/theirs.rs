//! Accounts of other servers that move: a Move activity, which the old account signed, believed when the new account names the old one and the old one
//! names nobody else, each read anew from its own server (threats O10).

use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::{accounts, moves as rows};

use super::settle;
use crate::error::{Error, OrNotFound, Result};
use crate::{Tx, access};

/// What the two servers said just now.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Where the old account's document says that it moved. Some servers (snac2 2.94) say it in the activity only, which the account signed.
    pub moved_to: Option<String>,
    /// The new account, as the activity has it.
    pub target: String,
    /// The other ids that the new account's document names. Not looked at when it is one of ours: ours say it here.
    pub aliases: Vec<String>,
}

/// An account of another server moved. The door fetched what is in `proof` and kept both accounts.
///
/// # Errors
/// [`Refusal::MoveUnproven`], [`Refusal::MoveTooSoon`], [`Refusal::AccountMoved`], [`Refusal::NotOneself`]; `NotFound`.
pub fn moved(tx: &mut Tx<'_>, who: AccountId, proof: &Proof) -> Result<()> {
    let origin = access::active_account(tx, who)?;
    let target = accounts::by_uri(tx, &proof.target)?.or_not_found()?;
    let target = access::active_account(tx, target.id)?;
    if origin.is_local() {
        return Err(Error::Refused(Refusal::MoveUnproven));
    }
    let aliases = if target.is_local() { rows::aliases(tx, target.id)? } else { proof.aliases.clone() };
    let says_otherwise = proof.moved_to.as_ref().is_some_and(|to| *to != target.uri);
    if says_otherwise || !aliases.contains(&origin.uri) {
        return Err(Error::Refused(Refusal::MoveUnproven));
    }
    settle(tx, &origin, &target)
}

/// What a newly read profile says of a move that was believed before: taken back, it no longer shows. It never makes a move.
///
/// # Errors
/// Internal.
pub fn heard(tx: &mut Tx<'_>, who: AccountId, moved_to: Option<&str>) -> Result<()> {
    let Some(last) = rows::of_account(tx, who)? else { return Ok(()) };
    let target = accounts::by_id(tx, last.target_id)?;
    let is_shown = moved_to.is_some() && moved_to == target.as_ref().map(|t| t.uri.as_str());
    if is_shown != last.is_shown { Ok(rows::show(tx, who, is_shown)?) } else { Ok(()) }
}
