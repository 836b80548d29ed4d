//! Ids of this process: the generator is `model::ids::IdMaker`; here is the row in `node_leases` that gives it a node number, so that two
//! processes on one database (nodes on PostgreSQL, the CLI beside the server on SQLite) never make the same id.
//!
//! A lease is renewed by the writes themselves once half of it is over; an idle process lets it lapse and takes one again later.

use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use parvis_model::ids::IdMaker;
use parvis_model::time::{MINUTE, Moment};

use super::db::{Db, each};
use super::tx::Conn;
use crate::error::Error;

diesel::table! {
    node_leases (slot) {
        slot -> SmallInt,
        holder -> BigInt,
        leased_until -> BigInt,
    }
}

/// Longer than any likely difference between the clocks of two nodes.
const LEASE: i64 = 10 * MINUTE;

/// The generator and its lease.
pub(super) struct Ids(Mutex<State>);

struct State {
    maker: IdMaker,
    /// A random number that tells this process's rows from others'.
    holder: i64,
    slot: Option<i16>,
    until: Moment,
}

impl Ids {
    /// Without a lease yet.
    pub(super) fn new(random: u64) -> Self {
        // 0 means nobody.
        let holder = i64::from_le_bytes(random.to_le_bytes()).max(1);
        Self(Mutex::new(State { maker: IdMaker::new(0, 0), holder, slot: None, until: Moment::default() }))
    }

    /// Uses the generator.
    pub(super) fn with<T>(&self, f: impl FnOnce(&mut IdMaker) -> T) -> T {
        f(&mut self.lock().maker)
    }

    /// True when a write should call [`Ids::lease`] first.
    pub(super) fn is_due(&self, now: Moment) -> bool {
        let state = self.lock();
        state.slot.is_none() || now.plus(LEASE / 2) >= state.until
    }

    /// Takes or renews the lease in the open transaction. If that is not committed, call [`Ids::forget`].
    pub(super) fn lease(&self, conn: &mut Conn, now: Moment) -> Result<(), Error> {
        let mut state = self.lock();
        let until = now.plus(LEASE);
        if let Some(slot) = state.slot {
            let mine = node_leases::table.find(slot).filter(node_leases::holder.eq(state.holder));
            if diesel::update(mine).set(node_leases::leased_until.eq(until.0)).execute(&mut conn.db)? == 1 {
                state.until = until;
                return Ok(());
            }
        }
        let slot = free_slot(conn, now)?;
        diesel::update(node_leases::table.find(slot))
            .set((node_leases::holder.eq(state.holder), node_leases::leased_until.eq(until.0)))
            .execute(&mut conn.db)?;
        state.maker = IdMaker::new(slot.into(), highest_id(conn)?);
        state.slot = Some(slot);
        state.until = until;
        Ok(())
    }

    /// The transaction of the last lease may not have been committed.
    pub(super) fn forget(&self) {
        self.lock().until = Moment::default();
    }

    /// Gives the number back at the end, in the open transaction.
    pub(super) fn release(&self, conn: &mut Conn) -> Result<(), Error> {
        let mut state = self.lock();
        if let Some(slot) = state.slot.take() {
            diesel::update(node_leases::table.find(slot).filter(node_leases::holder.eq(state.holder)))
                .set((node_leases::holder.eq(0), node_leases::leased_until.eq(0)))
                .execute(&mut conn.db)?;
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lowest number whose lease is over. When all 64 are taken (a process that is killed and restarted every second leaves its leases
/// behind), the one that was not renewed for longest.
fn free_slot(conn: &mut Conn, now: Moment) -> Result<i16, Error> {
    use node_leases::{leased_until, slot, table};
    // SKIP LOCKED exists on PostgreSQL only; SQLite has one writer.
    let free: Option<i16> = each!(
        conn,
        pg | c
            | table
                .filter(leased_until.le(now.0))
                .order(slot)
                .select(slot)
                .limit(1)
                .for_update()
                .skip_locked()
                .first(c),
        sqlite | c | table.filter(leased_until.le(now.0)).order(slot).select(slot).limit(1).first(c)
    )
    .optional()?;
    match free {
        Some(free) => Ok(free),
        None => {
            tracing::warn!(
                "all node numbers are leased; taking over the one that was not renewed for longest"
            );
            Ok(table.order((leased_until, slot)).select(slot).limit(1).first(&mut conn.db)?)
        }
    }
}

/// The highest id in any table, so that ids rise even when the clock went back between two starts. Every table whose primary key is a
/// BIGINT column named `id` is asked; the primary key answers from its index.
fn highest_id(conn: &mut Conn) -> Result<i64, Error> {
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    #[derive(QueryableByName)]
    struct Highest {
        #[diesel(sql_type = diesel::sql_types::Nullable<BigInt>)]
        highest: Option<i64>,
    }
    // The two catalogues have nothing in common.
    let tables = match conn.db {
        Db::Pg(_) => {
            "SELECT quote_ident(t.relname) AS name FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid \
             JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary AND i.indnatts = 1 AND i.indkey[0] = a.attnum \
             WHERE t.relkind IN ('r', 'p') AND a.attname = 'id' AND a.atttypid = 'bigint'::regtype AND pg_table_is_visible(t.oid)"
        }
        Db::Sqlite(_) => {
            "SELECT '\"' || replace(t.name, '\"', '\"\"') || '\"' AS name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND c.name = 'id' AND c.pk = 1 AND upper(c.type) IN ('INTEGER', 'BIGINT') \
             AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) o WHERE o.pk > 1)"
        }
    };
    let mut highest = 0;
    for table in diesel::sql_query(tables).load::<Table>(&mut conn.db)? {
        let row: Highest = diesel::sql_query(format!("SELECT max(id) AS highest FROM {}", table.name))
            .get_result(&mut conn.db)?;
        highest = highest.max(row.highest.unwrap_or(0));
    }
    Ok(highest)
}
