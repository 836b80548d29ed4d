//! Home timelines: a post into those of its author's followers, batch by batch, and one anew for somebody who comes back.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::{AccountId, StatusId};

use crate::{Town, timelines};

/// Writes a post into home timelines: `[status, follower after whom to go on]`. One batch of followers a run.
pub struct FanOut;

#[async_trait]
impl Job<Town> for FanOut {
    const KIND: &'static str = timelines::FAN_OUT;
    type Payload = (i64, i64);

    async fn run((status, after): (i64, i64), town: &Town) -> Result<Next<(i64, i64)>, Problem> {
        let batch = move |tx: &mut crate::Tx<'_>| timelines::fan_out(tx, StatusId(status), AccountId(after));
        Ok(town.db().write(batch).await?.map_or(Next::Done, |last| Next::Again((status, last.0))))
    }
}

/// Fills a home timeline anew: `[account]`.
pub struct Rebuild;

#[async_trait]
impl Job<Town> for Rebuild {
    const KIND: &'static str = timelines::REBUILD;
    type Payload = (i64,);

    async fn run((account,): (i64,), town: &Town) -> Result<Next<(i64,)>, Problem> {
        town.db().write(move |tx| timelines::rebuild(tx, AccountId(account))).await?;
        Ok(Next::Done)
    }
}
