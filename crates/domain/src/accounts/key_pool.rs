//! Key pairs made ahead of need, so that nobody waits for one at sign-up. `refill` is called by a job; `local` takes them out. The same job gives
//! accounts from before there were Ed25519 keys theirs (`complete`): no key is ever made inside a transaction.

use parvis_model::ids::{AccountId, KeyId};
use parvis_store::keys::{self, ActorKey, PooledKey};

use crate::error::{Error, Result};
use crate::events::context_of;
use crate::keys::KeyMaterial;
use crate::secrets::Secrets;
use crate::{Town, Tx};

/// How many pairs are kept ready.
pub const SIZE: i64 = 8;
/// Accounts that get a missing key in one transaction.
const SOME: i64 = 100;

/// What a new actor signs with.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// RSA-2048, for HTTP signatures: what everybody can check.
    pub rsa: KeyMaterial,
    /// Ed25519, for proofs in documents (FEP-8b32); none out of a pool from before there were any.
    pub ed25519: Option<KeyMaterial>,
}

fn purpose(id: i64) -> String {
    format!("key pool {id}")
}

fn proof_purpose(id: i64) -> String {
    format!("proof key pool {id}")
}

/// Makes pairs until [`SIZE`] are ready; how many it made.
///
/// # Errors
/// Internal.
pub async fn refill(town: &Town) -> Result<usize> {
    let ready = town.db().read(|c| Ok::<_, Error>(keys::pool_size(c)?)).await?;
    let mut made = 0;
    for _ in ready..SIZE {
        let pairs = make(town).await?;
        town.db().write(move |tx| put(tx, &pairs)).await?;
        made += 1;
    }
    Ok(made)
}

/// New pairs, made on a thread that may take its time.
///
/// # Errors
/// Internal.
pub async fn make(town: &Town) -> Result<Pairs> {
    let source = town.keys().clone();
    tokio::task::spawn_blocking(move || {
        Ok(Pairs { rsa: source.new_rsa()?, ed25519: Some(source.new_ed25519()?) })
    })
    .await
    .map_err(|_| Error::internal("key generation ended early"))?
}

/// Gives an Ed25519 key to every account of the town that has none; how many got one.
///
/// # Errors
/// Internal.
pub async fn complete(town: &Town) -> Result<usize> {
    let mut given = 0;
    loop {
        let lacking = town.db().read(|c| Ok::<_, Error>(keys::lacking(c, "ed25519", SOME)?)).await?;
        if lacking.is_empty() {
            return Ok(given);
        }
        let source = town.keys().clone();
        let made = tokio::task::spawn_blocking(move || {
            let with_key = |(id, uri)| Ok((id, uri, source.new_ed25519()?));
            lacking.into_iter().map(with_key).collect::<Result<Vec<(AccountId, String, KeyMaterial)>>>()
        });
        let made = made.await.map_err(|_| Error::internal("key generation ended early"))??;
        given += town
            .db()
            .write(move |tx| {
                let mut written = 0;
                for (id, uri, pair) in &made {
                    // Another node may have been faster.
                    if !keys::of_account(tx, *id)?.iter().any(|key| key.algorithm == "ed25519") {
                        give(tx, *id, uri, "ed25519", pair)?;
                        written += 1;
                    }
                }
                Ok::<usize, Error>(written)
            })
            .await?;
    }
}

/// Writes a key of a local actor: `…#main-key` for RSA, `…#ed25519-key` for Ed25519.
pub(super) fn give(
    tx: &mut Tx<'_>,
    account: AccountId,
    actor: &str,
    algorithm: &str,
    pair: &KeyMaterial,
) -> Result<()> {
    let name = if algorithm == "rsa" { "main-key" } else { "ed25519-key" };
    let uri = format!("{actor}#{name}");
    let key = ActorKey {
        id: KeyId(tx.new_id()),
        account_id: account,
        private_sealed: Some(context_of(tx)?.secrets.seal(&format!("key {uri}"), &pair.private_der)?),
        uri,
        algorithm: algorithm.to_owned(),
        public_der: pair.public_der.clone(),
        created_at: tx.now(),
    };
    Ok(keys::insert(tx, &key)?)
}

fn put(tx: &mut Tx<'_>, pairs: &Pairs) -> Result<()> {
    let id = tx.new_id();
    let secrets = &context_of(tx)?.secrets;
    let private_sealed = secrets.seal(&purpose(id), &pairs.rsa.private_der)?;
    let proof = pairs.ed25519.as_ref();
    let sealed = |pair: &KeyMaterial| secrets.seal(&proof_purpose(id), &pair.private_der);
    let row = PooledKey {
        id: id.into(),
        public_der: pairs.rsa.public_der.clone(),
        private_sealed,
        created_at: tx.now(),
        proof_public_der: proof.map(|pair| pair.public_der.clone()),
        proof_private_sealed: proof.map(sealed).transpose()?,
    };
    Ok(keys::put_into_pool(tx, &row)?)
}

/// Takes pairs out, if some are ready.
///
/// # Errors
/// Internal.
pub fn take(tx: &mut Tx<'_>, secrets: &Secrets) -> Result<Option<Pairs>> {
    let Some(row) = keys::take_from_pool(tx)? else { return Ok(None) };
    let id = row.id.0;
    let private_der = secrets.open(&purpose(id), &row.private_sealed)?;
    let rsa = KeyMaterial { public_der: row.public_der, private_der };
    let ed25519 = match row.proof_public_der.zip(row.proof_private_sealed) {
        Some((public_der, sealed)) => {
            Some(KeyMaterial { public_der, private_der: secrets.open(&proof_purpose(id), &sealed)? })
        }
        None => None,
    };
    Ok(Some(Pairs { rsa, ed25519 }))
}
