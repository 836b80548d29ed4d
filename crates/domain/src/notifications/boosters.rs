//! Telling those here who boosted a post that it is another one now: a post may have many, so a job does it, some at a time.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_model::ids::{AccountId, StatusId};
use parvis_store::{Tx, statuses};

use super::telling;
use crate::Town;
use crate::error::Result as DomainResult;

/// People told in one transaction.
const BATCH: i64 = 200;

/// Tells them: `[post, its version, after whom to go on]`. If the post changed again meanwhile, another job knows.
pub struct TellBoosters;

#[async_trait]
impl Job<Town> for TellBoosters {
    const KIND: &'static str = "notifications.update";
    type Payload = (i64, i64, i64);

    async fn run(
        (post, version, after): (i64, i64, i64),
        town: &Town,
    ) -> Result<Next<(i64, i64, i64)>, Problem> {
        let batch = move |tx: &mut Tx<'_>| some(tx, StatusId(post), version, AccountId(after), BATCH);
        Ok(town.db().write(batch).await?.map_or(Next::Done, |last| Next::Again((post, version, last.0))))
    }
}

/// Leaves it to the job, where somebody here boosted the post.
pub(super) fn later(tx: &mut Tx<'_>, id: StatusId) -> DomainResult<()> {
    let Some(post) = statuses::by_id(tx, id)? else { return Ok(()) };
    if statuses::local_boosters(tx, id, AccountId(0), 1)?.is_empty() {
        return Ok(());
    }
    let (now, key) = (tx.now(), format!("{}/{id}/{}", TellBoosters::KIND, post.version));
    enqueue::<Town, TellBoosters>(tx, &(id.0, post.version, 0), Some(&key), now)?;
    Ok(())
}

/// One batch; returns after whom to go on.
pub(super) fn some(
    tx: &mut Tx<'_>,
    id: StatusId,
    version: i64,
    after: AccountId,
    limit: i64,
) -> DomainResult<Option<AccountId>> {
    let Some(post) = statuses::by_id(tx, id)?.filter(|post| post.version == version) else { return Ok(None) };
    let people = statuses::local_boosters(tx, id, after, limit)?;
    for to in &people {
        telling::boosting(tx, id, post.account_id, *to)?;
    }
    let is_full = i64::try_from(people.len()).unwrap_or(0) == limit;
    Ok(people.last().copied().filter(|_| is_full))
}
