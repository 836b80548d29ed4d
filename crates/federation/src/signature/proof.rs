//! Proofs in documents (FEP-8b32, cryptosuite `eddsa-jcs-2022` of <https://www.w3.org/TR/vc-di-eddsa/>): what an actor said can be believed whoever
//! passes it on. Pure, as its neighbours are: HTTP signatures prove who sent a request, a proof who wrote a document.
//!
//! As with HTTP signatures, reading names the key, the caller finds it and asks [`ProofClaim::check`]. Linked Data Signatures (`signature`) are
//! neither made nor read (threats S11); they are left out of what is proven, as FEP-8b32 demands.

use std::borrow::Cow;
use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use parvis_model::time::{HOUR, Moment};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{KeyError, KeyKind, PublicKey, Signer};
use crate::wire::CONTEXT;

/// Characters of a `proofValue`; an Ed25519 signature has 88 or fewer.
const LONGEST: usize = 96;
/// Characters of the id of a key.
const LONGEST_ID: usize = 2_048;
/// How far a clock may be ahead, in milliseconds.
const AHEAD: i64 = HOUR;

/// Why a proof is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// A member is missing or says something else than this cryptosuite wants.
    #[error("the proof's {0} is missing or not ours to check")]
    Member(&'static str),
    /// The contexts of the proof and of the document differ.
    #[error("the proof is of another context")]
    Context,
    /// It is dated in the future, or has expired.
    #[error("the proof is dated in the future or has expired")]
    Time,
    /// The document is nothing that can be written canonically.
    #[error("the document has no canonical form")]
    Document,
    /// The key did not make this proof, or is no Ed25519 key.
    #[error("the proof is not of this key")]
    Mismatch,
}

/// The `proof` of a document that has its `@context` already. Always the same for the same document, key and instant.
///
/// # Errors
/// [`KeyError::Failed`] when the key is no Ed25519 key or the document has no context.
pub fn prove(document: &Map<String, Value>, signer: &Signer, created: Moment) -> Result<Value, KeyError> {
    if signer.key.public().kind() != KeyKind::Ed25519 {
        return Err(KeyError::Failed);
    }
    let context = document.get("@context").ok_or(KeyError::Failed)?;
    // Whole seconds: some readers write the date anew before they check (Fedify), and nobody writes those differently.
    let created = created.to_rfc3339().get(..19).map(|text| format!("{text}Z")).ok_or(KeyError::Failed)?;
    let proof = json!({
        "@context": context, "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": signer.key_id.as_str(), "proofPurpose": "assertionMethod", "created": created,
    });
    let Value::Object(mut proof) = proof else { return Err(KeyError::Failed) };
    let text = hashed(&proof, document, Some(context)).map_err(|_| KeyError::Failed)?;
    let made = signer.key.sign(&text)?;
    proof.insert("proofValue".to_owned(), json!(format!("z{}", bs58::encode(made).into_string())));
    Ok(Value::Object(proof))
}

/// A proof, read but not believed: only [`ProofClaim::check`] makes it worth anything.
#[derive(Debug)]
pub struct ProofClaim {
    key_id: String,
    created: Option<Moment>,
    text: Vec<u8>,
    signature: Vec<u8>,
}

impl ProofClaim {
    /// Reads the proof of a document; `None` when there is none of this cryptosuite. Of several the first counts.
    ///
    /// # Errors
    /// [`ProofError`] when it cannot be checked or cannot hold.
    pub fn read(document: &Map<String, Value>, now: Moment) -> Result<Option<Self>, ProofError> {
        let all = match document.get("proof") {
            Some(Value::Array(all)) => all.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => return Ok(None),
        };
        let is_ours = |proof: &&Map<String, Value>| {
            proof.get("type").and_then(Value::as_str) == Some("DataIntegrityProof")
                && proof.get("cryptosuite").and_then(Value::as_str) == Some("eddsa-jcs-2022")
        };
        let Some(proof) = all.iter().filter_map(Value::as_object).find(is_ours) else { return Ok(None) };
        let text =
            |name: &'static str| proof.get(name).and_then(Value::as_str).ok_or(ProofError::Member(name));
        if text("proofPurpose")? != "assertionMethod" {
            return Err(ProofError::Member("proofPurpose"));
        }
        let key_id = text("verificationMethod")?;
        if key_id.len() > LONGEST_ID {
            return Err(ProofError::Member("verificationMethod"));
        }
        let created = moment(proof, "created")?;
        let expires = moment(proof, "expires")?;
        if created.is_some_and(|at| at.since(now) > AHEAD) || expires.is_some_and(|at| now.since(at) > 0) {
            return Err(ProofError::Time);
        }
        let signature = text("proofValue")?
            .strip_prefix('z')
            .filter(|encoded| encoded.len() <= LONGEST)
            .and_then(|encoded| bs58::decode(encoded).into_vec().ok())
            .filter(|bytes| bytes.len() == 64)
            .ok_or(ProofError::Member("proofValue"))?;
        let context = match proof.get("@context") {
            Some(context) if begins_with(document.get("@context"), context) => Some(context),
            Some(_) => return Err(ProofError::Context),
            None => document.get("@context"),
        };
        let text = hashed(proof, document, context)?;
        Ok(Some(Self { key_id: key_id.to_owned(), created, text, signature }))
    }

