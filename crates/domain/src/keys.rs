//! Where key pairs of new actors come from: RSA for HTTP signatures, Ed25519 for proofs in documents. Making an RSA key takes 0.2 s, so production
//! takes them from a pool that a job fills, and tests from a few fixed ones. Signing itself is in `federation::signature`.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

use crate::error::{Error, Result};

/// A key pair in transport form.
#[derive(Clone)]
pub struct KeyMaterial {
    /// SubjectPublicKeyInfo, DER.
    pub public_der: Vec<u8>,
    /// PKCS#8 version 1, DER.
    pub private_der: Vec<u8>,
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyMaterial")
    }
}

/// Makes key pairs. Slow: never call it inside a transaction or on an async worker.
pub trait KeySource: Send + Sync + fmt::Debug {
    /// A new RSA-2048 pair.
    ///
    /// # Errors
    /// Internal.
    fn new_rsa(&self) -> Result<KeyMaterial>;

    /// A new Ed25519 pair.
    ///
    /// # Errors
    /// Internal.
    fn new_ed25519(&self) -> Result<KeyMaterial> {
        let pair = Ed25519KeyPair::generate().map_err(|_| Error::internal("key generation"))?;
        let private: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| Error::internal("key encoding"))?;
        let public: PublicKeyX509Der<'_> =
            pair.public_key().as_der().map_err(|_| Error::internal("key encoding"))?;
        Ok(KeyMaterial { public_der: public.as_ref().to_vec(), private_der: private.as_ref().to_vec() })
    }
}

/// aws-lc's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct Generated;

impl KeySource for Generated {
    fn new_rsa(&self) -> Result<KeyMaterial> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| Error::internal("key generation"))?;
        let private: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| Error::internal("key encoding"))?;
        let public: PublicKeyX509Der<'_> =
            pair.public_key().as_der().map_err(|_| Error::internal("key encoding"))?;
        Ok(KeyMaterial { public_der: public.as_ref().to_vec(), private_der: private.as_ref().to_vec() })
    }
}

/// A PEM block of a SubjectPublicKeyInfo (RFC 7468), as actor documents carry it.
#[must_use]
pub fn public_pem(public_der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(public_der);
    let mut out = String::from("-----BEGIN PUBLIC KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at_checked(64).unwrap_or((rest, ""));
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    out.push_str("-----END PUBLIC KEY-----\n");
    out
}
