//! Passwords: argon2id, at most two at once (each takes 19 MiB), never on an async worker and never inside a transaction.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use parvis_model::account::{PASSWORD_MAX, PASSWORD_MIN};
use parvis_model::refusal::Refusal;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Hashes and checks passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    argon: Argon2<'static>,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// The cost that OWASP recommends for argon2id: 19 MiB, two passes, one lane.
    ///
    /// # Errors
    /// Never in practice; internal.
    pub fn production() -> Result<Self> {
        Self::with(19 * 1024, 2)
    }

    /// As cheap as argon2 allows, for tests.
    ///
    /// # Errors
    /// Never in practice; internal.
    pub fn minimal() -> Result<Self> {
        Self::with(8, 1)
    }

    fn with(kib: u32, passes: u32) -> Result<Self> {
        let params =
            Params::new(kib, passes, 1, None).map_err(|e| Error::internal(format!("argon2: {e}")))?;
        Ok(Self {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            turns: Arc::new(Semaphore::new(2)),
        })
    }

    /// The hash of a new password, in PHC form.
    ///
    /// # Errors
    /// [`Refusal::PasswordLength`]; internal.
    pub async fn hash(&self, password: &str) -> Result<String> {
        if !is_long_enough(password) {
            return Err(Error::field("password", Refusal::PasswordLength));
        }
        let (argon, password) = (self.argon.clone(), password.to_owned());
        self.in_turn(move || {
            argon
                .hash_password(password.as_bytes())
                .map(|h| h.to_string())
                .map_err(|e| Error::internal(format!("argon2: {e}")))
        })
        .await?
    }

    /// Whether the password belongs to the hash. Without a hash (no such login) it takes the same time and says no (threats I2).
    ///
    /// # Errors
    /// Internal.
    pub async fn check(&self, password: &str, hash: Option<String>) -> Result<bool> {
        if password.len() > PASSWORD_MAX {
            return Ok(false);
        }
        let (argon, password) = (self.argon.clone(), password.to_owned());
        self.in_turn(move || match hash {
            Some(hash) => {
                PasswordHash::new(&hash).is_ok_and(|h| argon.verify_password(password.as_bytes(), &h).is_ok())
            }
            None => {
                let _same_work = argon.hash_password(password.as_bytes());
                false
            }
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Error::internal("closed"))?;
        tokio::task::spawn_blocking(move || {
            let out = work();
            drop(turn);
            out
        })
        .await
        .map_err(|_| Error::internal("password work ended early"))
    }
}

/// Whether a new password has an acceptable length. There is no other rule: see NIST SP 800-63B §3.1.1.
#[must_use]
pub fn is_long_enough(password: &str) -> bool {
    password.chars().count() >= PASSWORD_MIN && password.len() <= PASSWORD_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only() {
        let passwords = Passwords::minimal().expect("parameters");
        let hash = passwords.hash("a long enough one").await.expect("hashed");
        assert!(passwords.check("a long enough one", Some(hash.clone())).await.expect("checked"));
        assert!(!passwords.check("another long one", Some(hash)).await.expect("checked"));
        assert!(!passwords.check("a long enough one", None).await.expect("checked"));
        assert!(passwords.hash("short").await.is_err());
        assert!(passwords.hash(&"x".repeat(300)).await.is_err());
    }
}
