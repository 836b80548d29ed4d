//! Messages that only one device can read: RFC 8291 (`aes128gcm`), and the draft before it (`aesgcm`), which push relays of some programs still
//! expect. On aws-lc, which the town has anyway: the crates there are bring a second set of ciphers or OpenSSL, and none does both.
//!
//! Sources: RFC 8291, RFC 8188; draft-ietf-webpush-encryption-04, draft-ietf-httpbis-encryption-encoding-03.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hmac;
use parvis_model::random::Random;

use super::from_base64;
use crate::error::{Error, Result};

/// Bytes of an uncompressed point.
pub const POINT: usize = 65;
/// Bytes of a message in the clear: what fits into the one record of 4,096 bytes that every push service takes, header included.
pub const PLAIN_MAX: usize = 3_800;
/// Size of a record, which a message never fills.
const RECORD: u32 = 4_096;
/// Tries to make a key; the first works but once in 2³².
const TRIES: usize = 8;

/// What a device gave us to write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceKeys {
    /// Its public key, an uncompressed point on P-256.
    pub public: [u8; POINT],
    /// Its secret.
    pub auth: [u8; 16],
}

impl DeviceKeys {
    /// From base64url; `None` for what is no point on the curve or of a wrong length.
    #[must_use]
    pub fn parse(p256dh: &str, auth: &str) -> Option<Self> {
        if p256dh.len() > 200 || auth.len() > 100 {
            return None;
        }
        let keys =
            Self { public: from_base64(p256dh)?.try_into().ok()?, auth: from_base64(auth)?.try_into().ok()? };
        // Whoever can agree on a secret with it is on the curve.
        let probe = PrivateKey::from_private_key(&ECDH_P256, &[1; 32]).ok()?;
        keys.shared_with(&probe).ok().map(|_| keys)
    }

    fn shared_with(&self, ours: &PrivateKey) -> Result<[u8; 32]> {
        agree(ours, UnparsedPublicKey::new(&ECDH_P256, &self.public), failed(), |secret| {
            secret.try_into().map_err(|_| failed())
        })
    }
}

/// An encrypted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encrypted {
    /// What is posted.
    pub body: Vec<u8>,
    /// Of the draft's form: salt and our key of this message, base64url; the RFC's form has both in its body.
    pub beside: Option<Beside>,
}

/// What stands in the headers of a message of the draft's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// `Encryption: salt=…`.
    pub salt: Vec<u8>,
    /// `Crypto-Key: dh=…`.
    pub public: Vec<u8>,
}

fn failed() -> Error {
    Error::internal("a message for a device could not be encrypted")
}

/// Encrypts a message for a device, with a new key and salt. At most [`PLAIN_MAX`] bytes.
///
/// # Errors
/// Internal.
pub fn encrypt(random: &dyn Random, keys: &DeviceKeys, plain: &[u8], is_standard: bool) -> Result<Encrypted> {
    if plain.len() > PLAIN_MAX {
        return Err(Error::internal("a message for a device is too long"));
    }
    let mut salt = [0; 16];
    random.fill(&mut salt);
    let ours = new_key(random)?;
    if is_standard { aes128gcm(&ours, salt, keys, plain) } else { aesgcm(&ours, salt, keys, plain) }
}

fn new_key(random: &dyn Random) -> Result<PrivateKey> {
    for _ in 0..TRIES {
        let mut scalar = [0; 32];
        random.fill(&mut scalar);
        if let Ok(key) = PrivateKey::from_private_key(&ECDH_P256, &scalar) {
            return Ok(key);
        }
    }
    Err(failed())
}

fn public_of(key: &PrivateKey) -> Result<Vec<u8>> {
    Ok(key.compute_public_key().map_err(|_| failed())?.as_ref().to_vec())
}

/// RFC 8291 §3.4, one record of RFC 8188 §2.
fn aes128gcm(ours: &PrivateKey, salt: [u8; 16], keys: &DeviceKeys, plain: &[u8]) -> Result<Encrypted> {
    let public = public_of(ours)?;
    let info = [b"WebPush: info\0".as_slice(), &keys.public, &public].concat();
    let secret = hkdf(&keys.auth, &keys.shared_with(ours)?, &info);
    let key = hkdf(&salt, &secret, b"Content-Encoding: aes128gcm\0");
    let nonce = hkdf(&salt, &secret, b"Content-Encoding: nonce\0");
    // 2 says: the last record; no padding follows.
    let record = seal(&key, &nonce, [plain, &[2]].concat())?;
    let idlen = u8::try_from(public.len()).map_err(|_| failed())?;
    let body = [salt.as_slice(), &RECORD.to_be_bytes(), &[idlen], &public, &record].concat();
    Ok(Encrypted { body, beside: None })
}

