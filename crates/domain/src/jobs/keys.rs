//! Key pairs made ahead of need, and those that accounts from before lack.

use std::time::Duration;

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};

use crate::{Town, accounts};

/// Fills the pool up, and gives missing keys.
pub struct RefillKeys;

#[async_trait]
impl Job<Town> for RefillKeys {
    const KIND: &'static str = "keys.refill";
    const LIMIT: Duration = Duration::from_secs(300);
    type Payload = ();

    async fn run((): (), town: &Town) -> Result<Next<()>, Problem> {
        accounts::key_pool::refill(town).await?;
        accounts::key_pool::complete(town).await?;
        Ok(Next::Done)
    }
}
