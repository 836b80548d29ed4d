//! The town's secret: 32 bytes in a file, made at the first start. Seals private keys in the database (AES-256-GCM), hashes tokens (SHA-256),
//! and makes new ones.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parvis_model::random::Random;

use crate::error::{Error, Result};

/// Bytes of the secret.
pub const LENGTH: usize = 32;

/// The loaded secret.
#[derive(Clone)]
pub struct Secrets {
    bytes: [u8; LENGTH],
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// From bytes, for tests and for a town that is just being made.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self { bytes }
    }

    /// Reads the file, or makes it (readable by the owner only). Says whether it was made.
    ///
    /// # Errors
    /// The file cannot be read or written, or is not 32 bytes long; the text says which file and what to do.
    pub fn load_or_create(path: &Path, random: &dyn Random) -> std::io::Result<(Self, bool)> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        match std::fs::read(path) {
            Ok(bytes) => {
                let bytes = bytes.try_into().map_err(|_| {
                    std::io::Error::other(format!(
                        "{} is not a Parvis secret (32 bytes); restore it from your backup",
                        path.display()
                    ))
                })?;
                Ok((Self { bytes }, false))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; LENGTH];
                random.fill(&mut bytes);
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                let mut file =
                    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                Ok((Self { bytes }, true))
            }
            Err(e) => Err(std::io::Error::other(format!("{}: {e}", path.display()))),
        }
    }

    fn key(&self) -> Result<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.bytes).map_err(|_| Error::internal("sealing key"))
    }

    /// Encrypts `plain`; `purpose` is bound to it, so that a sealed key cannot be moved to another row.
    ///
    /// # Errors
    /// Never in practice; internal.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = plain.to_vec();
        let nonce = self
            .key()?
            .seal_in_place_append_tag(Aad::from(purpose.as_bytes()), &mut sealed)
            .map_err(|_| Error::internal("sealing failed"))?;
        let mut out = nonce.as_ref().to_vec();
        out.append(&mut sealed);
        Ok(out)
    }

    /// Decrypts what [`Secrets::seal`] made for the same purpose.
    ///
    /// # Errors
    /// Internal: the secret file does not belong to this database.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let bad =
            || Error::internal(format!("cannot open {purpose}: is this the secret file of this database?"));
        let (nonce, body) = sealed.split_at_checked(12).ok_or_else(bad)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| bad())?;
        let mut body = body.to_vec();
        let plain =
            self.key()?.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body).map_err(|_| bad())?;
        Ok(plain.to_vec())
    }

    /// A keyed mark over `message`, for forms (CSRF) and the like. 43 characters.
    #[must_use]
    pub fn mark(&self, purpose: &str, message: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.bytes);
        let mut context = hmac::Context::with_key(&key);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(message.as_bytes());
        URL_SAFE_NO_PAD.encode(context.sign())
    }
}

impl Secrets {
    /// 32 bytes for one purpose, always the same, from which the secret cannot be told.
    #[must_use]
    pub fn derive(&self, purpose: &str, salt: &[u8]) -> [u8; LENGTH] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.bytes);
        let mut context = hmac::Context::with_key(&key);
        context.update(b"derive");
        context.update(&[0]);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(salt);
        let mut out = [0; LENGTH];
        out.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        out
    }
}

/// What is stored of a token, code or session: its SHA-256 in hexadecimal.
#[must_use]
pub fn hash(token: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

/// A new token of 256 random bits, 43 characters that fit into a URL.
#[must_use]
pub fn new_token(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use parvis_model::random::SeededRandom;

    #[test]
    fn what_is_sealed_opens_only_for_its_purpose_and_with_its_secret() {
        let secrets = Secrets::from_bytes([7; LENGTH]);
        let sealed = secrets.seal("key of 1", b"private").expect("seals");
        assert_eq!(secrets.open("key of 1", &sealed).expect("opens"), b"private");
        assert!(secrets.open("key of 2", &sealed).is_err());
        assert!(Secrets::from_bytes([8; LENGTH]).open("key of 1", &sealed).is_err());
        assert!(secrets.open("key of 1", b"short").is_err());
    }

    #[test]
    fn the_secret_file_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/secret.key");
        let random = SeededRandom::new(1);
        let (first, is_new) = Secrets::load_or_create(&path, &*random).expect("made");
        assert!(is_new);
        let (again, is_new) = Secrets::load_or_create(&path, &*random).expect("read");
        assert!(!is_new);
        assert_eq!(first.bytes, again.bytes);
        std::fs::write(&path, b"torn").expect("written");
        assert!(Secrets::load_or_create(&path, &*random).is_err());
    }
}
