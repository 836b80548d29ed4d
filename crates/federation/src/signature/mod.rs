//! HTTP signatures: draft-cavage-http-signatures-12, which the whole Fediverse speaks, and RFC 9421, which it is
//! moving to; and proofs inside documents (`proof`). Pure: no I/O, and time comes in as a parameter.
//!
//! Checking takes two steps. [`parse`] reads a request and decides everything that needs no key: headers, host, digest,
//! coverage, age. What it returns names the key. The caller finds that key ([`key_belongs_to`] says whether it can be the
//! actor's) and then asks [`Claim::check`]. Nothing in a request is trusted before that.
//!
//! Neighbours: the inbox and authorised fetch check, `client` signs. Not here: fetching and caching keys, replays.

mod cavage;
mod digest;
mod keys;
mod owner;
mod proof;
mod rfc9421;
mod sign;
mod verify;

pub use digest::{content_digest_value, digest_value};
pub use keys::{KeyError, KeyKind, KeyPair, PublicKey};
pub use owner::{Origin, key_belongs_to, same_origin};
pub use proof::{ProofClaim, ProofError, prove};
pub use sign::{Signer, sign};
pub use verify::{Claim, Received, SignatureError, parse};

/// The two ways to write a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// draft-cavage-http-signatures-12: one `Signature` header.
    Cavage,
    /// RFC 9421: `Signature-Input` and `Signature`.
    Rfc9421,
}

impl Scheme {
    /// The other one, for the second knock.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 => Self::Cavage,
        }
    }
}

#[cfg(test)]
mod tests;
