//! Why something of another server is not there for us, and whether asking later may help.

use activitypub_federation::error::Error as CrateError;

use crate::client::FetchError;
use crate::wire::WireError;

/// What went wrong while something was fetched and kept.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The use case refused, or our own trouble.
    #[error(transparent)]
    Domain(#[from] parvis_domain::Error),
    /// The other server, or what it answered.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What activitypub_federation found wrong.
    #[error("{0}")]
    Crate(CrateError),
    /// The document is none.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// It is there and not for us: the reason.
    #[error("not kept: {0}")]
    Dropped(&'static str),
    /// The budget of fetches of this activity is used up (threats F10).
    #[error("too many fetches for one activity")]
    Budget,
}

impl From<CrateError> for Problem {
    fn from(error: CrateError) -> Self {
        match error {
            CrateError::ObjectDeleted(_) => Self::Fetch(FetchError::Gone),
            CrateError::NotFound => Self::Fetch(FetchError::NotFound),
            CrateError::RequestLimit => Self::Budget,
            CrateError::ResponseBodyLimit => Self::Fetch(FetchError::TooLarge),
            CrateError::FetchInvalidContentType(_) => Self::Fetch(FetchError::ContentType),
            CrateError::FetchWrongId(_) => Self::Fetch(FetchError::WrongId),
            CrateError::ParseFetchedObject(..) => Self::Fetch(FetchError::NotADocument),
            CrateError::ReqwestMiddleware(error) => Self::Fetch(super::answers::meaning(&error)),
            CrateError::Reqwest(error) if error.is_timeout() => Self::Fetch(FetchError::Timeout),
            CrateError::Reqwest(_) => Self::Fetch(FetchError::Unreachable),
            other => Self::Crate(other),
        }
    }
}

impl From<parvis_model::refusal::Refusal> for Problem {
    fn from(refusal: parvis_model::refusal::Refusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl Problem {
    /// Whether asking later may help: the other server was not there, or we were not.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Fetch(FetchError::Timeout | FetchError::Unreachable) => true,
            Self::Fetch(FetchError::Status(code)) => *code >= 500 || *code == 429 || *code == 408,
            Self::Domain(parvis_domain::Error::Internal(_)) => true,
            _ => false,
        }
    }

    /// Whether it was deleted for good (410).
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Gone))
    }

    /// As an error of the domain, for use cases that reach the world through `outside::Remote`.
    #[must_use]
    pub fn into_domain(self) -> parvis_domain::Error {
        match self {
            Self::Domain(error) => error,
            other => parvis_domain::Error::Remote(other.to_string()),
        }
    }
}
