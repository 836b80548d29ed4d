//! A write closure as it waits in the queue of SQLite's writer: it runs once, keeps its result, and answers when told how its group
//! ended.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::notices::Notice;
use super::tx::{Conn, Shared, Tx};
use crate::error::{Error, Failure};

/// The closure's result, or its panic, which goes on in the caller.
pub(super) type Outcome<T, E> = std::thread::Result<Result<T, E>>;

/// How a closure ended, before anything is committed.
pub(super) enum Ran {
    /// It succeeded; these are to be told after the commit.
    Kept(Vec<Notice>),
    /// It failed: what it did must be taken back.
    Refused,
    /// It panicked, perhaps with savepoints open.
    Panicked,
}

/// A closure of any type.
pub(super) trait Work: Send {
    /// Runs the closure in the open savepoint.
    fn run(&mut self, conn: &mut Conn, shared: &Shared) -> Ran;

    /// Answers the caller. With an error the closure's own result is thrown away, even a refusal: it may have seen what others in the
    /// group did, and that is gone.
    fn answer(self: Box<Self>, group: Result<(), Error>);
}

/// A closure of one type.
pub(super) struct Closure<F, T, E> {
    f: F,
    outcome: Option<Outcome<T, E>>,
    answer: oneshot::Sender<Outcome<T, E>>,
}

impl<F, T, E> Closure<F, T, E> {
    /// The closure, and where its answer will arrive.
    pub(super) fn new(f: F) -> (Box<Self>, oneshot::Receiver<Outcome<T, E>>) {
        let (answer, receiver) = oneshot::channel();
        (Box::new(Self { f, outcome: None, answer }), receiver)
    }
}

impl<F, T, E> Work for Closure<F, T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: Failure,
{
    fn run(&mut self, conn: &mut Conn, shared: &Shared) -> Ran {
        let mut tx = Tx::new(conn, shared);
        // The connection's state after a panic is repaired by the writer; what the closure captured is never used again.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.f)(&mut tx)));
        let ran = match &outcome {
            Ok(Ok(_)) => Ran::Kept(tx.into_parts().0),
            Ok(Err(_)) => Ran::Refused,
            Err(_) => Ran::Panicked,
        };
        self.outcome = Some(outcome);
        ran
    }

    fn answer(self: Box<Self>, group: Result<(), Error>) {
        let outcome = match (group, self.outcome) {
            (Ok(()), Some(outcome)) | (Err(_), Some(outcome @ Err(_))) => outcome,
            (Err(error), _) => Ok(Err(error.into())),
            (Ok(()), None) => Ok(Err(Error::Unavailable("the writer ended before this ran".into()).into())),
        };
        // Nobody waits any more when the request was given up.
        let _ = self.answer.send(outcome);
    }
}
