//! Opening SQLite files. Who may write and when is in `writer`.

use std::path::{Path, PathBuf};

use diesel::connection::{Connection, SimpleConnection};
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::db::Db;
use super::tx::Conn;
use crate::error::Error;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One of many; every attempt to write fails.
    Reading,
    /// The only one that writes.
    Writing,
}

/// The path in a `sqlite:` URL: `sqlite://relative/file.db` or `sqlite:///absolute/file.db`.
pub(super) fn path_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    (!path.is_empty()).then(|| PathBuf::from(path))
}

/// Makes an empty file that only this user can read (residents' data), unless there is one.
pub(super) fn prepare(path: &Path) -> Result<(), Error> {
    let refused = |e: std::io::Error| Error::Unavailable(format!("{}: {e}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(refused(e)),
    }
}

/// Opens the file at `path`.
pub(crate) fn open(path: &Path, purpose: Purpose) -> Result<Conn, Error> {
    let text =
        path.to_str().ok_or_else(|| Error::Other(format!("{}: the path is not UTF-8", path.display())))?;
    // A path that begins with "file:" or "sqlite:" would be read as a URL, with escapes.
    let text = if path.is_absolute() { text.to_owned() } else { format!("./{text}") };
    let mut connection = SqliteConnection::establish(&text)
        .map_err(|e| Error::Unavailable(format!("cannot open {}: {e}", path.display())))?;
    // One by one and in this order: the first protects the following ones from a file that is locked for a moment.
    for pragma in [
        "busy_timeout = 10000",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "mmap_size = 0",
        "temp_store = MEMORY",
    ]
    .iter()
    .chain(match purpose {
        Purpose::Reading => ["query_only = ON", "cache_size = -8192"].iter(),
        // FULL: a commit is on the disk before it is answered (threats R5).
        Purpose::Writing => {
            ["synchronous = FULL", "cache_size = -16384", "journal_size_limit = 67108864"].iter()
        }
    }) {
        connection.batch_execute(&format!("PRAGMA {pragma}")).map_err(Error::from)?;
    }
    let mut conn = Conn::new(Db::Sqlite(connection));
    // SQLite does not refuse where it cannot (network file systems); it goes on with another mode, and readers would block the writer.
    match journal_mode(&mut conn)?.as_str() {
        "wal" => Ok(conn),
        mode => {
            Err(Error::Other(format!("{} is in mode {mode}: it must lie on a local disk", path.display())))
        }
    }
}

fn journal_mode(conn: &mut Conn) -> Result<String, Error> {
    #[derive(QueryableByName)]
    struct Mode {
        #[diesel(sql_type = diesel::sql_types::Text)]
        journal_mode: String,
    }
    let mode: Mode = diesel::sql_query("PRAGMA journal_mode").get_result(&mut conn.db)?;
    Ok(mode.journal_mode)
}

/// A number that changes when another connection wrote to the file.
pub(super) fn data_version(conn: &mut Conn) -> Result<i64, Error> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        data_version: i64,
    }
    diesel::sql_query("PRAGMA data_version")
        .get_result::<Version>(&mut conn.db)
        .map(|version| version.data_version)
        .map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_urls_name_relative_and_absolute_paths() {
        assert_eq!(path_of("sqlite://parvis-data/parvis.db"), Some(PathBuf::from("parvis-data/parvis.db")));
        assert_eq!(path_of("sqlite:///var/lib/parvis.db"), Some(PathBuf::from("/var/lib/parvis.db")));
        assert_eq!(path_of("sqlite:parvis.db"), Some(PathBuf::from("parvis.db")));
        assert_eq!(path_of("postgres://h/db"), None);
        assert_eq!(path_of("sqlite://"), None);
    }
}
