//! What a process that was killed still held: jobs, activities that came in, the lead of the delivery. Nothing of it need wait for the end of its
//! lease when the next process knows that it is alone (threats R5).

use parvis_store::{inbound, jobs, peers};

use crate::Tx;
use crate::error::Result;

/// Gives everything back. Only at the start of a process, before it takes anything itself, when `Database::is_alone`.
///
/// # Errors
/// Internal.
pub fn take_over(tx: &mut Tx<'_>) -> Result<()> {
    let jobs = jobs::release_all(tx)?;
    let activities = inbound::release_all(tx)?;
    peers::leave_all_leads(tx)?;
    if jobs + activities > 0 {
        tracing::info!(jobs, activities, "going on with what a process had in hand that was killed");
    }
    Ok(())
}
