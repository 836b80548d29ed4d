//! How far somebody has read their home timeline and their notifications: kept for their client programs, so that these agree.

use parvis_model::ids::AccountId;
use parvis_store::markers::{self as rows, Marker};
use parvis_store::{Conn, Tx};

use crate::error::Result;

/// The timelines that have a marker.
pub const TIMELINES: [&str; 2] = ["home", "notifications"];

/// An owner's markers.
///
/// # Errors
/// Internal.
pub fn of(c: &mut Conn, owner: AccountId) -> Result<Vec<Marker>> {
    Ok(rows::of(c, owner)?)
}

/// Sets markers and returns those that were set; names that are no timeline are left out. A marker never goes back: a client that lags behind
/// another one changes nothing.
///
/// # Errors
/// Internal.
pub fn set(tx: &mut Tx<'_>, owner: AccountId, wanted: &[(String, i64)]) -> Result<Vec<Marker>> {
    let now = tx.now();
    let before = rows::of(tx, owner)?;
    for (timeline, last_read) in wanted.iter().filter(|(t, _)| TIMELINES.contains(&t.as_str())) {
        let is_ahead = before.iter().any(|m| m.timeline == *timeline && m.last_read_id >= *last_read);
        if !is_ahead {
            rows::set(tx, owner, timeline, *last_read, now)?;
        }
    }
    Ok(rows::of(tx, owner)?.into_iter().filter(|m| wanted.iter().any(|(t, _)| *t == m.timeline)).collect())
}
