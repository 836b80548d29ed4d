//! Key pairs made ahead of need, so that nobody waits for one at sign-up. `refill` is called by a job; `local` takes them out.

use parvis_store::keys::{self, PooledKey};

use crate::error::{Error, Result};
use crate::events::context_of;
use crate::keys::KeyMaterial;
use crate::secrets::Secrets;
use crate::{Town, Tx};

/// How many pairs are kept ready.
pub const SIZE: i64 = 8;

fn purpose(id: i64) -> String {
    format!("key pool {id}")
}

/// Makes pairs until [`SIZE`] are ready; how many it made.
///
/// # Errors
/// Internal.
pub async fn refill(town: &Town) -> Result<usize> {
    let ready = town.db().read(|c| Ok::<_, Error>(keys::pool_size(c)?)).await?;
    let mut made = 0;
    for _ in ready..SIZE {
        let pair = make(town).await?;
        town.db().write(move |tx| put(tx, &pair)).await?;
        made += 1;
    }
    Ok(made)
}

/// A new pair, made on a thread that may take its time.
///
/// # Errors
/// Internal.
pub async fn make(town: &Town) -> Result<KeyMaterial> {
    let source = town.keys().clone();
    tokio::task::spawn_blocking(move || source.new_rsa())
        .await
        .map_err(|_| Error::internal("key generation ended early"))?
}

fn put(tx: &mut Tx<'_>, pair: &KeyMaterial) -> Result<()> {
    let id = tx.new_id();
    let private_sealed = context_of(tx)?.secrets.seal(&purpose(id), &pair.private_der)?;
    let row = PooledKey {
        id: id.into(),
        public_der: pair.public_der.clone(),
        private_sealed,
        created_at: tx.now(),
    };
    Ok(keys::put_into_pool(tx, &row)?)
}

/// Takes a pair out, if one is ready.
///
/// # Errors
/// Internal.
pub fn take(tx: &mut Tx<'_>, secrets: &Secrets) -> Result<Option<KeyMaterial>> {
    let Some(row) = keys::take_from_pool(tx)? else { return Ok(None) };
    let private_der = secrets.open(&purpose(row.id.0), &row.private_sealed)?;
    Ok(Some(KeyMaterial { public_der: row.public_der, private_der }))
}
