//! Digests of followers by server (`follower_digests`), kept under the number that rises with every follow that concerns the account. Reading all followers
//! again for each server that a private post goes to would cost more than all the rest of its delivery.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use parvis_model::ids::AccountId;

/// Digests that are kept; one more, and all are forgotten.
const MOST: usize = 20_000;

/// An account and a server → the account's ties then, and the digest; `None` when there are too many followers to compare.
type Known = HashMap<(AccountId, String), (i64, Option<String>)>;

/// See the module.
#[derive(Debug, Default)]
pub struct Digests(Mutex<Known>);

impl Digests {
    /// What is known of an account and a server, if the account has the same ties still.
    pub fn get(&self, of: AccountId, server: &str, ties: i64) -> Option<Option<String>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&(of, server.to_owned()))
            .filter(|(then, _)| *then == ties)
            .map(|(_, digest)| digest.clone())
    }

    /// Keeps it.
    pub fn keep(&self, of: AccountId, server: &str, ties: i64, digest: Option<String>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((of, server.to_owned()), (ties, digest));
    }
}
