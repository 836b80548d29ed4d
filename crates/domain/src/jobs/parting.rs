//! Ending follows with a server that somebody avoids, some at a time.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};

use crate::Town;
use crate::host_blocks::{self, Parting};

/// Follows of one transaction, each way.
const BATCH: i64 = 50;

/// Ends them.
pub struct PartFromHost;

#[async_trait]
impl Job<Town> for PartFromHost {
    const KIND: &'static str = host_blocks::PART;
    type Payload = Parting;

    async fn run(parting: Parting, town: &Town) -> Result<Next<Parting>, Problem> {
        let now = parting.clone();
        let is_done = town.db().write(move |tx| host_blocks::part(tx, &now, BATCH)).await?;
        Ok(if is_done { Next::Done } else { Next::Again(parting) })
    }
}
