//! Databases on a PostgreSQL server for one test each, copied from a template that is named after the migrations, so that several
//! checkouts can share one server.

use std::sync::OnceLock;

use diesel::connection::Connection;
use parvis_model::random::{Random, SystemRandom};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use crate::conn::db::Db;
use crate::conn::postgres::PgConn;
use crate::migrate;

/// Any number; says that somebody makes templates on this server.
const LOCK: i64 = 0x7061_7276_6974;

/// A database that is dropped with this value, whoever is still connected.
pub(super) struct Throwaway {
    server: String,
    name: String,
}

impl Throwaway {
    /// A copy of the template. Blocks.
    pub(super) fn new(server: &str) -> Self {
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| beside(server, make_template));
        let name = format!("parvis_test_{:016x}", SystemRandom.number());
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        beside(server, move |runtime, server| runtime.block_on(run(server, &sql)));
        Self { server: server.to_owned(), name }
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        url_of(&self.server, &self.name)
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        beside(&self.server, move |runtime, server| runtime.block_on(run(server, &sql)));
    }
}

/// Runs `f` on a thread and runtime of its own, because tests call this from inside theirs.
fn beside<T: Send>(server: &str, f: impl FnOnce(&Runtime, &str) -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            f(&runtime, server)
        });
        thread.join().expect("the work beside the test succeeds")
    })
}

async fn connect(server: &str) -> Client {
    let (client, connection) =
        tokio_postgres::connect(server, NoTls).await.expect("PARVIS_TEST_POSTGRES answers");
    #[expect(clippy::disallowed_methods, reason = "ends with its client")]
    tokio::spawn(connection);
    client
}

async fn run(server: &str, sql: &str) {
    connect(server).await.batch_execute(sql).await.expect(sql);
}

/// Makes the template unless this or another process already did.
fn make_template(runtime: &Runtime, server: &str) -> String {
    let name = format!("parvis_template_{}", env!("PARVIS_MIGRATIONS_HASH"));
    let unfinished = format!("{name}_unfinished");
    // The lock is held until the client is dropped at the end.
    let client = runtime.block_on(connect(server));
    let is_there = runtime.block_on(async {
        client.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.expect("the lock is taken");
        let found = client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await;
        found.expect("the databases are listed").is_some()
    });
    if !is_there {
        runtime.block_on(async {
            let drop = format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)");
            client.batch_execute(&drop).await.expect("what an earlier run left is dropped");
            let create = format!("CREATE DATABASE {unfinished}");
            client.batch_execute(&create).await.expect("the template is created");
        });
        // Outside the runtime: this connection brings its own.
        let connection = PgConn::establish(&url_of(server, &unfinished)).expect("the template opens");
        let mut db = Db::Pg(connection);
        migrate::up(&mut db).expect("the migrations run");
        drop(db);
        let rename = format!("ALTER DATABASE {unfinished} RENAME TO {name}");
        runtime.block_on(async { client.batch_execute(&rename).await }).expect("the template gets its name");
    }
    name
}

/// The URL of another database on the same server.
fn url_of(server: &str, database: &str) -> String {
    let (address, query) =
        server.split_once('?').map_or((server, String::new()), |(a, q)| (a, format!("?{q}")));
    let (scheme, rest) = address.split_once("://").expect("PARVIS_TEST_POSTGRES is a postgres:// URL");
    let host = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{host}/{database}{query}")
}
