//! Throw-away databases for tests, on SQLite and PostgreSQL: a copy of a migrated template each, gone when dropped.
//!
//! [`both`] runs one test on both. A crate above builds its own test world on [`Place`], which is only the empty database.
//!
//! `PARVIS_TEST_POSTGRES` is the URL of a PostgreSQL superuser's maintenance database; without it PostgreSQL is left out, which is said.
//! `PARVIS_TEST_LEDGER` names a file that gets a line for every database a test used, so that `cargo xtask test` can count.
#![expect(clippy::expect_used, reason = "a test that has no database has failed")]

mod postgres;

use std::future::Future;
use std::io::Write;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use parvis_model::random::{SeededRandom, SharedRandom};
use parvis_model::time::{ManualClock, Moment, SharedClock};
use tempfile::TempDir;

use crate::conn::sqlite;
use crate::{Database, Settings, migrate};

/// What the clocks of tests show at first: 2026-11-22T10:00:00Z.
pub const START: Moment = Moment(1_795_341_600_000);

/// A migrated, empty database that nobody has opened yet.
pub struct Place {
    url: String,
    // Only kept for being dropped.
    _home: Home,
}

enum Home {
    Folder { _folder: TempDir },
    Database { _database: postgres::Throwaway },
}

impl Place {
    /// A file in memory if the machine has such a folder, else in the temporary folder.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder =
            tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder");
        let path = folder.path().join("test.db");
        std::fs::write(&path, sqlite_template()).expect("the template is copied");
        note("sqlite");
        Self { url: format!("sqlite://{}", path.display()), _home: Home::Folder { _folder: folder } }
    }

    /// A database of its own, or `None` when `PARVIS_TEST_POSTGRES` is not set.
    #[must_use]
    pub fn postgres() -> Option<Self> {
        let Some(server) = variable("PARVIS_TEST_POSTGRES") else {
            say_skipped();
            return None;
        };
        let database = postgres::Throwaway::new(&server);
        note("postgres");
        Some(Self { url: database.url(), _home: Home::Database { _database: database } })
    }

    /// The address for [`Settings::url`].
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Settings that open it.
    #[must_use]
    pub fn settings(&self, clock: SharedClock, random: SharedRandom) -> Settings {
        Settings { url: self.url.clone(), readers: 4, extra: None, clock, random, extra_ca_file: None }
    }
}

/// An opened [`Place`] with a clock that stands still. Used like a [`Database`].
pub struct TestDatabase {
    database: Database,
    /// The clock of this database.
    pub clock: Arc<ManualClock>,
    /// Where it is, to open it a second time.
    pub place: Place,
}

impl TestDatabase {
    /// On SQLite.
    pub async fn sqlite() -> Self {
        Self::at(Place::sqlite()).await
    }

    /// On PostgreSQL, or `None` when `PARVIS_TEST_POSTGRES` is not set.
    pub async fn postgres() -> Option<Self> {
        Some(Self::at(Place::postgres()?).await)
    }

    async fn at(place: Place) -> Self {
        let clock = ManualClock::starting_at(START);
        let database =
            Database::open(place.settings(clock.clone(), SeededRandom::new(1))).await.expect("it opens");
        Self { database, clock, place }
    }

    /// The same data through a second [`Database`], as another process would see it.
    pub async fn open_again(&self) -> Database {
        let settings = self.place.settings(self.clock.clone(), SeededRandom::new(2));
        Database::open(settings).await.expect("it opens")
    }
}

impl Deref for TestDatabase {
    type Target = Database;
    fn deref(&self) -> &Database {
        &self.database
    }
}

/// Runs `test` on SQLite, and then on PostgreSQL if there is one.
pub async fn both<F, Fut>(test: F)
where
    F: Fn(TestDatabase) -> Fut,
    Fut: Future<Output = ()>,
{
    test(TestDatabase::sqlite().await).await;
    if let Some(database) = TestDatabase::postgres().await {
        test(database).await;
    }
}

/// A migrated file, made once per process.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("template.db");
        let mut conn = sqlite::open(&path, sqlite::Purpose::Writing).expect("a new file opens");
        migrate::up(&mut conn.db).expect("the migrations run");
        // Closing the last connection moves everything from the log into the file.
        drop(conn);
        std::fs::read(&path).expect("the template is read")
    })
}

/// One line in the ledger.
fn note(engine: &str) {
    let Some(ledger) = variable("PARVIS_TEST_LEDGER") else { return };
    let mut file =
        std::fs::OpenOptions::new().create(true).append(true).open(ledger).expect("the ledger opens");
    // One write, so that lines of tests that run at the same time do not mix.
    let line = format!("{engine} {}\n", std::thread::current().name().unwrap_or("?"));
    file.write_all(line.as_bytes()).expect("the ledger is written");
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see that half of them did not run")]
fn say_skipped() {
    eprintln!("PARVIS_TEST_POSTGRES is not set: not tested on PostgreSQL");
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration; these two variables are theirs")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
