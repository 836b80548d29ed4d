//! Counting what trends.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};

use crate::{Town, trends};

/// Counts anew.
pub struct CountTrends;

#[async_trait]
impl Job<Town> for CountTrends {
    const KIND: &'static str = "trends.count";
    type Payload = ();

    async fn run((): (), town: &Town) -> Result<Next<()>, Problem> {
        town.db().write(trends::count).await?;
        Ok(Next::Done)
    }
}
