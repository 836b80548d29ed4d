//! One enum over both connections, so that a query is written once, and the two ways out where the text must differ: [`each!`] compiles
//! its body once per database, [`BothExt::both`] lets a query run that the derived backend alone cannot render (upserts).
//!
//! | as it is | `.both()` | `each!` |
//! | --- | --- | --- |
//! | select, joins, `into_boxed`, subqueries, group by, `exists` | `on_conflict` of one row, `union`, `cast`, `count distinct` | batch insert, upsert with RETURNING, `as_returning` |
//! | insert and update of one row, RETURNING columns, delete | `aggregate_filter` | whatever only one has (`for_update`, FTS) |
//! | `sql_query` with `$1` (numbered in order of first use) | not with `as_select()`: name the columns | |

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
