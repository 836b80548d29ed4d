//! Telling people of follows that ended, some at a time.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};

use crate::Town;
use crate::severances::{self, Telling};

/// People of one transaction.
const BATCH: i64 = 200;

/// Tells them.
pub struct TellOfSeverance;

#[async_trait]
impl Job<Town> for TellOfSeverance {
    const KIND: &'static str = severances::TELL;
    type Payload = Telling;

    async fn run(telling: Telling, town: &Town) -> Result<Next<Telling>, Problem> {
        let next = town.db().write(move |tx| severances::tell(tx, &telling, BATCH)).await?;
        Ok(next.map_or(Next::Done, Next::Again))
    }
}
