//! Removing what an account leaves behind, some rows at a time.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_model::ids::AccountId;

use crate::error::Result as DomainResult;
use crate::{Town, Tx, accounts, conversations, media};

/// Rows of one transaction.
const BATCH: i64 = 200;

/// Removes posts, pictures and relations of an account that is gone.
pub struct RemoveAccount;

#[async_trait]
impl Job<Town> for RemoveAccount {
    const KIND: &'static str = "accounts.remove";
    type Payload = AccountId;

    async fn run(account: AccountId, town: &Town) -> Result<Next<AccountId>, Problem> {
        let batch = town
            .db()
            .write(move |tx| {
                conversations::lose_some(tx, account, BATCH)?;
                accounts::delete::delete_some(tx, account, BATCH)
            })
            .await?;
        media::discard(town, batch.files).await;
        Ok(if batch.is_done { Next::Done } else { Next::Again(account) })
    }
}

/// Leaves it to the job.
pub(super) fn later(tx: &mut Tx<'_>, account: AccountId) -> DomainResult<()> {
    let (now, key) = (tx.now(), format!("{}/{account}", RemoveAccount::KIND));
    enqueue::<Town, RemoveAccount>(tx, &account, Some(&key), now)?;
    Ok(())
}
