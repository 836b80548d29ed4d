//! How a use case can fail. Doors map this once, exhaustively, to their own answer; internal text never leaves the building.

use parvis_model::refusal::Refusal;
/// What can go wrong in the database, for the doors' one translation of errors.
pub use parvis_store::Error as StoreError;

/// What went wrong, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not for this viewer: the same answer on purpose (threats I2).
    #[error("not found")]
    NotFound,
    /// There, but this actor may not do that.
    #[error("{0}")]
    Forbidden(Refusal),
    /// Fields that must be corrected.
    #[error("invalid: {}", .0.iter().map(|p| p.field).collect::<Vec<_>>().join(", "))]
    Invalid(Vec<FieldProblem>),
    /// A rule said no.
    #[error("{0}")]
    Refused(Refusal),
    /// Another server did not answer, or not as it should.
    #[error("remote: {0}")]
    Remote(String),
    /// Our own trouble.
    #[error(transparent)]
    Internal(#[from] parvis_store::Error),
}

/// One field that must be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Name of the field, as the client API spells it.
    pub field: &'static str,
    /// Why.
    pub refusal: Refusal,
}

/// What use cases return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// One field must be corrected.
    #[must_use]
    pub fn field(field: &'static str, refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldProblem { field, refusal }])
    }

    /// Whether the database cannot answer now, so that trying later may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Internal(parvis_store::Error::Unavailable(_)))
    }

    /// Our own trouble, in words for the log.
    #[must_use]
    pub fn internal(text: impl Into<String>) -> Self {
        Self::Internal(parvis_store::Error::Other(text.into()))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl parvis_store::Failure for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Internal(e) if parvis_store::Failure::is_retryable(e))
    }
}

/// Absence is `Option` in the store and an error here.
pub trait OrNotFound<T> {
    /// The value, or [`Error::NotFound`].
    ///
    /// # Errors
    /// [`Error::NotFound`].
    fn or_not_found(self) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self) -> Result<T> {
        self.ok_or(Error::NotFound)
    }
}
