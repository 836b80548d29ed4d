//! OAuth 2 for client programs: RFC 6749 with PKCE (RFC 7636, S256 only), revocation (RFC 7009), introspection (RFC 7662), as Mastodon's clients use
//! it and as RFC 9700 advises. Only hashes of secrets, codes and tokens are stored.
//!
//! Neighbours: `model::scope` (what a token may do), `store::oauth` (rows), `client-api::oauth` (the endpoints), `web` (the consent page).
//! Deliberately not here: the password and implicit grants, refresh tokens, `plain` challenges, dynamic clients by RFC 7591.

pub mod apps;
pub mod authorize;
mod error;
mod pkce;
pub mod redirect;
pub mod revoke;
pub mod token;
pub mod tokens;

#[cfg(test)]
mod tests;

pub use error::{Answer, OAuthError};
pub use tokens::{Grant, LoginState, authenticate};
