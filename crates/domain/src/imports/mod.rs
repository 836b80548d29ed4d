//! Lists that people take with them or bring along, as Mastodon's CSV files: follows, lists, blocks, mutes, bookmarks, avoided servers. [`mod@format`] reads and
//! writes the files, [`export`] fills one, here is the bringing: a file becomes rows in one transaction, a job works through them ([`work`]).

pub mod export;
pub mod format;
pub mod work;

use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_model::time::DAY;
use parvis_store::imports::{self as rows, Import, Row};
use parvis_store::{Conn, Tx, jobs};

use crate::error::{Error, Result};

pub use format::Kind;

/// Rows of one file.
pub const ROWS_MAX: usize = 10_000;
/// Bytes of one file.
pub const FILE_MAX: usize = 2 * 1024 * 1024;
/// Imports under way at once.
const AT_ONCE: usize = 3;
/// Imports that are shown.
const SHOWN: i64 = 10;
/// How long results are kept.
pub const KEPT: i64 = 30 * DAY;
/// The job that works through an import.
pub const WORK: &str = "accounts.import";

/// How an import stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub import: Import,
    pub kind: Kind,
    pub waiting: i64,
    pub done: i64,
    pub failed: i64,
}

/// Takes a file in. What is wrong with single rows shows in the result; what is no such file is refused.
///
/// # Errors
/// `Invalid` under `file`: [`Refusal::FileUnreadable`], [`Refusal::FileTooLong`]; [`Refusal::TooManyImports`].
pub fn begin(tx: &mut Tx<'_>, who: AccountId, kind: Kind, is_overwriting: bool, file: &[u8]) -> Result<i64> {
    let lines = format::read(kind, file, ROWS_MAX).map_err(|refusal| Error::field("file", refusal))?;
    let under_way = rows::of_account(tx, who, SHOWN)?.iter().filter(|i| i.finished_at.is_none()).count();
    if under_way >= AT_ONCE {
        return Err(Error::Refused(Refusal::TooManyImports));
    }
    let (id, now) = (tx.new_id(), tx.now());
    rows::insert(
        tx,
        &Import {
            id,
            account_id: who,
            kind: kind.as_str().to_owned(),
            is_overwriting,
            created_at: now,
            finished_at: None,
        },
    )?;
    let mut all = Vec::with_capacity(lines.len());
    for (line, position) in lines.into_iter().zip(0_i64..) {
        let options = serde_json::to_string(&line.options)
            .map_err(|e| Error::internal(format!("the options of a row: {e}")))?;
        all.push(Row { import_id: id, position, target: line.target, options, state: rows::WAITING });
    }
    rows::insert_rows(tx, &all)?;
    jobs::enqueue(tx, WORK, &format!("[{id}]"), Some(&format!("{WORK}/{id}")), now)?;
    tx.notify("jobs", 0);
    Ok(id)
}

/// One's own imports, the latest first. Two statements.
///
/// # Errors
/// Internal.
pub fn list(c: &mut Conn, who: AccountId) -> Result<Vec<Standing>> {
    let found = rows::of_account(c, who, SHOWN)?;
    let ids: Vec<i64> = found.iter().map(|i| i.id).collect();
    let tallies = rows::tallies(c, &ids)?;
    let count = |id: i64, state: i16| {
        tallies.iter().find(|(import, s, _)| *import == id && *s == state).map_or(0, |(_, _, n)| *n)
    };
    Ok(found
        .into_iter()
        .filter_map(|import| {
            Some(Standing {
                kind: Kind::parse(&import.kind)?,
                waiting: count(import.id, rows::WAITING),
                done: count(import.id, rows::DONE),
                failed: count(import.id, rows::FAILED),
                import,
            })
        })
        .collect())
}

/// What of one's own import could not be done, at most 100 rows.
///
/// # Errors
/// `NotFound`, also for somebody else's (threats I1).
pub fn failures(c: &mut Conn, who: AccountId, id: i64) -> Result<Vec<String>> {
    rows::by_id(c, id)?.filter(|i| i.account_id == who).ok_or(Error::NotFound)?;
    Ok(rows::failed(c, id, 100)?)
}

/// Forgets old results.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now().minus(KEPT);
    Ok(rows::forget(tx, before)?)
}

#[cfg(test)]
mod tests;