/// draft-ietf-webpush-encryption-04 §3.
fn aesgcm(ours: &PrivateKey, salt: [u8; 16], keys: &DeviceKeys, plain: &[u8]) -> Result<Encrypted> {
    let public = public_of(ours)?;
    let secret = hkdf(&keys.auth, &keys.shared_with(ours)?, b"Content-Encoding: auth\0");
    // Both keys are 65 bytes long, which stands before each.
    let context = [b"P-256\0\0\x41".as_slice(), &keys.public, b"\0\x41", &public].concat();
    let key = hkdf(&salt, &secret, &[b"Content-Encoding: aesgcm\0".as_slice(), &context].concat());
    let nonce = hkdf(&salt, &secret, &[b"Content-Encoding: nonce\0".as_slice(), &context].concat());
    // Two bytes say how much padding follows: none.
    let body = seal(&key, &nonce, [&[0, 0], plain].concat())?;
    Ok(Encrypted { body, beside: Some(Beside { salt: salt.to_vec(), public }) })
}

/// RFC 5869 with SHA-256, for up to 32 bytes.
fn hkdf(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; 32] {
    let key = mac(salt, &[secret]);
    mac(&key, &[info, &[1]])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let tag = context.sign();
    let mut out = [0; 32];
    out.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
    out
}

fn seal(key: &[u8; 32], nonce: &[u8; 32], mut plain: Vec<u8>) -> Result<Vec<u8>> {
    let (key, _) = key.split_at(16);
    let (nonce, _) = nonce.split_at(12);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).map_err(|_| failed())?);
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed())?;
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut plain).map_err(|_| failed())?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn key(text: &str) -> PrivateKey {
        PrivateKey::from_private_key(&ECDH_P256, &from_base64(text).unwrap()).unwrap()
    }

    fn salt(text: &str) -> [u8; 16] {
        from_base64(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_example_of_rfc_8291_comes_out_byte_for_byte() {
        let keys = DeviceKeys::parse(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap();
        let made = aes128gcm(
            &key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
            salt("DGv6ra1nlYgDCS1FRnbzlw"),
            &keys,
            b"When I grow up, I want to be a watermelon",
        )
        .unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(made.body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_example_of_the_draft_comes_out_byte_for_byte() {
        let keys = DeviceKeys::parse(
            "BCEkBjzL8Z3C-oi2Q7oE5t2Np-p7osjGLg93qUP0wvqRT21EEWyf0cQDQcakQMqz4hQKYOQ3il2nNZct4HgAUQU",
            "R29vIGdvbyBnJyBqb29iIQ==",
        )
        .unwrap();
        let made = aesgcm(
            &key("nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY"),
            salt("lngarbyKfMoi9Z75xYXmkg"),
            &keys,
            b"I am the walrus",
        )
        .unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(made.body), "6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA");
        let beside = made.beside.unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(beside.public),
            "BNoRDbb84JGm8g5Z5CFxurSqsXWJ11ItfXEWYVLE85Y7CYkDjXsIEc4aqxYaQ1G8BqkXCJ6DPpDrWtdWj_mugHU"
        );
    }

    #[test]
    fn f6_keys_that_are_none_are_refused() {
        let good = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let off_the_curve = URL_SAFE_NO_PAD.encode([4; POINT]);
        for (p256dh, auth) in [
            (good, ""),
            (good, "c2hvcnQ"),
            ("", "BTBZMqHH6r4Tts7J_aSIgg"),
            ("BCVxsr7N", "BTBZMqHH6r4Tts7J_aSIgg"),
            (&off_the_curve, "BTBZMqHH6r4Tts7J_aSIgg"),
            ("\u{e9}", "BTBZMqHH6r4Tts7J_aSIgg"),
        ] {
            assert_eq!(DeviceKeys::parse(p256dh, auth), None, "{p256dh} {auth}");
        }
        assert!(DeviceKeys::parse(good, "BTBZMqHH6r4Tts7J_aSIgg==").is_some(), "padding is no mistake");
    }
}
