//! Private keys, opened and parsed once: parsing one costs as much as half a signature.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use parvis_domain::{Town, outbox};
use parvis_model::ids::AccountId;
use url::Url;

use crate::signature::{KeyPair, Signer};

/// Keys that are kept open.
pub(super) const MOST: u64 = 500;
/// How long; a new key of an actor is used after this at the latest.
pub(super) const KEPT: Duration = Duration::from_secs(600);

/// Why nobody can sign for an actor.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum SignerProblem {
    /// It is no actor of ours, or its key is unusable: this will not change by itself.
    #[error("the actor has no usable key: {0}")]
    Unusable(String),
    /// The database did not answer.
    #[error("{0}")]
    Later(String),
}

/// See the module.
pub(super) struct Signers {
    town: Town,
    cache: Cache<AccountId, Signer>,
}

impl Signers {
    pub(super) fn new(town: Town) -> Self {
        Self { town, cache: Cache::builder().max_capacity(MOST).time_to_live(KEPT).build() }
    }

    /// Who signs for an actor.
    pub(super) async fn of(&self, actor: AccountId) -> Result<Signer, SignerProblem> {
        self.cache.try_get_with(actor, self.load(actor)).await.map_err(|e: Arc<SignerProblem>| (*e).clone())
    }

    /// Somebody did not believe a signature: perhaps the key is a new one.
    pub(super) async fn doubt(&self, actor: AccountId) {
        self.cache.invalidate(&actor).await;
    }

    async fn load(&self, actor: AccountId) -> Result<Signer, SignerProblem> {
        let unusable = |e: &dyn std::fmt::Display| SignerProblem::Unusable(e.to_string());
        let key = self
            .town
            .db()
            .read(move |c| outbox::signing_key(c, actor))
            .await
            .map_err(|e| SignerProblem::Later(e.to_string()))?
            .ok_or_else(|| unusable(&"there is none"))?;
        let der = key.open(self.town.secrets()).map_err(|e| unusable(&e))?;
        let pair = tokio::task::spawn_blocking(move || KeyPair::from_pkcs8_der(&der))
            .await
            .map_err(|e| SignerProblem::Later(e.to_string()))?
            .map_err(|e| unusable(&e))?;
        let key_id = Url::parse(&key.uri).map_err(|e| unusable(&e))?;
        Ok(Signer { key_id, key: Arc::new(pair) })
    }
}
