//! The account of a group of this town: nobody signs in to it, nobody is asked before following it. What a group is for decides who opens one
//! (`communities`, later debates and neighbourhoods).

use parvis_model::account::ActorKind;
use parvis_model::handle::Username;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::profiles::{self, Profile};

use super::key_pool::Pairs;
use super::{local, register};
use crate::Tx;
use crate::error::{Error, Result};

/// How a group is called and what it says of itself.
#[derive(Clone, Debug)]
pub(crate) struct NewGroup {
    pub(crate) username: Username,
    /// One line.
    pub(crate) title: String,
    /// As typed.
    pub(crate) text: String,
    /// The same, sanitised.
    pub(crate) html: String,
}

/// Writes the account, with a key from the pool or `made`. `None` when there is neither; then nothing is written.
///
/// # Errors
/// [`Refusal::HandleTaken`].
pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewGroup, made: Option<&Pairs>) -> Result<Option<AccountId>> {
    if register::is_taken(tx, &new.username)? {
        return Err(Error::field("username", Refusal::HandleTaken));
    }
    let mut account = local::row(tx, new.username.as_str(), new.username.skeleton(), ActorKind::Group)?;
    account.display_name.clone_from(&new.title);
    account.bio_source.clone_from(&new.text);
    account.bio_html.clone_from(&new.html);
    if !local::insert(tx, &account, made)? {
        return Ok(None);
    }
    // Who is a member of what is the members' own affair: how many are told, not who.
    profiles::save(tx, &Profile { hides_collections: true, ..Profile::usual(&account) })?;
    Ok(Some(account.id))
}
