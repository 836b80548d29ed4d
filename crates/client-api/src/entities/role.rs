//! Role: what somebody may do in the town, for themselves and for the administration; and the part of it that everybody sees.
//! Source: <https://docs.joinmastodon.org/entities/Role/>.

use parvis_model::account::Role as RoleName;
use serde::Serialize;

/// A role with its permissions.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    id: &'static str,
    name: &'static str,
    /// Mastodon's bits, as a decimal string.
    permissions: String,
    color: &'static str,
    highlighted: bool,
}

/// A role beside somebody's name: who speaks for the town is everybody's business.
#[derive(Clone, Debug, Serialize)]
pub struct ShownRole {
    id: &'static str,
    name: &'static str,
    color: &'static str,
}

/// Id and name. -99 is Mastodon's "everybody".
const fn named(role: RoleName) -> (&'static str, &'static str) {
    match role {
        RoleName::Resident => ("-99", ""),
        RoleName::Officer => ("1", "Officer"),
        RoleName::Elected => ("2", "Elected"),
        RoleName::Moderator => ("3", "Moderator"),
        RoleName::Admin => ("4", "Admin"),
    }
}

impl Role {
    /// Renders a role.
    #[must_use]
    pub fn of(role: RoleName) -> Self {
        let (id, name) = named(role);
        Self {
            id,
            name,
            permissions: role.permissions().to_string(),
            color: "",
            highlighted: role != RoleName::Resident,
        }
    }

    /// The role with this id.
    #[must_use]
    pub fn by_id(id: &str) -> Option<RoleName> {
        [RoleName::Resident, RoleName::Officer, RoleName::Elected, RoleName::Moderator, RoleName::Admin]
            .into_iter()
            .find(|r| named(*r).0 == id)
    }
}

impl ShownRole {
    /// The roles that show on a profile: one or none.
    #[must_use]
    pub fn all(role: RoleName) -> Vec<Self> {
        let (id, name) = named(role);
        if role == RoleName::Resident { Vec::new() } else { vec![Self { id, name, color: "" }] }
    }
}
