//! Work over all rows that a new version of the program brings with it: some rows per transaction, with the place kept, so that a restart goes on
//! where it was.

use parvis_store::upkeep::{self, Progress};

use crate::Tx;
use crate::error::Result;

/// Does some rows above an id; returns the last one, or `None` when there was none.
pub(super) type Step = fn(&mut Tx<'_>, i64) -> Result<Option<i64>>;

/// One step of a task; `false` when it is done for this version.
pub(super) fn advance(tx: &mut Tx<'_>, task: &str, version: i32, step: Step) -> Result<bool> {
    let after = match upkeep::progress(tx, task)? {
        Some(Progress { version: done, cursor: None }) if done == version => return Ok(false),
        Some(Progress { version: begun, cursor: Some(cursor) }) if begun == version => cursor,
        _ => 0,
    };
    let cursor = step(tx, after)?;
    upkeep::set_progress(tx, task, Progress { version, cursor })?;
    Ok(cursor.is_some())
}
