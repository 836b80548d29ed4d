//! The town's key for push services (RFC 8292): they see by it that all messages come from the same sender. Made from the town's secret, so every
//! node has it from the first start on and a restored town keeps its subscribers.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parvis_model::time::{HOUR, Moment};
use serde_json::json;

use crate::error::{Error, Result};
use crate::secrets::Secrets;

/// How long a signature is good; RFC 8292 allows a day.
const GOOD_FOR: i64 = 12 * HOUR;
/// Tries to make the key; the first works but once in 2³².
const TRIES: u8 = 8;

/// The key.
pub struct Vapid {
    pair: EcdsaKeyPair,
    public: Vec<u8>,
}

impl std::fmt::Debug for Vapid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Vapid").field(&self.public_key()).finish()
    }
}

impl Vapid {
    /// The town's.
    ///
    /// # Errors
    /// Internal.
    pub fn of(secrets: &Secrets) -> Result<Self> {
        let failed = || Error::internal("the town has no key for push services");
        for n in 0..TRIES {
            let scalar = secrets.derive("push services", &[n]);
            let Ok(key) = PrivateKey::from_private_key(&ECDH_P256, &scalar) else { continue };
            let public = key.compute_public_key().map_err(|_| failed())?.as_ref().to_vec();
            let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, &scalar, &public)
                .map_err(|_| failed())?;
            return Ok(Self { pair, public });
        }
        Err(failed())
    }

    /// The public key as clients get it: an uncompressed point, base64url.
    #[must_use]
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.public)
    }

    /// A signed word to the push service at `audience` (an origin) that a message is from `subject` (RFC 8292 §2).
    ///
    /// # Errors
    /// Internal.
    pub fn sign(&self, audience: &str, subject: &str, now: Moment) -> Result<String> {
        let header = json!({ "typ": "JWT", "alg": "ES256" });
        let claims = json!({ "aud": audience, "exp": now.plus(GOOD_FOR).seconds(), "sub": subject });
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let text = format!("{header}.{claims}");
        let signature = self
            .pair
            .sign(&SystemRandom::new(), text.as_bytes())
            .map_err(|_| Error::internal("the key for push services cannot sign"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;
    use crate::secrets::LENGTH;

    #[test]
    fn a_push_service_can_check_who_sent_a_message() {
        let vapid = Vapid::of(&Secrets::from_bytes([7; LENGTH])).unwrap();
        let token = vapid.sign("https://push.example", "mailto:town@example.org", Moment(1_000_000)).unwrap();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let key = URL_SAFE_NO_PAD.decode(vapid.public_key()).unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key)
            .verify(text.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
            .unwrap();
        let claims = URL_SAFE_NO_PAD.decode(text.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], "https://push.example");
        assert_eq!(claims["exp"], 1_000 + 12 * 3_600);
        assert_eq!(claims["sub"], "mailto:town@example.org");
    }

    #[test]
    fn every_node_of_a_town_has_the_same_key_and_other_towns_another() {
        let key = |n| Vapid::of(&Secrets::from_bytes([n; LENGTH])).unwrap().public_key();
        assert_eq!(key(1), key(1));
        assert_ne!(key(1), key(2));
        assert_eq!(key(1).len(), 87);
    }
}
