//! Keys that sign and check HTTP messages: RSA with at least 2048 bits, and Ed25519. All cryptography is aws-lc's.
//!
//! Neighbours: [`super::verify`] and [`super::sign`] use them, `wire::actor` reads them out of actor documents. Not
//! here: where keys are stored and how they are encrypted (`store`), who may use which key (the inbox).

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Keys beyond this many bytes of text are refused unread; RSA with 8192 bits needs about 1,500.
const LONGEST: usize = 8 * 1024;

/// DER before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410 §4).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The object identifier rsaEncryption (RFC 8017 appendix C).
const RSA_ENCRYPTION: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Multicodec prefix of an Ed25519 public key.
const ED25519_MULTICODEC: [u8; 2] = [0xed, 0x01];

/// The kind of a key. It alone decides the algorithm; what a request claims can only contradict it (threats S6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA, used with PKCS#1 v1.5 and SHA-256.
    Rsa,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text or bytes are not a key that we can read.
    #[error("this is not a readable key")]
    Unreadable,
    /// The key is of another kind, or too short to be safe.
    #[error("only RSA keys of 2048 to 8192 bits and Ed25519 keys are used")]
    Unsuitable,
    /// The cryptographic library failed.
    #[error("the key could not be made or used")]
    Failed,
}

/// A public key, parsed once and then cheap to use and to clone.
#[derive(Clone)]
pub struct PublicKey {
    kind: KeyKind,
    parsed: ParsedPublicKey,
    spki: Vec<u8>,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl PublicKey {
    /// Reads PEM, as in `publicKeyPem`: a SubjectPublicKeyInfo, or the bare RSA form that a few programs send. White
    /// space is forgiven, because it gets lost in many places.
    ///
    /// # Errors
    /// [`KeyError`] when it is no key or not one of ours.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        if text.len() > LONGEST {
            return Err(KeyError::Unreadable);
        }
        let after = |label: &str| {
            let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
            rest.split_once("-----END").map(|(inside, _)| inside)
        };
        let inside = after("PUBLIC KEY").or_else(|| after("RSA PUBLIC KEY")).ok_or(KeyError::Unreadable)?;
        let packed: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
        Self::from_spki_der(&STANDARD.decode(packed).map_err(|_| KeyError::Unreadable)?)
    }

    /// Reads a DER SubjectPublicKeyInfo (RFC 5280 §4.1), or a bare RSAPublicKey (RFC 8017 A.1.1).
    ///
    /// # Errors
    /// [`KeyError`] when it is no key or not one of ours.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        if der.len() > LONGEST {
            return Err(KeyError::Unreadable);
        }
        if let Some(raw) = der.strip_prefix(&ED25519_SPKI) {
            return Self::from_ed25519_bytes(raw);
        }
        // A SEQUENCE that begins with a SEQUENCE names its algorithm; only plain rsaEncryption may sign PKCS#1 v1.5.
        let header = der.get(..der.len().min(32)).unwrap_or_default();
        let names_algorithm = header.iter().skip(1).take(6).any(|byte| *byte == 0x30);
        if names_algorithm && !header.windows(RSA_ENCRYPTION.len()).any(|window| window == RSA_ENCRYPTION) {
            return Err(KeyError::Unsuitable);
        }
        let parsed =
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map_err(|_| KeyError::Unsuitable)?;
        let spki: PublicKeyX509Der<'_> = parsed.as_der().map_err(|_| KeyError::Unreadable)?;
        // The library measures RSA keys when it checks a signature; a key that can never check one is refused here.
        if modulus_bits(&parsed)? < 2048 {
            return Err(KeyError::Unsuitable);
        }
        let spki = spki.as_ref().to_vec();
        Ok(Self { kind: KeyKind::Rsa, parsed, spki })
    }

    /// Reads `publicKeyMultibase` of FEP-521a: base58btc (`z…`) of a multicodec Ed25519 key (`z6Mk…`).
    ///
    /// # Errors
    /// [`KeyError`] when it is no key or not Ed25519.
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        let encoded = text.strip_prefix('z').filter(|rest| rest.len() <= 128).ok_or(KeyError::Unreadable)?;
        let bytes = bs58::decode(encoded).into_vec().map_err(|_| KeyError::Unreadable)?;
        Self::from_ed25519_bytes(bytes.strip_prefix(&ED25519_MULTICODEC).ok_or(KeyError::Unsuitable)?)
    }

    fn from_ed25519_bytes(raw: &[u8]) -> Result<Self, KeyError> {
        if raw.len() != 32 {
            return Err(KeyError::Unreadable);
        }
        let parsed = ParsedPublicKey::new(&ED25519, raw).map_err(|_| KeyError::Unreadable)?;
        Ok(Self { kind: KeyKind::Ed25519, parsed, spki: [&ED25519_SPKI, raw].concat() })
    }

    /// RSA or Ed25519.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The DER SubjectPublicKeyInfo, the form in which keys are stored and compared.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// PEM of the SubjectPublicKeyInfo with 64 characters a line, as actor documents carry it.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let encoded = STANDARD.encode(&self.spki);
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        for (at, letter) in encoded.chars().enumerate() {
            if at > 0 && at % 64 == 0 {
                pem.push('\n');
            }
            pem.push(letter);
        }
        pem.push_str("\n-----END PUBLIC KEY-----\n");
        pem
    }

    /// `publicKeyMultibase` (FEP-521a); `None` for RSA keys, which we publish as PEM only.
    #[must_use]
    pub fn to_multibase(&self) -> Option<String> {
        let raw = self.spki.strip_prefix(&ED25519_SPKI)?;
        let bytes = [ED25519_MULTICODEC.as_slice(), raw].concat();
        Some(format!("z{}", bs58::encode(bytes).into_string()))
    }

    /// Whether `signature` is this key's signature of `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

