//! Who acts for the town, asked in the transaction that acts: the door's answer may be a moment old. Which role may what is
//! `model::permission`.

use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_store::{Conn, accounts, logins, roster};

use crate::error::{Error, Result};

/// Who wants to act, as a door knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Somebody who is signed in.
    Account(AccountId),
    /// Whoever has the machine: the command line.
    Operator,
}

impl From<AccountId> for By {
    fn from(id: AccountId) -> Self {
        Self::Account(id)
    }
}

/// Somebody who may do what was asked for. Only [`require`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Staff {
    /// Who; nobody for the command line.
    pub account: Option<AccountId>,
    /// As what.
    pub role: Role,
    /// In words, for the record.
    pub name: String,
}

/// Whoever wants to act, if their role has this permission and they can act at all.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn require(c: &mut Conn, by: impl Into<By>, permission: Permission) -> Result<Staff> {
    let id = match by.into() {
        By::Account(id) => id,
        By::Operator => {
            return Ok(Staff { account: None, role: Role::Admin, name: "command line".to_owned() });
        }
    };
    let role = role_of(c, id)?;
    let account = accounts::by_id(c, id)?.filter(accounts::Account::is_active);
    match (role, account) {
        (Some(role), Some(account)) if role.may(permission) => {
            Ok(Staff { account: Some(id), role, name: account.acct() })
        }
        _ => Err(Error::Forbidden(Refusal::RoleTooLow)),
    }
}

impl Staff {
    /// An account that this person may decide about: not themselves, and of the town only those below them. Nobody decides about the last
    /// administrator.
    ///
    /// # Errors
    /// `Forbidden`: `NotOneself`, `RoleTooLow`, `LastAdmin`.
    pub fn require_above(&self, c: &mut Conn, target: AccountId) -> Result<()> {
        if self.account == Some(target) {
            return Err(Error::Forbidden(Refusal::NotOneself));
        }
        let login = logins::of_account(c, target)?;
        let theirs = login.as_ref().and_then(|l| Role::parse(&l.role)).unwrap_or_default();
        if self.role != Role::Admin && theirs >= self.role {
            return Err(Error::Forbidden(Refusal::RoleTooLow));
        }
        if theirs == Role::Admin { require_another_admin(c, target) } else { Ok(()) }
    }
}

/// Whether the town can still be run when this account cannot act any more.
///
/// # Errors
/// `Forbidden(LastAdmin)`.
pub fn require_another_admin(c: &mut Conn, without: AccountId) -> Result<()> {
    let is_acting_admin = role_of(c, without)? == Some(Role::Admin)
        && accounts::by_id(c, without)?.is_some_and(|a| a.is_active());
    if is_acting_admin && roster::count_admins(c)? <= 1 {
        return Err(Error::Forbidden(Refusal::LastAdmin));
    }
    Ok(())
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
            let ask = async |who, what| town.db().read(move |c| require(c, By::Account(who), what)).await;
            assert!(matches!(ask(ana, Permission::ManageReports).await, Err(Error::Forbidden(_))));
            assert!(matches!(ask(mod_, Permission::ManageFederation).await, Err(Error::Forbidden(_))));
            assert_eq!(ask(mod_, Permission::ManageReports).await.unwrap().role, Role::Moderator);
            town.write(move |tx| suspend::suspend(tx, Role::Admin, mod_)).await;
            assert!(ask(mod_, Permission::ManageReports).await.is_err(), "not while suspended");
        })
        .await;
    }

    #[tokio::test]
    async fn nobody_decides_about_themselves_their_equals_or_the_last_administrator() {
        both(|town| async move {
            let (mo, mia) = (town.moderator("mo").await, town.moderator("mia").await);
            let (ana, ada) = (town.resident("ana").await, town.account("ada", Role::Admin).await);
            let ask = async |by: By, whom| {
                town.db().read(move |c| require(c, by, Permission::ManageUsers)?.require_above(c, whom)).await
            };
            let refused = async |by, whom| match ask(by, whom).await {
                Err(Error::Forbidden(refusal)) => Some(refusal),
                _ => None,
            };
            assert!(ask(mo.into(), ana).await.is_ok());
            assert_eq!(refused(mo.into(), mo).await, Some(Refusal::NotOneself));
            assert_eq!(refused(mo.into(), mia).await, Some(Refusal::RoleTooLow));
            assert_eq!(refused(mo.into(), ada).await, Some(Refusal::RoleTooLow));
            assert_eq!(refused(By::Operator, ada).await, Some(Refusal::LastAdmin));
            town.account("alan", Role::Admin).await;
            assert!(ask(By::Operator, ada).await.is_ok());
        })
        .await;
    }
}
