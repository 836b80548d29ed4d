//! PostgreSQL without libpq: diesel-async's connection (tokio-postgres) in its blocking wrapper, as a type of our own because diesel's
//! `MultiConnection` asks for a trait that the wrapper does not have.
//!
//! It blocks on a runtime of its own, so it is used on blocking threads only; on an async worker it panics. Connecting is in `tls`.

use diesel::connection::{
    CacheSize, Connection, Instrumentation, LoadConnection, SimpleConnection, TransactionDepthChange,
    TransactionManager, TransactionManagerStatus,
};
use diesel::internal::derives::multiconnection::{ConnectionSealed, MultiConnectionHelper};
use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::result::Error as DieselError;
use diesel::{ConnectionResult, QueryResult};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

use super::notices::Notice;
use super::own_runtime::OwnRuntime;
use super::tls::Connector;

type Wrapped = AsyncConnectionWrapper<AsyncPgConnection, OwnRuntime>;
type Manager = <Wrapped as Connection>::TransactionManager;

/// A connection to PostgreSQL.
pub struct PgConn(Wrapped);

impl PgConn {
    /// Takes a connection that was made elsewhere (`tls`), on this runtime.
    pub(super) fn new(connection: AsyncPgConnection, runtime: OwnRuntime) -> Self {
        Self(runtime.given_to(|| connection.into()))
    }

    /// Opens the outermost transaction with `sql`.
    pub(super) fn begin(&mut self, sql: &str) -> QueryResult<()> {
        self.0.batch_execute(sql)?;
        match Manager::transaction_manager_status_mut(&mut self.0) {
            TransactionManagerStatus::Valid(status) => {
                status.change_transaction_depth(TransactionDepthChange::IncreaseDepth)
            }
            TransactionManagerStatus::InError => Err(DieselError::BrokenTransactionManager),
        }
    }

    /// Sends the notices and commits, in one round trip.
    ///
    /// A COMMIT in a transaction that already failed "succeeds" as a ROLLBACK. So a statement always goes before it: that one fails in a
    /// failed transaction, and the COMMIT behind it does not run.
    pub(super) fn commit(&mut self, notices: &[Notice]) -> QueryResult<()> {
        if !matches!(Manager::transaction_manager_status_mut(&mut self.0).transaction_depth(), Ok(Some(depth)) if depth.get() == 1)
        {
            return Err(DieselError::BrokenTransactionManager);
        }
        let mut sql = String::new();
        for notice in notices {
            sql.push_str(&notice.to_sql());
        }
        if sql.is_empty() {
            sql.push_str("SELECT 1;");
        }
        sql.push_str("COMMIT");
        self.0.batch_execute(&sql)?;
        *Manager::transaction_manager_status_mut(&mut self.0) = TransactionManagerStatus::default();
        Ok(())
    }

    /// Ends whatever is open and says whether the server still answers.
    pub(super) fn reset(&mut self) -> bool {
        // "ROLLBACK" outside a transaction is only a warning.
        let alive = self.0.batch_execute("ROLLBACK").is_ok();
        *Manager::transaction_manager_status_mut(&mut self.0) = TransactionManagerStatus::default();
        alive
    }
}

impl ConnectionSealed for PgConn {}

impl SimpleConnection for PgConn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.0.batch_execute(query)
    }
}

impl Connection for PgConn {
    type Backend = Pg;
    type TransactionManager = PgManager;

    fn establish(url: &str) -> ConnectionResult<Self> {
        // By the one way in: only there the connection gets the runtime that it lives on.
        let connected = Connector::new(url, "parvis", None).and_then(|to| to.connect());
        connected.map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Pg> + QueryId,
    {
        self.0.execute_returning_count(source)
    }

    fn transaction_state(&mut self) -> &mut <PgManager as TransactionManager<Self>>::TransactionStateData {
        self.0.transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        Connection::instrumentation(&mut self.0)
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        Connection::set_instrumentation(&mut self.0, instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        Connection::set_prepared_statement_cache_size(&mut self.0, size);
    }
}

impl LoadConnection for PgConn {
    type Cursor<'c, 'q> = <Wrapped as LoadConnection>::Cursor<'c, 'q>;
    type Row<'c, 'q> = <Wrapped as LoadConnection>::Row<'c, 'q>;

    fn load<'c, 'q, T>(&'c mut self, source: T) -> QueryResult<Self::Cursor<'c, 'q>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'q,
        Pg: diesel::expression::QueryMetadata<T::SqlType>,
    {
        LoadConnection::load(&mut self.0, source)
    }
}

/// Hands everything on to the wrapper's own.
pub struct PgManager;

impl TransactionManager<PgConn> for PgManager {
    type TransactionStateData = <Manager as TransactionManager<Wrapped>>::TransactionStateData;

    fn begin_transaction(c: &mut PgConn) -> QueryResult<()> {
        Manager::begin_transaction(&mut c.0)
    }

    fn rollback_transaction(c: &mut PgConn) -> QueryResult<()> {
        Manager::rollback_transaction(&mut c.0)
    }

    fn commit_transaction(c: &mut PgConn) -> QueryResult<()> {
        Manager::commit_transaction(&mut c.0)
    }

    fn transaction_manager_status_mut(c: &mut PgConn) -> &mut TransactionManagerStatus {
        Manager::transaction_manager_status_mut(&mut c.0)
    }

    fn is_broken_transaction_manager(c: &mut PgConn) -> bool {
        Manager::is_broken_transaction_manager(&mut c.0)
    }
}

impl diesel::migration::MigrationConnection for PgConn {
    fn setup(&mut self) -> QueryResult<usize> {
        self.batch_execute(diesel::migration::CREATE_MIGRATIONS_TABLE).map(|()| 0)
    }
}

/// Built-in types carry fixed OIDs, so the lookup is only asked for types of extensions and enums, which we do not use.
struct NoLookup;

impl PgMetadataLookup for NoLookup {
    fn lookup_type(&mut self, _: &str, _: Option<&str>) -> PgTypeMetadata {
        PgTypeMetadata::new(0, 0)
    }
}

impl MultiConnectionHelper for PgConn {
    fn to_any<'a>(
        _: &mut <Pg as diesel::sql_types::TypeMetadata>::MetadataLookup,
    ) -> &mut (dyn std::any::Any + 'a) {
        // Of size zero, so nothing is allocated and nothing leaks.
        Box::leak(Box::new(NoLookup))
    }

    fn from_any(
        lookup: &mut dyn std::any::Any,
    ) -> Option<&mut <Pg as diesel::sql_types::TypeMetadata>::MetadataLookup> {
        let lookup: &mut dyn PgMetadataLookup = lookup.downcast_mut::<NoLookup>()?;
        Some(lookup)
    }
}
