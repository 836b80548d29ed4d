//! Carrying over what people here had to do with an account that moved, some people at a time.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_model::ids::AccountId;

use crate::error::Result as DomainResult;
use crate::moves::carry::{self, Trip};
use crate::{Town, Tx};

/// People of one transaction.
const BATCH: i64 = 50;

/// Moves followers, blocks, mutes and notes to the new account.
pub struct CarryOver;

#[async_trait]
impl Job<Town> for CarryOver {
    const KIND: &'static str = "accounts.carry_over";
    type Payload = Trip;

    async fn run(trip: Trip, town: &Town) -> Result<Next<Trip>, Problem> {
        Ok(town.db().write(move |tx| carry::some(tx, trip, BATCH)).await?.map_or(Next::Done, Next::Again))
    }
}

/// Leaves it to the job.
pub(super) fn later(tx: &mut Tx<'_>, origin: AccountId, target: AccountId) -> DomainResult<()> {
    let (now, key) = (tx.now(), format!("{}/{origin}/{target}", CarryOver::KIND));
    enqueue::<Town, CarryOver>(tx, &Trip::new(origin, target), Some(&key), now)?;
    Ok(())
}
