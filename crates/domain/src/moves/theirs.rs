//! Accounts of other servers that move: a Move activity, believed when both accounts say the same, each read anew from its own server (threats O10).

use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::{accounts, moves as rows};

use super::settle;
use crate::error::{Error, OrNotFound, Result};
use crate::{Tx, access};

/// What the two servers said just now.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Where the old account's document says that it moved.
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
    if proof.moved_to.as_ref() != Some(&target.uri) || !aliases.contains(&origin.uri) {
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
