//! One enum over both connections, so that a query is written once. [`each!`] compiles its body once per database, and every query goes through it:
//! one that goes through [`Db`] itself (diesel's `MultiConnection`) puts its text together two or three times for each run although the statement is
//! kept ready, which was a fifth of the processor time of posting (docs/adr/0012). As they are go the few whose conditions are known at run time
//! only (`into_boxed`); [`BothExt::both`] lets those of them run that the derived backend alone cannot render (upserts, unions).
//!
//! `each!` also takes one body per database, for what only one has (`for_update`, full-text search).

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::postgres::PgConn;
use super::tx::{Conn, Tx};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful of connections per process, moved rarely; the derive takes no Box"
)]
pub enum Db {
    /// PostgreSQL.
    Pg(PgConn),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Whatever holds a [`Db`], so that `each!` takes connections and transactions alike.
pub(crate) trait AsDb {
    /// The connection inside.
    fn as_db(&mut self) -> &mut Db;
}

impl AsDb for Db {
    fn as_db(&mut self) -> &mut Db {
        self
    }
}

impl AsDb for Conn {
    fn as_db(&mut self) -> &mut Db {
        &mut self.db
    }
}

impl AsDb for Tx<'_> {
    fn as_db(&mut self) -> &mut Db {
        &mut self.db
    }
}

/// The same body compiled once per database with the native connection (batch inserts, upserts with RETURNING, `as_returning`), or one
/// body per database where the text must differ. Takes a `Db`, `Conn` or `Tx` by mutable reference.
macro_rules! each {
    ($db:expr, |$c:ident| $body:expr) => {
        match $crate::conn::db::AsDb::as_db($db) {
            $crate::conn::db::Db::Pg($c) => $body,
            $crate::conn::db::Db::Sqlite($c) => $body,
        }
    };
    ($db:expr, pg |$c:ident| $p:expr, sqlite |$d:ident| $s:expr) => {
        match $crate::conn::db::AsDb::as_db($db) {
            $crate::conn::db::Db::Pg($c) => $p,
            $crate::conn::db::Db::Sqlite($d) => $s,
        }
    };
}
pub(crate) use each;

/// A query that both native databases can render, made runnable on [`Db`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Both<Q>(Q);

impl<Q> QueryFragment<MultiBackend> for Both<Q>
where
    Q: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q: QueryId> QueryId for Both<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Both<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Both<Q> {}

/// `query.both()`.
pub(crate) trait BothExt: Sized {
    /// See [`Both`].
    fn both(self) -> Both<Self> {
        Both(self)
    }
}

impl<Q> BothExt for Q {}