/// The length of an RSA modulus in bits, read from the library's own DER form: SEQUENCE { INTEGER n, INTEGER e }.
fn modulus_bits(key: &ParsedPublicKey) -> Result<usize, KeyError> {
    let spki: PublicKeyX509Der<'_> = key.as_der().map_err(|_| KeyError::Unreadable)?;
    let public = rsa::PublicKey::from_der(spki.as_ref()).map_err(|_| KeyError::Unsuitable)?;
    let inside = der_value(public.as_ref(), 0x30).ok_or(KeyError::Unsuitable)?;
    let modulus = der_value(inside, 0x02).ok_or(KeyError::Unsuitable)?;
    let bytes = modulus.iter().skip_while(|byte| **byte == 0).count();
    let top = modulus.iter().find(|byte| **byte != 0).map_or(8, |byte| byte.leading_zeros());
    Ok((bytes * 8).saturating_sub(usize::try_from(top).unwrap_or(8)))
}

/// The contents of the first DER element, when it has this tag.
fn der_value(der: &[u8], tag: u8) -> Option<&[u8]> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    (*found == tag).then_some(())?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)), rest)
        }
        _ => return None,
    };
    rest.get(..length)
}

/// A private key with its public half. Making one with RSA takes about 0.2 s: never on an async thread.
pub struct KeyPair {
    private: Private,
    public: PublicKey,
}

enum Private {
    Rsa(Box<rsa::KeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("kind", &self.public.kind).finish_non_exhaustive()
    }
}

