//! The connection layer: one [`Database`] over SQLite or PostgreSQL, closures in transactions, notices after commit.
//!
//! | file | what |
//! | --- | --- |
//! | `database` | [`Database`]: open, read, write, claim, close |
//! | `tx` | [`Conn`] and [`Tx`]: what closures get |
//! | `db` | the enum over both connections, `each!`, `.both()` |
//! | `among`, `written` | lists and statements that connections keep ready |
//! | `transaction` | BEGIN, COMMIT, ROLLBACK and savepoints on either |
//! | `sqlite`, `writer`, `work` | SQLite: opening, the one writer thread with group commit, the closures in its queue |
//! | `postgres`, `own_runtime`, `tls`, `postgres_write` | PostgreSQL: the connection without libpq, the thread it runs on, TLS, running again |
//! | `pool`, `limits` | idle connections, how many may run and how long anybody waits |
//! | `notices` | what is told after commit, LISTEN/NOTIFY |
//! | `leases` | node numbers and ids |
//! | `company` | whether other processes work on the database |
//! | `maintenance` | migrations, backup, health |
//!
//! Not here: tables and queries (one file per topic beside this folder).

pub(crate) mod among;
mod company;
mod database;
pub(crate) mod db;
mod leases;
mod limits;
mod maintenance;
mod notices;
mod own_runtime;
mod pool;
pub(crate) mod postgres;
mod postgres_write;
pub(crate) mod sqlite;
mod statements;
mod tls;
pub(crate) mod transaction;
mod tx;
mod work;
pub(crate) mod written;
mod writer;

#[cfg(test)]
mod tests;

pub use database::{Database, Settings};
pub use notices::{Notice, RESYNC};
pub use tx::{Conn, Tx};
