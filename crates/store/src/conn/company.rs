//! Whether other processes work on this database. Each connection to PostgreSQL bears a name that only this process has, and a process that was
//! killed has no connections left: the server closes them as soon as their sockets end.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::database::Database;
use super::db::each;
use super::tx::Conn;
use crate::error::Error;

/// What the names of all our processes begin with.
const FAMILY: &str = "parvis-";

/// A name for this process's connections.
pub(super) fn name(random: u64) -> String {
    format!("{FAMILY}{random:016x}")
}

#[derive(QueryableByName)]
struct Others {
    #[diesel(sql_type = BigInt)]
    others: i64,
}

impl Database {
    /// True when no other process of ours is connected: then whatever is leased was held by one that is gone. Always true on SQLite, where one
    /// process serves (a command beside it takes no leases).
    ///
    /// # Errors
    /// As the database's.
    pub async fn is_alone(&self) -> Result<bool, Error> {
        self.read(|c: &mut Conn| {
            // Only PostgreSQL knows who is connected.
            each!(
                c,
                pg | c
                    | diesel::sql_query(
                        "SELECT count(*) AS others FROM pg_stat_activity WHERE datname = current_database() \
                         AND application_name LIKE 'parvis-%' AND application_name <> current_setting('application_name')"
                    )
                    .get_result::<Others>(c)
                    .map(|found| found.others == 0),
                sqlite | _c | Ok(true)
            )
            .map_err(Error::from)
        })
        .await
    }
}
