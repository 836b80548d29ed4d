//! Bringing the schema up and down. The SQL stands in `/migrations/{sqlite,postgres}/NNNN_name/`, the same names on both sides.
//!
//! All pending migrations run in one transaction, so that a failure leaves the schema as it was and two nodes that start together do not
//! run them twice.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationVersion;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::conn::db::{Db, each};
use crate::conn::transaction::{self, Begin};
use crate::error::Error;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number that no other program takes: PostgreSQL's advisory locks share one number space per database.
const LOCK: i64 = 0x7061_7276_6973;

type Refused = Box<dyn std::error::Error + Send + Sync>;

/// Runs what is pending and returns the versions that ran.
pub(crate) fn up(db: &mut Db) -> Result<Vec<String>, Error> {
    alone(db, |db| {
        let ran = each!(
            db,
            pg | c | c.run_pending_migrations(POSTGRES).map(names),
            sqlite | c | c.run_pending_migrations(SQLITE).map(names)
        );
        ran.map_err(|e| refused(&e))
    })
}

/// Takes every migration back, newest first. Everything stored is lost.
pub(crate) fn down(db: &mut Db) -> Result<Vec<String>, Error> {
    alone(db, |db| {
        let ran = each!(
            db,
            pg | c | c.revert_all_migrations(POSTGRES).map(names),
            sqlite | c | c.revert_all_migrations(SQLITE).map(names)
        );
        ran.map_err(|e| refused(&e))
    })
}

/// The names of the migrations that did not run yet.
pub(crate) fn pending(db: &mut Db) -> Result<Vec<String>, Error> {
    let found = each!(
        db,
        pg | c
            | c.pending_migrations(POSTGRES)
                .map(|found| found.iter().map(|m| m.name().to_string()).collect()),
        sqlite
            | c
            | c.pending_migrations(SQLITE).map(|found| found.iter().map(|m| m.name().to_string()).collect())
    );
    found.map_err(|e| refused(&e))
}

fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

fn refused(error: &Refused) -> Error {
    Error::Other(format!("a migration failed: {error}"))
}

/// One transaction that no other process migrates beside.
fn alone<T>(db: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, Error>) -> Result<T, Error> {
    transaction::begin(db, Begin::ReadCommitted)?;
    let locked = each!(
        db,
        pg | c | c.batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})")),
        // BEGIN IMMEDIATE has locked the file already.
        sqlite | _c | Ok(())
    );
    let done = locked.map_err(Error::from).and_then(|()| work(db));
    match done {
        Ok(value) => transaction::commit(db, &[]).map(|()| value),
        Err(error) => {
            // The first error says more than a failed rollback, and the connection is dropped after this.
            let _ = transaction::rollback(db);
            Err(error)
        }
    }
}
