//! Proofs in what this town's accounts say to everybody (FEP-8b32): activities get theirs on their way out (`delivery`), posts when they are served
//! (`serve`), so that posting itself costs nothing more. What is not for everybody gets none: nobody could deny it any more.
//!
//! Neighbour: [`crate::signature::prove`] makes them.

use std::sync::Arc;

use parvis_domain::secrets::Secrets;
use parvis_domain::{Conn, Error, Result, outbox};
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;
use serde_json::{Map, Value};
use url::Url;

use crate::signature::{KeyPair, Signer, prove};
use crate::wire::{PUBLIC, with_context};

/// Who proves what an account says; `None` when it has no key for that (yet).
pub(crate) fn signer(c: &mut Conn, secrets: &Secrets, actor: AccountId) -> Result<Option<Signer>> {
    let Some(key) = outbox::proof_key(c, actor)? else { return Ok(None) };
    let pair = KeyPair::from_pkcs8_der(&key.open(secrets)?)
        .map_err(|error| Error::internal(format!("the key {}: {error}", key.uri)))?;
    let key_id = Url::parse(&key.uri).map_err(|_| Error::internal("a key id that is none"))?;
    Ok(Some(Signer { key_id, key: Arc::new(pair) }))
}

/// Whether an activity is addressed to everybody.
pub(crate) fn is_for_everybody(activity: &Map<String, Value>) -> bool {
    ["to", "cc"].into_iter().filter_map(|name| activity.get(name)).any(|addresses| match addresses {
        Value::Array(all) => all.iter().any(|one| one.as_str() == Some(PUBLIC)),
        one => one.as_str() == Some(PUBLIC),
    })
}

/// A document of our own with its context and its proof.
pub(crate) fn proven(document: Value, signer: &Signer, now: Moment) -> Value {
    let mut whole = with_context(document);
    if let Some(members) = whole.as_object_mut() {
        match prove(members, signer, now) {
            Ok(proof) => {
                members.insert("proof".to_owned(), proof);
            }
            Err(error) => tracing::error!(key = %signer.key_id, %error, "a document goes without a proof"),
        }
    }
    whole
}
