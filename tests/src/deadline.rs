//! The one stop-watch of the tests: it ends what hangs, and decides nothing else.

use std::future::Future;
use std::time::Duration;

/// Longer than anything here takes on a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// What `work` gives, unless it hangs.
///
/// # Panics
/// When it takes longer than [`PATIENCE`].
pub async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => panic!("{what}: still not done after {} s", PATIENCE.as_secs()),
    }
}
