//! Who acts for the town, asked in the transaction that acts: the door's answer may be a moment old. Which role may what is
//! `model::permission`.

use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_store::{Conn, accounts, logins};

use crate::error::{Error, Result};

/// Somebody who may do what was asked for. Only [`require`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Staff {
    /// Who.
    pub account: AccountId,
    /// As what.
    pub role: Role,
}

/// The person behind an account, if their role has this permission and they can act at all.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn require(c: &mut Conn, account: AccountId, permission: Permission) -> Result<Staff> {
    let role = role_of(c, account)?;
    let can_act = accounts::by_id(c, account)?.is_some_and(|a| a.is_active());
    match role {
        Some(role) if can_act && role.may(permission) => Ok(Staff { account, role }),
        _ => Err(Error::Forbidden(Refusal::RoleTooLow)),
    }
}

/// The role of somebody whose login is open; nothing for everybody else.
///
/// # Errors
/// Internal.
pub fn role_of(c: &mut Conn, account: AccountId) -> Result<Option<Role>> {
    Ok(logins::of_account(c, account)?.filter(logins::Login::is_open).and_then(|l| Role::parse(&l.role)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::suspend;
    use crate::testing::both;

    #[tokio::test]
    async fn i4_only_whose_role_has_the_permission_acts_for_the_town() {
        both(|town| async move {
            let (ana, mod_) = (town.resident("ana").await, town.moderator("mod").await);
            let ask = async |who, what| town.db().read(move |c| require(c, who, what)).await;
            assert!(matches!(ask(ana, Permission::ManageReports).await, Err(Error::Forbidden(_))));
            assert!(matches!(ask(mod_, Permission::ManageFederation).await, Err(Error::Forbidden(_))));
            assert_eq!(ask(mod_, Permission::ManageReports).await.unwrap().role, Role::Moderator);
            town.write(move |tx| suspend::suspend(tx, Role::Admin, mod_)).await;
            assert!(ask(mod_, Permission::ManageReports).await.is_err(), "not while suspended");
        })
        .await;
    }
}
