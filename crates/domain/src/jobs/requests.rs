//! Letting in those who asked to follow an account that is not locked any more, some at a time.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::AccountId;

use crate::accounts::profile;
use crate::{Town, Tx, follows};

/// Requests of one transaction.
const BATCH: i64 = 100;

/// Lets them in: `[account, request after which to go on]`.
pub struct LetIn;

#[async_trait]
impl Job<Town> for LetIn {
    const KIND: &'static str = profile::LET_IN;
    type Payload = (i64, i64);

    async fn run((account, after): (i64, i64), town: &Town) -> Result<Next<(i64, i64)>, Problem> {
        let batch = move |tx: &mut Tx<'_>| follows::let_in(tx, AccountId(account), after, BATCH);
        Ok(town.db().write(batch).await?.map_or(Next::Done, |last| Next::Again((account, last))))
    }
}
