//! A runtime for one connection to PostgreSQL. The connection and whoever asks over it run on the same thread: a question is written and its answer read
//! without waking another thread on the way there and back, which takes more processor time than either.

use std::cell::RefCell;

use diesel_async::async_connection_wrapper::BlockOn;
use tokio::runtime::{Builder, Runtime};

use crate::error::Error;

thread_local! {
    /// On its way into the wrapper, which can be told which kind of runtime it has, but not which.
    static MADE: RefCell<Option<OwnRuntime>> = const { RefCell::new(None) };
}

/// Runs nothing but one connection. `None` when it ends.
#[derive(Debug)]
pub struct OwnRuntime(Option<Runtime>);

impl OwnRuntime {
    /// A new one.
    pub(super) fn new() -> Result<Self, Error> {
        let made = Builder::new_current_thread().enable_all().build();
        let made =
            made.map_err(|e| Error::Unavailable(format!("a connection to PostgreSQL needs a runtime: {e}")))?;
        Ok(Self(Some(made)))
    }

    /// Lets `wrap` take this runtime with [`BlockOn::get_runtime`]. The connection that it wraps must live on it.
    pub(super) fn given_to<T>(self, wrap: impl FnOnce() -> T) -> T {
        MADE.set(Some(self));
        wrap()
    }
}

impl BlockOn for OwnRuntime {
    #[expect(clippy::expect_used, reason = "taken away in `drop` only")]
    fn block_on<F: Future>(&self, f: F) -> F::Output {
        self.0.as_ref().expect("a living runtime").block_on(f)
    }

    #[expect(clippy::expect_used, reason = "connections are made in `tls` only, by `given_to`")]
    fn get_runtime() -> Self {
        MADE.take().expect("a runtime that was given")
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Not by dropping it, which waits: connections are also closed on threads that must not.
            runtime.shutdown_background();
        }
    }
}
