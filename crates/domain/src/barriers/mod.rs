//! Who cannot sign up, or not even come near: domains of mail, mail addresses, networks. Kept by administrators, asked at sign-up and at the door.
//! Servers are `policy`.

pub mod mail;
pub mod networks;

pub use parvis_store::barriers::{CanonicalEmailBlock, EmailDomainBlock, IpBlock};

/// What stands before somebody who signs up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Free,
    /// Staff must look first.
    NeedsApproval,
    /// They cannot.
    Barred,
}

impl Standing {
    /// The stricter of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Barred, _) | (_, Self::Barred) => Self::Barred,
            (Self::NeedsApproval, _) | (_, Self::NeedsApproval) => Self::NeedsApproval,
            _ => Self::Free,
        }
    }
}
