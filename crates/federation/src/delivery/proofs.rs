//! The proof of an activity for everybody (FEP-8b32), made once however many servers get it. It is dated when the row was written and Ed25519 signs
//! the same text always in the same way, so every server gets the same bytes, before and after a restart.

use bytes::Bytes;
use moka::future::Cache;
use parvis_domain::outbox::ToDeliver;
use parvis_domain::{Town, actors};
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;
use serde_json::{Map, Value};
use url::Url;

use super::signers::{KEPT, MOST};
use crate::proofs::{is_for_everybody, signer};
use crate::signature::{Signer, prove};
use crate::wire::PUBLIC;

/// Bytes of proven activities that are kept for the servers that are slower than others.
const ROOM: u64 = 8 * 1024 * 1024;

/// See the module.
pub(super) struct Proofs {
    town: Town,
    keys: Cache<AccountId, Option<Signer>>,
    done: Cache<i64, Bytes>,
}

impl Proofs {
    pub(super) fn new(town: Town) -> Self {
        let weight = |_: &i64, body: &Bytes| u32::try_from(body.len()).unwrap_or(u32::MAX);
        Self {
            town,
            keys: Cache::builder().max_capacity(MOST).time_to_live(KEPT).build(),
            done: Cache::builder().weigher(weight).max_capacity(ROOM).time_to_live(KEPT).build(),
        }
    }

    /// What is sent: the row's body, with a proof when it is for everybody. Without a key it goes without: HTTP signatures are what counts.
    pub(super) async fn body(&self, row: &ToDeliver) -> Bytes {
        if !row.body.contains(PUBLIC) {
            return Bytes::from(row.body.clone());
        }
        self.done.get_with(row.seq, self.make(row)).await
    }

    async fn make(&self, row: &ToDeliver) -> Bytes {
        let plain = || Bytes::from(row.body.clone());
        let mut activity = match serde_json::from_str::<Map<String, Value>>(&row.body) {
            Ok(activity) if is_for_everybody(&activity) && !activity.contains_key("proof") => activity,
            _ => return plain(),
        };
        let is_changed = self.prove_inside(&mut activity, row.created_at).await;
        let Some(signer) = self.signer(row.actor).await else { return plain() };
        let Ok(proof) = prove(&activity, &signer, row.created_at) else { return plain() };
        if is_changed {
            activity.insert("proof".to_owned(), proof);
            return Bytes::from(Value::Object(activity).to_string());
        }
        // What members elsewhere said stays as it came, byte by byte.
        match row.body.trim_end().strip_suffix('}') {
            Some(open) => Bytes::from(format!("{open},\"proof\":{proof}}}")),
            None => plain(),
        }
    }

    /// What a resident said and a group of ours passes on gets the resident's own proof, so that whoever hears it there need not ask us. Whether it got one.
    async fn prove_inside(&self, activity: &mut Map<String, Value>, at: Moment) -> bool {
        let Some(Value::Object(inner)) = activity.get_mut("object") else { return false };
        let actor = inner.get("actor").and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
        let Some(actor) = actor.filter(|actor| self.town.urls().is_ours(actor)) else { return false };
        if !inner.contains_key("@context") || inner.contains_key("proof") || !is_for_everybody(inner) {
            return false;
        }
        let found = self.town.db().read(move |c| actors::by_uri(c, actor.as_str())).await;
        let Ok(Some(account)) = found else { return false };
        let Some(signer) = self.signer(account.id).await else { return false };
        let Ok(proof) = prove(inner, &signer, at) else { return false };
        inner.insert("proof".to_owned(), proof);
        true
    }

    async fn signer(&self, actor: AccountId) -> Option<Signer> {
        let town = self.town.clone();
        let load = async move {
            let secrets = town.secrets().clone();
            town.db().read(move |c| signer(c, &secrets, actor)).await
        };
        match self.keys.try_get_with(actor, load).await {
            Ok(signer) => signer,
            Err(error) => {
                tracing::warn!(%error, actor = actor.0, "an activity goes without a proof");
                None
            }
        }
    }
}

#[cfg(test)]
#[path = "proofs_tests.rs"]
mod tests;
