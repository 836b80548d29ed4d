//! Looking behind the links of profiles, after a change and every week.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::AccountId;

use crate::{Town, verified_links};

/// Looks behind the links of one profile: `[account]`.
pub struct VerifyLinks;

#[async_trait]
impl Job<Town> for VerifyLinks {
    const KIND: &'static str = verified_links::VERIFY;
    type Payload = (i64,);

    async fn run((account,): (i64,), town: &Town) -> Result<Next<(i64,)>, Problem> {
        let again = verified_links::verify(town, AccountId(account)).await?;
        Ok(again.map_or(Next::Done, |at| Next::At((account,), at)))
    }
}
