//! Working through lists that people brought as files, some rows at a time.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};

use crate::{Town, imports};

/// Works through one import: `[import]`.
pub struct WorkThroughImport;

#[async_trait]
impl Job<Town> for WorkThroughImport {
    const KIND: &'static str = imports::WORK;
    const LIMIT: std::time::Duration = std::time::Duration::from_secs(600);
    type Payload = (i64,);

    async fn run((import,): (i64,), town: &Town) -> Result<Next<(i64,)>, Problem> {
        let has_more = imports::work::some(town, import).await?;
        Ok(if has_more { Next::Again((import,)) } else { Next::Done })
    }
}
