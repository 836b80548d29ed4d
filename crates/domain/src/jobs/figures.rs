//! Counting how lively the present week is, and the last one, every hour.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};

use crate::{Town, figures};

/// Counts.
pub struct CountActivity;

#[async_trait]
impl Job<Town> for CountActivity {
    const KIND: &'static str = "town.count_activity";
    type Payload = ();

    async fn run((): (), town: &Town) -> Result<Next<()>, Problem> {
        town.db().write(figures::count_weeks).await?;
        Ok(Next::Done)
    }
}
