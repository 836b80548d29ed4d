//! Accounts: what kind of actor, which role, which profile fields, and the limits of each. Rows are in `store::accounts`, use cases in `domain::accounts`.

use serde::{Deserialize, Serialize};

/// What an actor is, as ActivityStreams names it (Activity Vocabulary §3.2). Stored as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A human being.
    Person,
    /// A department, a city hall, an association.
    Organization,
    /// A debate, a community, a neighbourhood (FEP-1b12).
    Group,
    /// The instance itself.
    Application,
    /// A machine.
    Service,
}

impl ActorKind {
    /// The text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Group => "group",
            Self::Application => "application",
            Self::Service => "service",
        }
    }

    /// The ActivityStreams type name.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Organization => "Organization",
            Self::Group => "Group",
            Self::Application => "Application",
            Self::Service => "Service",
        }
    }

    /// From the text in the database or the ActivityStreams type name, any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "person" => Self::Person,
            "organization" => Self::Organization,
            "group" => Self::Group,
            "application" => Self::Application,
            "service" => Self::Service,
            _ => return None,
        })
    }

    /// Whether clients mark it as a bot.
    #[must_use]
    pub const fn is_bot(self) -> bool {
        matches!(self, Self::Application | Self::Service)
    }
}

/// What a login may do in the town. Ordered: each role may do what those before it may.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Lives or works in the municipality.
    #[default]
    Resident,
    /// A civil servant.
    Officer,
    /// An elected official.
    Elected,
    /// Looks after the rules.
    Moderator,
    /// Runs the instance.
    Admin,
}

impl Role {
    /// The text in the database and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Officer => "officer",
            Self::Elected => "elected",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }

    /// From [`Role::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Resident, Self::Officer, Self::Elected, Self::Moderator, Self::Admin]
            .into_iter()
            .find(|r| r.as_str() == text)
    }
}

/// Who may sign up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Anybody who confirms an e-mail address.
    #[default]
    Open,
    /// A moderator looks at each request.
    Approval,
    /// Nobody; accounts are made on the command line.
    Closed,
}

/// One name–value line of a profile.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Default)]
pub struct ProfileField {
    /// Up to [`FIELD_NAME_MAX`] characters of plain text.
    pub name: String,
    /// Sanitised HTML for others; plain text in `value_source` for the owner.
    pub value: String,
    /// What the owner typed, local accounts only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_source: Option<String>,
    /// Since when the page behind it is known to link back to the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<crate::time::Moment>,
}

/// Characters of a display name.
pub const DISPLAY_NAME_MAX: usize = 50;
/// Characters of a profile text.
pub const BIO_MAX: usize = 500;
/// Lines of a profile.
pub const FIELDS_MAX: usize = 4;
/// Characters of a profile line's name.
pub const FIELD_NAME_MAX: usize = 255;
/// Characters of a profile line's value.
pub const FIELD_VALUE_MAX: usize = 255;
/// Characters of a remote display name or field that we keep.
pub const REMOTE_NAME_MAX: usize = 200;
/// Characters of a remote profile text (HTML) that we keep.
pub const REMOTE_BIO_MAX: usize = 10_000;
/// Characters of what is to be seen on a portrait or banner.
pub const PICTURE_DESCRIPTION_MAX: usize = 1_500;
/// Sites that may name somebody as an author.
pub const ATTRIBUTION_DOMAINS_MAX: usize = 10;
/// Characters of a password: at least.
pub const PASSWORD_MIN: usize = 10;
/// Bytes of a password: at most (argon2 takes more, an attacker's megabyte it must not be).
pub const PASSWORD_MAX: usize = 256;
/// Characters of the sentence that asks for an account.
pub const SIGN_UP_REASON_MAX: usize = 1_000;
