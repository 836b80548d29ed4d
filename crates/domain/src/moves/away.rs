//! An account of this town moves to another one, usually on another server. The new account must name it as a former address; its server is asked
//! at that moment. Followers elsewhere are moved by their own servers (the Move activity), those here by a job ([`super::carry`]).

use parvis_model::ids::AccountId;
use parvis_model::moves::next_move;
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;
use parvis_store::{accounts, moves as rows};

use super::{aliases, settle};
use crate::error::{Error, OrNotFound, Result};
use crate::views::{self, AccountView};
use crate::{Conn, Town, Tx, access};

/// Where an account stands with its moves.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Where it points to.
    pub moved_to: Option<AccountView>,
    /// Before this it cannot move (again).
    pub not_before: Option<Moment>,
}

/// Moves to the account at an address. The door made sure that its owner (by password) or the operator wants it.
///
/// # Errors
/// `Invalid(AliasUnusable)`; [`Refusal::MoveUnproven`], [`Refusal::MoveTooSoon`], [`Refusal::AccountMoved`]; `NotFound`.
pub async fn go(town: &Town, me: AccountId, typed: &str) -> Result<()> {
    let target = aliases::look_up(town, typed, "to").await?;
    let (own_uri, there) = town
        .db()
        .read(move |c| {
            let own = accounts::by_id(c, me)?.filter(|a| a.is_local() && a.is_active()).or_not_found()?;
            Ok::<_, Error>((own.uri, access::active_account(c, target)?))
        })
        .await?;
    let named = if there.is_local() {
        town.db().read(move |c| Ok::<_, Error>(rows::aliases(c, target)?)).await?
    } else {
        town.remote().aliases_of(&there.uri).await.map_err(|error| match error {
            Error::Internal(_) => error,
            other => {
                tracing::debug!(%other, "an account that somebody moves to could not be asked");
                Error::field("to", Refusal::AliasUnusable)
            }
        })?
    };
    if !named.contains(&own_uri) {
        return Err(Error::Refused(Refusal::MoveUnproven));
    }
    town.db().write(move |tx| depart(tx, me, target)).await
}

/// The move itself, once it is proven.
fn depart(tx: &mut Tx<'_>, me: AccountId, target: AccountId) -> Result<()> {
    let own = accounts::by_id(tx, me)?.filter(|a| a.is_local() && a.is_active()).or_not_found()?;
    let there = access::active_account(tx, target)?;
    settle(tx, &own, &there)
}

/// Points to the new account no longer. When it may move again does not change.
///
/// # Errors
/// `NotFound`.
pub fn stay(tx: &mut Tx<'_>, me: AccountId) -> Result<()> {
    if rows::of_account(tx, me)?.is_some_and(|m| m.is_shown) {
        rows::show(tx, me, false)?;
        aliases::changed(tx, me)?;
    }
    Ok(())
}

/// Where an account stands.
///
/// # Errors
/// Internal.
pub fn standing(c: &mut Conn, me: AccountId) -> Result<Standing> {
    let Some(last) = rows::of_account(c, me)? else { return Ok(Standing::default()) };
    let next = next_move(last.moved_at, true);
    let moved_to =
        if last.is_shown { views::of_accounts(c, &[last.target_id])?.into_iter().next() } else { None };
    Ok(Standing { moved_to, not_before: Some(next).filter(|at| *at > c.now()) })
}