    /// The id of the key that is said to have made it.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// When it was made, as it says.
    #[must_use]
    pub const fn created(&self) -> Option<Moment> {
        self.created
    }

    /// Whether `key` made it. The caller has made sure that the key has this id and is the actor's.
    ///
    /// # Errors
    /// [`ProofError::Mismatch`].
    pub fn check(&self, key: &PublicKey) -> Result<(), ProofError> {
        let holds = key.kind() == KeyKind::Ed25519 && key.verifies(&self.text, &self.signature);
        holds.then_some(()).ok_or(ProofError::Mismatch)
    }
}

/// What is signed: the hash of the proof's own members, then that of the document with this context (vc-di-eddsa §3.3.4).
fn hashed(
    proof: &Map<String, Value>,
    document: &Map<String, Value>,
    context: Option<&Value>,
) -> Result<Vec<u8>, ProofError> {
    // Contexts are half of most documents, and the same in both parts.
    let written = context.map(canonical_context).transpose()?;
    let in_proof = written.as_deref().filter(|_| proof.contains_key("@context"));
    let proof = canonical(proof, &["@context", "proofValue"], in_proof)?;
    let document = canonical(document, &["@context", "proof", "signature"], written.as_deref())?;
    Ok([digest(&SHA256, &proof).as_ref(), digest(&SHA256, &document).as_ref()].concat())
}

/// The canonical form (RFC 8785) of an object, without some members and with this context.
fn canonical(
    members: &Map<String, Value>,
    without: &'static [&'static str],
    context: Option<&[u8]>,
) -> Result<Vec<u8>, ProofError> {
    let rest =
        serde_json_canonicalizer::to_vec(&Without(members, without)).map_err(|_| ProofError::Document)?;
    let Some(context) = context else { return Ok(rest) };
    // A context stands first: names of members begin with letters. Whoever has others there cannot prove anything to us.
    if members.keys().any(|name| name.as_str() < "@context") {
        return Err(ProofError::Document);
    }
    let tail = rest.strip_prefix(b"{").unwrap_or_default();
    let comma: &[u8] = if tail == b"}" { b"" } else { b"," };
    Ok([b"{\"@context\":", context, comma, tail].concat())
}

/// The canonical form of a context; our own is made once.
fn canonical_context(context: &Value) -> Result<Cow<'static, [u8]>, ProofError> {
    static OURS: LazyLock<(Value, Vec<u8>)> = LazyLock::new(|| {
        let ours: Value = serde_json::from_str(CONTEXT).unwrap_or_default();
        let written = serde_json_canonicalizer::to_vec(&ours).unwrap_or_default();
        (ours, written)
    });
    let ours: &'static (Value, Vec<u8>) = &OURS;
    if *context == ours.0 {
        return Ok(Cow::Borrowed(&ours.1));
    }
    serde_json_canonicalizer::to_vec(context).map(Cow::Owned).map_err(|_| ProofError::Document)
}

/// An object without some of its members.
struct Without<'a>(&'a Map<String, Value>, &'static [&'static str]);

impl Serialize for Without<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().filter(|(name, _)| !self.1.contains(&name.as_str())))
    }
}

/// A date of the proof: absent, or readable.
fn moment(proof: &Map<String, Value>, name: &'static str) -> Result<Option<Moment>, ProofError> {
    let Some(value) = proof.get(name) else { return Ok(None) };
    let text = value.as_str().filter(|text| text.len() <= 64).ok_or(ProofError::Member(name))?;
    Moment::parse_rfc3339(text).map(Some).ok_or(ProofError::Member(name))
}

/// Whether the document's context is the proof's, perhaps with something behind it (vc-di-eddsa §3.3.2).
fn begins_with(document: Option<&Value>, proof: &Value) -> bool {
    match (document, proof) {
        (Some(Value::Array(all)), Value::Array(first)) => all.starts_with(first),
        (Some(Value::Array(all)), one) => all.first() == Some(one),
        (Some(all), Value::Array(first)) => first.as_slice() == std::slice::from_ref(all),
        (Some(all), one) => all == one,
        (None, _) => false,
    }
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