impl KeyPair {
    /// Makes a new key: RSA with 2048 bits, or Ed25519.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the library cannot.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        match kind {
            KeyKind::Rsa => {
                Self::of_rsa(rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(|_| KeyError::Failed)?)
            }
            KeyKind::Ed25519 => Self::of_ed25519(Ed25519KeyPair::generate().map_err(|_| KeyError::Failed)?),
        }
    }

    /// Reads a PKCS#8 private key in DER (RFC 5958).
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when it is neither RSA (2048 to 8192 bits) nor Ed25519.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        match Ed25519KeyPair::from_pkcs8(der) {
            Ok(pair) => Self::of_ed25519(pair),
            Err(_) => Self::of_rsa(rsa::KeyPair::from_pkcs8(der).map_err(|_| KeyError::Unreadable)?),
        }
    }

    /// The PKCS#8 form in DER, in clear: it goes through `store`, which encrypts it, and nowhere else.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the library cannot.
    pub fn to_pkcs8_der(&self) -> Result<Vec<u8>, KeyError> {
        let der: Pkcs8V1Der<'_> = match &self.private {
            Private::Rsa(pair) => pair.as_der(),
            Private::Ed25519(pair) => pair.as_der(),
        }
        .map_err(|_| KeyError::Failed)?;
        Ok(der.as_ref().to_vec())
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The signature of `message`: PKCS#1 v1.5 with SHA-256 for RSA, pure Ed25519 otherwise.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the library cannot.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.private {
            Private::Ed25519(pair) => {
                Ok(pair.try_sign(message).map_err(|_| KeyError::Failed)?.as_ref().to_vec())
            }
            Private::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| KeyError::Failed)?;
                Ok(signature)
            }
        }
    }

    fn of_rsa(pair: rsa::KeyPair) -> Result<Self, KeyError> {
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| KeyError::Failed)?;
        let public = PublicKey::from_spki_der(spki.as_ref())?;
        Ok(Self { private: Private::Rsa(Box::new(pair)), public })
    }

    fn of_ed25519(pair: Ed25519KeyPair) -> Result<Self, KeyError> {
        let public = PublicKey::from_ed25519_bytes(pair.public_key().as_ref())?;
        Ok(Self { private: Private::Ed25519(Box::new(pair)), public })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_pkcs8_and_pem() {
        for kind in [KeyKind::Rsa, KeyKind::Ed25519] {
            let pair = KeyPair::generate(kind).unwrap();
            let again = KeyPair::from_pkcs8_der(&pair.to_pkcs8_der().unwrap()).unwrap();
            assert_eq!(again.public(), pair.public());
            let read = PublicKey::from_pem(&pair.public().to_pem()).unwrap();
            assert_eq!((read.kind(), &read), (kind, pair.public()));
            let signature = again.sign(b"message").unwrap();
            assert!(read.verifies(b"message", &signature));
            assert!(!read.verifies(b"massage", &signature));
        }
    }

    #[test]
    fn pem_is_read_in_the_shapes_that_travel() {
        let text = include_str!("testdata/pub.pem");
        let key = PublicKey::from_pem(text).unwrap();
        assert_eq!(key.to_pem(), text);
        assert_eq!(PublicKey::from_pem(&text.replace('\n', "\r\n")).unwrap(), key);
        assert_eq!(PublicKey::from_pem(&text.replace('\n', " ")).unwrap(), key);
        assert_eq!(PublicKey::from_pem(include_str!("testdata/pkcs1pub.pem")).unwrap(), key);
        for bad in
            ["", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----!-----END", &"A".repeat(9000)]
        {
            assert_eq!(PublicKey::from_pem(bad).err(), Some(KeyError::Unreadable));
        }
    }

    #[test]
    fn multibase_keys_are_the_same_keys() {
        let pair = KeyPair::generate(KeyKind::Ed25519).unwrap();
        let text = pair.public().to_multibase().unwrap();
        assert!(text.starts_with("z6Mk"));
        assert_eq!(&PublicKey::from_multibase(&text).unwrap(), pair.public());
        for bad in ["", "z", "z6Mk", "m6Mk", "z0OIl", &text[1..], &text[..40]] {
            assert!(PublicKey::from_multibase(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn s6_weak_and_foreign_keys_are_refused() {
        for text in [include_str!("testdata/weakpub.pem"), include_str!("testdata/ecpub.pem")] {
            assert_eq!(PublicKey::from_pem(text).err(), Some(KeyError::Unsuitable));
        }
        // The same modulus under the name RSASSA-PSS (1.2.840.113549.1.1.10) is another algorithm.
        let mut pss = PublicKey::from_pem(include_str!("testdata/pub.pem")).unwrap().spki_der().to_vec();
        let at = pss.windows(11).position(|w| w == RSA_ENCRYPTION).unwrap();
        pss[at + 10] = 10;
        assert_eq!(PublicKey::from_spki_der(&pss).err(), Some(KeyError::Unsuitable));
    }

    #[test]
    fn private_keys_do_not_print() {
        let pair = KeyPair::generate(KeyKind::Ed25519).unwrap();
        assert_eq!(format!("{pair:?}"), "KeyPair { kind: Ed25519, .. }");
    }
}
