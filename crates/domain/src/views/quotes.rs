//! What a post quotes, as its viewer may see it.

use parvis_model::quote::QuoteState;
use parvis_store::quotes::Quote;

use super::StatusView;

/// What a viewer is told of a quote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// The quoted author has not answered.
    Pending,
    /// There it is.
    Accepted,
    /// There it is, by somebody whom the viewer mutes.
    Muted,
    /// There it is, of a server that the viewer wants nothing to do with.
    BlockedDomain,
    /// The quoted author said no.
    Rejected,
    /// The quoted author took it back.
    Revoked,
    /// The quoted post is gone.
    Deleted,
    /// The quoted post is not for this viewer.
    Unauthorized,
}

impl Shown {
    /// Mastodon's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Muted => "muted_account",
            Self::BlockedDomain => "blocked_domain",
            Self::Rejected => "rejected",
            Self::Revoked => "revoked",
            Self::Deleted => "deleted",
            Self::Unauthorized => "unauthorized",
        }
    }

    /// Whether the quoted post is sent along; of whom the viewer mutes or avoids, programs show it on demand (Mastodon).
    #[must_use]
    pub const fn is_visible(self) -> bool {
        matches!(self, Self::Accepted | Self::Muted | Self::BlockedDomain)
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub struct QuoteView {
    pub row: Quote,
    pub shown: Shown,
    /// The quoted post's page, or its id where that is all we know.
    pub url: String,
    /// The quoted post, where the viewer may see it; never in a quote that is itself quoted.
    pub post: Option<Box<StatusView>>,
    /// It stands in a post that is quoted.
    pub is_nested: bool,
}

impl QuoteView {
    /// Whether the post still says that it quotes: its author did not hear a no.
    #[must_use]
    pub fn is_told(&self) -> bool {
        matches!(self.row.state(), QuoteState::Pending | QuoteState::Accepted)
    }
}
