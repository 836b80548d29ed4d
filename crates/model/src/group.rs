//! Groups (FEP-1b12): what those who look after one can do there, and the limits. Communities, debates and neighbourhoods stand on it.

use crate::ids::{AccountId, StatusId};

/// Those who look after one group: more would be nobody's work.
pub const MODERATORS_MAX: usize = 20;
/// Characters of a reason.
pub const REASON_MAX: usize = 500;
/// Characters of a charter.
pub const CHARTER_MAX: usize = 5_000;
/// Posts that stand first in a group.
pub const GROUP_PINS_MAX: usize = 5;

/// Something that was done to a group by those who look after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroupDeed {
    /// A post stands in the group no longer.
    Removed { status: StatusId, reason: String },
    /// A thread takes no more answers.
    Locked { status: StatusId },
    /// It takes answers again.
    Unlocked { status: StatusId },
    /// A post stands first.
    Pinned { status: StatusId },
    /// No longer.
    Unpinned { status: StatusId },
    /// Somebody is kept out.
    Banned { account: AccountId, reason: String },
    /// No longer.
    Unbanned { account: AccountId },
    /// Somebody looks after the group.
    ModeratorAdded { account: AccountId },
    /// No longer.
    ModeratorRemoved { account: AccountId },
}
