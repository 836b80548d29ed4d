//! What staff may do, as Mastodon's bits, so that client programs know which pages of theirs to show. Which role has which is decided here and
//! nowhere else; the client API asks at its door (`client-api::access`), use cases again in their transaction (`domain::staff`).
//! Source: <https://docs.joinmastodon.org/entities/Role/#permission-flags>.

use crate::account::Role;

/// One thing that not everybody may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Permission {
    /// Everything, whatever the other bits say.
    Administrator,
    /// Who did what.
    ViewAuditLog,
    /// Figures of the town.
    ViewDashboard,
    /// Reports, and warnings that follow from them.
    ManageReports,
    /// Which servers the town deals with.
    ManageFederation,
    /// Addresses of mail and network that cannot sign up.
    ManageBlocks,
    /// Hashtags and what trends.
    ManageTaxonomies,
    /// Appeals against decisions.
    ManageAppeals,
    /// Accounts: letting in, limiting, suspending.
    ManageUsers,
    /// The town's rules.
    ManageRules,
    /// Announcements.
    ManageAnnouncements,
    /// The town's emojis.
    ManageCustomEmojis,
    /// Deleting what a suspended account left.
    DeleteUserData,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Administrator,
        Self::ViewAuditLog,
        Self::ViewDashboard,
        Self::ManageReports,
        Self::ManageFederation,
        Self::ManageBlocks,
        Self::ManageTaxonomies,
        Self::ManageAppeals,
        Self::ManageUsers,
        Self::ManageRules,
        Self::ManageAnnouncements,
        Self::ManageCustomEmojis,
        Self::DeleteUserData,
    ];

    /// Mastodon's bit.
    #[must_use]
    pub const fn bit(self) -> u32 {
        match self {
            Self::Administrator => 1,
            Self::ViewAuditLog => 1 << 2,
            Self::ViewDashboard => 1 << 3,
            Self::ManageReports => 1 << 4,
            Self::ManageFederation => 1 << 5,
            Self::ManageBlocks => 1 << 7,
            Self::ManageTaxonomies => 1 << 8,
            Self::ManageAppeals => 1 << 9,
            Self::ManageUsers => 1 << 10,
            Self::ManageRules => 1 << 12,
            Self::ManageAnnouncements => 1 << 13,
            Self::ManageCustomEmojis => 1 << 14,
            Self::DeleteUserData => 1 << 19,
        }
    }
}

/// What a moderator may do: people and what they write. What touches the town as a whole (other servers, networks, deletion for good) is the
/// administrator's.
const OF_MODERATORS: [Permission; 6] = [
    Permission::ViewAuditLog,
    Permission::ViewDashboard,
    Permission::ManageReports,
    Permission::ManageTaxonomies,
    Permission::ManageAppeals,
    Permission::ManageUsers,
];

impl Role {
    /// Whether this role has a permission.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        match self {
            Self::Admin => true,
            Self::Moderator => OF_MODERATORS.contains(&permission),
            Self::Resident | Self::Officer | Self::Elected => false,
        }
    }

    /// All permissions of this role, as Mastodon's number.
    #[must_use]
    pub fn permissions(self) -> u32 {
        Permission::ALL.into_iter().filter(|p| self.may(*p)).map(Permission::bit).sum()
    }

    /// Whether this role looks after the town: the least that any route for staff asks for.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self >= Self::Moderator
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_who_only_live_or_work_here_administer_nothing() {
        for role in [Role::Resident, Role::Officer, Role::Elected] {
            assert_eq!((role.permissions(), role.is_staff()), (0, false), "{role:?}");
        }
    }

    #[test]
    fn moderators_look_after_people_and_administrators_after_the_town() {
        assert!(Role::Moderator.may(Permission::ManageUsers));
        assert!(!Role::Moderator.may(Permission::ManageFederation));
        // Mastodon's own moderators (1308) and appeals.
        assert_eq!(Role::Moderator.permissions(), 1308 + 512);
        assert_eq!(Role::Admin.permissions() & 1, 1);
        assert!(Permission::ALL.into_iter().all(|p| Role::Admin.may(p)));
    }

    #[test]
    fn every_permission_has_a_bit_of_its_own() {
        let sum: u32 = Permission::ALL.into_iter().map(Permission::bit).sum();
        assert_eq!(usize::try_from(sum.count_ones()), Ok(Permission::ALL.len()));
    }
}
