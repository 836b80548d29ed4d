//! The inbox's queue: what was received stands in the database before anybody is told that it was, and is worked through in the order in which each
//! actor sent it. Nothing accepted is lost, and nothing has its effect twice: the effect and "done" are one transaction.
//!
//! Neighbours: `federation::inbox` accepts, `federation::worker` works. Deliberately not here: signatures, JSON, what an activity does.

use parvis_model::ids::InboundId;
use parvis_model::time::{DAY, MINUTE, SECOND};
use parvis_store::inbound::{self as rows, Arrival, Inbound};
use parvis_store::{Conn, Tx};

use crate::error::{Error, Result};

/// Rows that may wait at once; beyond, peers are asked to come back later (threats R11).
pub const CAPACITY: i64 = 20_000;
/// How long a worker may keep a row before another takes it.
pub const LEASE: i64 = 2 * MINUTE;
/// Tries before a row is parked.
pub const TRIES: i32 = 5;
/// How long the ids of finished activities are remembered.
pub const REMEMBERED_FOR: i64 = 30 * DAY;

/// What somebody signed and sent.
#[derive(Clone, Debug)]
pub struct Received {
    pub actor_uri: String,
    pub activity_uri: String,
    pub host: String,
    /// Exactly the bytes.
    pub body: Vec<u8>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Stored; it will have its effect.
    Stored,
    /// It came before (threats S4, R6).
    Known,
}

/// Stores an activity.
///
/// # Errors
/// Internal.
pub fn accept(tx: &mut Tx<'_>, received: &Received) -> Result<Accepted> {
    let now = tx.now();
    let row = Arrival {
        actor_uri: received.actor_uri.clone(),
        activity_uri: received.activity_uri.clone(),
        host: received.host.clone(),
        body: received.body.clone(),
        received_at: now,
        run_at: now,
    };
    if !rows::insert(tx, &row)? {
        return Ok(Accepted::Known);
    }
    tx.notify("inbound", 0);
    Ok(Accepted::Stored)
}

/// Whether this actor sent this activity before.
///
/// # Errors
/// Internal.
pub fn is_known(c: &mut Conn, actor_uri: &str, activity_uri: &str) -> Result<bool> {
    Ok(rows::is_known(c, actor_uri, activity_uri)?)
}

/// How many rows wait.
///
/// # Errors
/// Internal.
pub fn waiting(c: &mut Conn) -> Result<i64> {
    Ok(rows::count(c, rows::WAITING)?)
}

/// Takes up to `limit` rows to work on. Run it in `Database::claim`.
///
/// # Errors
/// Internal.
pub fn claim(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Inbound>> {
    let lease = tx.now().plus(LEASE);
    Ok(rows::claim(tx, limit, lease)?)
}

/// Marks a row as done, in the transaction of its effect.
///
/// # Errors
/// Internal when another worker did it meanwhile: then this transaction must not count.
pub fn finish(tx: &mut Tx<'_>, id: InboundId) -> Result<()> {
    if rows::finish(tx, id)? {
        Ok(())
    } else {
        Err(Error::internal("an activity was finished by another worker"))
    }
}

/// Puts a row back for later, the longer the more often it failed; after [`TRIES`] it is parked. `true` when it was parked.
///
/// # Errors
/// Internal.
pub fn put_back(tx: &mut Tx<'_>, row: &Inbound, problem: &str) -> Result<bool> {
    let is_parked = row.attempts + 1 >= TRIES;
    let wait = match row.attempts {
        0 => 10 * SECOND,
        1 => MINUTE,
        2 => 5 * MINUTE,
        _ => 15 * MINUTE,
    };
    let at = tx.now().plus(wait);
    rows::put_back(tx, row.id, at, problem, is_parked)?;
    Ok(is_parked)
}

/// Gives rows back at once, at an orderly stop (threats R17).
///
/// # Errors
/// Internal.
pub fn release(tx: &mut Tx<'_>, ids: &[InboundId]) -> Result<()> {
    Ok(rows::release(tx, ids)?)
}

/// When the next row is due.
///
/// # Errors
/// Internal.
pub fn next_due(c: &mut Conn) -> Result<Option<parvis_model::time::Moment>> {
    Ok(rows::next_due(c)?)
}

/// How many wait and how many are parked, for the operator.
///
/// # Errors
/// Internal.
pub fn figures(c: &mut Conn) -> Result<(i64, i64)> {
    Ok((rows::count(c, rows::WAITING)?, rows::count(c, rows::PARKED)?))
}

/// Forgets finished activities that are old enough; a daily job calls it.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now().minus(REMEMBERED_FOR);
    Ok(rows::forget(tx, before)?)
}
