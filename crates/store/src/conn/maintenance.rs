//! What operators do with a [`Database`]: migrations, backup, health. The steps themselves are in `crate::migrate`.

use std::path::Path;

use diesel::connection::SimpleConnection;
use tokio::task::spawn_blocking;

use super::database::{Database, Engine};
use super::sqlite::{self, Purpose};
use super::tx::Conn;
use super::{db::each, postgres_write};
use crate::error::Error;
use crate::migrate;

impl Database {
    /// Brings the schema up to date and returns the versions that ran.
    ///
    /// # Errors
    /// `Other` with the migration's failure; then nothing of it is kept.
    pub async fn migrate(&self) -> Result<Vec<String>, Error> {
        self.alone(|conn| migrate::up(&mut conn.db)).await
    }

    /// The migrations that did not run yet.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be asked.
    pub async fn migrations_pending(&self) -> Result<Vec<String>, Error> {
        self.alone(|conn| migrate::pending(&mut conn.db)).await
    }

    /// Takes all migrations back, and with them everything stored. For the test that they can be.
    ///
    /// # Errors
    /// `Other` with the migration's failure; then nothing is taken back.
    pub async fn revert_all(&self) -> Result<Vec<String>, Error> {
        self.alone(|conn| migrate::down(&mut conn.db)).await
    }

    /// Takes all migrations back and runs them again.
    ///
    /// # Errors
    /// As [`Database::revert_all`] and [`Database::migrate`].
    pub async fn redo(&self) -> Result<(), Error> {
        self.revert_all().await?;
        self.migrate().await.map(|_| ())
    }

    /// Asks the database for an answer, for health checks.
    ///
    /// # Errors
    /// `Unavailable` when there is none.
    pub async fn ping(&self) -> Result<(), Error> {
        self.read(|conn| {
            // On SQLite "SELECT 1" would not touch the file.
            each!(
                conn,
                pg | c | c.batch_execute("SELECT 1"),
                sqlite | c | c.batch_execute("PRAGMA schema_version")
            )
            .map_err(Error::from)
        })
        .await
    }

    /// Copies the database to a new file while it is in use. Only SQLite: on PostgreSQL its own tools do that.
    ///
    /// # Errors
    /// `Other` on PostgreSQL or when the file is there already, `Unavailable` when it cannot be written.
    pub async fn backup_to(&self, target: &Path) -> Result<(), Error> {
        let Engine::Sqlite { path, .. } = &self.0.engine else {
            return Err(Error::Other("a copy to a file is made on SQLite only; use pg_dump".into()));
        };
        let (path, target) = (path.clone(), target.to_owned());
        let copy = move || {
            if target.exists() {
                return Err(Error::Other(format!("{} exists already", target.display())));
            }
            sqlite::prepare(&target)?;
            let name = target.to_str().ok_or_else(|| Error::Other("the path is not UTF-8".into()))?;
            // Its own connection: VACUUM INTO holds a snapshot for as long as it takes, and readers may not even try to write.
            let mut conn = sqlite::open(&path, Purpose::Writing)?;
            let sql = format!("VACUUM INTO '{}'", name.replace('\'', "''"));
            each!(&mut conn, |c| c.batch_execute(&sql)).map_err(Error::from)?;
            std::fs::File::open(&target)
                .and_then(|file| file.sync_all())
                .map_err(|e| Error::Unavailable(format!("{}: {e}", target.display())))
        };
        spawn_blocking(copy).await.or_else(postgres_write::ended)?
    }

    /// Runs `f` on a connection of its own (the writer's on SQLite), outside any transaction.
    async fn alone<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match &self.0.engine {
            Engine::Sqlite { writer, .. } => writer.alone(f).await,
            Engine::Postgres { .. } => {
                let slot = self.0.pool.slot().await?;
                let pool = self.0.pool.clone();
                let run = move || {
                    // Dropped afterwards: its prepared statements may name what is no longer there.
                    let result = pool.connect().and_then(|mut conn| f(&mut conn));
                    drop(slot);
                    result
                };
                spawn_blocking(run).await.or_else(postgres_write::ended)?
            }
        }
    }
}
