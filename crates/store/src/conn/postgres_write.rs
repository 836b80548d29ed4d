//! Writing on PostgreSQL: one closure, one transaction, run again when another transaction was in the way or the connection was lost
//! before the commit (threats R13).

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, spawn_blocking};

use super::pool::Pool;
use super::transaction::{self, Begin};
use super::tx::{Shared, Tx};
use crate::error::{Error, Failure};

/// How often a closure runs at most.
const TRIES: u32 = 24;

/// How one try ended.
enum Try<T, E> {
    Done(Result<T, E>),
    Again,
}

/// Runs `f` until it is committed or refused.
///
/// In a process one serializable transaction runs at a time (docs/adr/0016): PostgreSQL remembers which pages of an index each has looked at, and all that
/// is new stands on the same page, so that any two would meet. Those of other nodes may still be in the way.
pub(super) async fn write<T, E, F>(pool: &Arc<Pool>, shared: &Arc<Shared>, begin: Begin, f: F) -> Result<T, E>
where
    T: Send + 'static,
    E: Failure,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
{
    let f = Arc::new(f);
    for number in 0..TRIES {
        if number > 0 {
            tokio::time::sleep(pause(shared, number)).await;
        }
        let lane = if begin == Begin::Serializable { Some(pool.lane().await?) } else { None };
        let slot = pool.slot().await?;
        let (pool, shared, f) = (pool.clone(), shared.clone(), f.clone());
        let tried = spawn_blocking(move || {
            let tried = once(&pool, &shared, begin, &*f);
            drop(slot);
            tried
        });
        let tried = tried.await;
        drop(lane);
        match tried {
            Ok(Try::Done(result)) => return result,
            Ok(Try::Again) => tracing::debug!(number, "a transaction runs again"),
            Err(error) => return ended(error).map_err(E::from),
        }
    }
    Err(Error::Unavailable(format!("other transactions were in the way {TRIES} times")).into())
}

/// What a blocking task that did not return means: a panic goes on in the caller, and a cancelled task means that the runtime ends.
pub(super) fn ended<T>(error: JoinError) -> Result<T, Error> {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Err(Error::Unavailable("the program is ending".into())),
    }
}

/// Two transactions that met once must not meet again in step.
fn pause(shared: &Shared, number: u32) -> Duration {
    let longest = 4_000_u64 << number.min(6);
    Duration::from_micros(longest / 4 + shared.random.below(longest))
}

fn once<T, E: Failure>(
    pool: &Pool,
    shared: &Shared,
    begin: Begin,
    f: &(impl Fn(&mut Tx<'_>) -> Result<T, E> + ?Sized),
) -> Try<T, E> {
    let opened = lease(pool, shared).and_then(|()| pool.begin(begin));
    let mut conn = match opened {
        Ok(conn) => conn,
        Err(Error::Retry) => return Try::Again,
        Err(error) => return Try::Done(Err(error.into())),
    };
    let mut tx = Tx::new(&mut conn, shared);
    // A panic in `f` drops the connection, and the server takes everything back.
    let result = f(&mut tx);
    let (notices, must_run_again) = tx.into_parts();
    match result {
        Ok(value) if !must_run_again => match transaction::commit(&mut conn.db, &notices) {
            Ok(()) => {
                pool.put_back(conn);
                Try::Done(Ok(value))
            }
            Err(Error::Retry) => {
                pool.give_up(conn);
                Try::Again
            }
            // Perhaps committed, perhaps not: running again could do it twice.
            Err(error) => Try::Done(Err(error.into())),
        },
        Ok(_) => {
            pool.give_up(conn);
            Try::Again
        }
        Err(error) => {
            let is_alive = pool.give_up(conn);
            if !is_alive || error.is_retryable() || must_run_again {
                Try::Again
            } else {
                Try::Done(Err(error))
            }
        }
    }
}

/// Renews the lease of the node number in a transaction of its own, when it is due.
fn lease(pool: &Pool, shared: &Shared) -> Result<(), Error> {
    let now = shared.clock.now();
    if !shared.ids.is_due(now) {
        return Ok(());
    }
    let mut conn = pool.begin(Begin::ReadCommitted)?;
    let done = shared.ids.lease(&mut conn, now).and_then(|()| transaction::commit(&mut conn.db, &[]));
    match done {
        Ok(()) => pool.put_back(conn),
        Err(error) => {
            shared.ids.forget();
            pool.give_up(conn);
            return Err(error);
        }
    }
    Ok(())
}

/// Gives the node number back at the end.
pub(super) fn release(pool: &Pool, shared: &Shared) -> Result<(), Error> {
    let mut conn = pool.begin(Begin::ReadCommitted)?;
    shared.ids.release(&mut conn)?;
    transaction::commit(&mut conn.db, &[])
}
