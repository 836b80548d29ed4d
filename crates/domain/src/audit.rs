//! The record of what was done for the town: who, what, to whom, when, why. Written in the transaction of the deed, never changed, never removed.

use parvis_store::audit as rows;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, accounts};

use crate::error::Result;
use crate::staff::Staff;

pub use parvis_store::audit::Entry;

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    kind: &'static str,
    id: Option<i64>,
    name: String,
}

impl Target {
    /// Something with an id and a name: both, because the thing may go.
    #[must_use]
    pub fn new(kind: &'static str, id: impl Into<i64>, name: impl Into<String>) -> Self {
        Self { kind, id: Some(id.into()), name: name.into() }
    }

    /// An account.
    #[must_use]
    pub fn account(account: &accounts::Account) -> Self {
        Self::new("account", account.id, account.acct())
    }
}

/// Characters of a name and of a reason that are kept.
const NAME_MAX: usize = 400;
const REASON_MAX: usize = 5_000;

/// Writes down what was done.
///
/// # Errors
/// Internal.
pub fn record(tx: &mut Tx<'_>, by: &Staff, action: &str, target: &Target, reason: &str) -> Result<()> {
    let entry = Entry {
        id: tx.new_id(),
        account_id: by.account,
        actor: by.name.chars().take(320).collect(),
        action: action.to_owned(),
        target_kind: target.kind.to_owned(),
        target_id: target.id,
        target: target.name.chars().take(NAME_MAX).collect(),
        reason: reason.chars().filter(|c| *c != '\0').take(REASON_MAX).collect(),
        created_at: tx.now(),
    };
    Ok(rows::insert(tx, &entry)?)
}

/// A page of the record, newest first.
///
/// # Errors
/// Internal.
pub fn page(c: &mut Conn, range: Range) -> Result<Vec<Entry>> {
    Ok(rows::page(c, range)?)
}

/// What was done to one thing, newest first, at most 200.
///
/// # Errors
/// Internal.
pub fn about(c: &mut Conn, target: &Target) -> Result<Vec<Entry>> {
    Ok(match target.id {
        Some(id) => rows::about(c, target.kind, id, 200)?,
        None => Vec::new(),
    })
}
