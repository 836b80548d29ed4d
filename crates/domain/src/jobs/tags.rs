//! A post to those who follow its hashtags, batch by batch.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::{AccountId, StatusId};

use crate::Town;
use crate::tags::follow;

/// Writes a post into home timelines for its tags: `[status, follower after whom to go on]`.
pub struct FanOutToTags;

#[async_trait]
impl Job<Town> for FanOutToTags {
    const KIND: &'static str = follow::FAN_OUT;
    type Payload = (i64, i64);

    async fn run((status, after): (i64, i64), town: &Town) -> Result<Next<(i64, i64)>, Problem> {
        let batch = move |tx: &mut crate::Tx<'_>| follow::fan_out(tx, StatusId(status), AccountId(after));
        Ok(town.db().write(batch).await?.map_or(Next::Done, |last| Next::Again((status, last.0))))
    }
}
