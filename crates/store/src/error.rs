//! What can go wrong in the database, sorted by what the caller can do about it. Absence is `Option`, never an error.
//!
//! Neighbours: `domain::Error` wraps this one; the doors turn `Unavailable` into 503.

use diesel::result::{ConnectionError, DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

/// A failure of the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A unique constraint refused the row. The text is `table.column` (several: `table.a, table.b`), the same on both databases, or the
    /// name of the index when it is over expressions.
    #[error("already there: {0}")]
    Conflict(String),
    /// The database cannot answer now: down, restarting, disk full, read-only, locked for too long. Trying later may help.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database answered with something that cannot be: a damaged file or a row that is not what its type says.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
    /// Two transactions were in each other's way (SQLSTATE 40001, 40P01). `Database::write` runs the closure again by itself.
    #[error("two transactions were in each other's way")]
    Retry,
    /// Anything else: a mistake in our SQL or our use of it.
    #[error("the database refused: {0}")]
    Other(String),
}

/// What closures given to [`crate::Database`] may fail with.
pub trait Failure: From<Error> + Send + 'static {
    /// True when the cause is [`Error::Retry`], so that running the closure again may help.
    fn is_retryable(&self) -> bool;
}

impl Failure for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Retry)
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(kind, info) => from_database(&kind, info.as_ref()),
            DieselError::DeserializationError(e) => Self::Corrupt(e.to_string()),
            DieselError::BrokenTransactionManager => {
                Self::Unavailable("the connection was lost in a transaction".into())
            }
            DieselError::RollbackErrorOnCommit { commit_error, .. } => match Self::from(*commit_error) {
                Self::Other(text) => Self::Unavailable(text),
                known => known,
            },
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<ConnectionError> for Error {
    fn from(error: ConnectionError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

const UNSENDABLE: [&str; 3] = ["error serializing parameter", "error encoding message", "expected "];

fn from_database(kind: &DatabaseErrorKind, info: &dyn DatabaseErrorInformation) -> Error {
    let message = info.message();
    match kind {
        DatabaseErrorKind::UniqueViolation => Error::Conflict(conflict(info)),
        DatabaseErrorKind::SerializationFailure => Error::Retry,
        // A value that tokio-postgres could not put on the wire is our mistake; the connection is well.
        DatabaseErrorKind::UnableToSendCommand
            if UNSENDABLE.iter().any(|start| message.starts_with(start)) =>
        {
            Error::Other(message.into())
        }
        // diesel-async reports a lost connection as "unable to send".
        DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::ReadOnlyTransaction => Error::Unavailable(message.into()),
        _ => from_message(message, info),
    }
}

/// SQLite's result codes and most of PostgreSQL's do not reach us through diesel, only their texts do. SQLite's are fixed. PostgreSQL's
/// are translated by the server, so the texts below are a first guess: `conn::postgres` also asks the connection whether it lives.
fn from_message(message: &str, info: &dyn DatabaseErrorInformation) -> Error {
    const UNAVAILABLE: [&str; 13] = [
        "database or disk is full",
        "disk I/O error",
        "attempt to write a readonly database",
        "unable to open database file",
        "database is locked",
        "database table is locked",
        "out of memory",
        "terminating connection",
        "the database system is",
        "connection closed",
        "too many clients",
        "remaining connection slots",
        "No space left on device",
    ];
    const CORRUPT: [&str; 4] =
        ["disk image is malformed", "is not a database", "invalid page in block", "could not read block"];
    const DEADLOCK: [&str; 3] = ["deadlock", "impasse", "blocage"];
    let has = |needles: &[&str]| needles.iter().any(|needle| message.contains(needle));
    // In German the word stands in brackets behind the translation, with a capital letter.
    let is_deadlock = DEADLOCK.iter().any(|needle| message.to_lowercase().contains(needle));
    if has(&UNAVAILABLE) {
        Error::Unavailable(message.into())
    } else if has(&CORRUPT) {
        Error::Corrupt(message.into())
    } else if is_deadlock {
        Error::Retry
    } else {
        let place = info.constraint_name().or_else(|| info.table_name());
        Error::Other(place.map_or_else(|| message.to_owned(), |place| format!("{message} ({place})")))
    }
}

/// Names the constraint in the same way on both databases.
fn conflict(info: &dyn DatabaseErrorInformation) -> String {
    if let Some(columns) = info.message().strip_prefix("UNIQUE constraint failed: ") {
        return columns.strip_prefix("index ").map_or(columns, |index| index.trim_matches('\'')).to_owned();
    }
    let columns = info.details().and_then(|details| {
        let (_, rest) = details.split_once('(')?;
        rest.split_once(")=(").map(|(columns, _)| columns)
    });
    match (info.table_name(), columns) {
        (Some(table), Some(columns)) if !columns.contains(['(', ')']) => {
            let columns: Vec<String> =
                columns.split(", ").map(|column| format!("{table}.{}", column.trim_matches('"'))).collect();
            columns.join(", ")
        }
        _ => info.constraint_name().unwrap_or_else(|| info.message()).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadlock_is_run_again_in_whichever_language_it_is_told() {
        for message in [
            "deadlock detected",
            "Verklemmung (Deadlock) entdeckt",
            "Bloqueo mutuo: deadlock",
            "interblocage détecté",
        ] {
            assert!(matches!(from_message(message, &message.to_owned()), Error::Retry), "{message}");
        }
        assert!(matches!(from_message("something else", &String::new()), Error::Other(_)));
    }
}
