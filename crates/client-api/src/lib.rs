//! The client API: Mastodon's, for ordinary clients, and our extensions of it. A door: it reads requests, calls one use case of `domain`, and
//! renders what comes back.
//!
//! Reading order: [`access`] (the one table of routes, and the guard before each of them), [`auth`] (who comes), [`body`] (what they send), `routes`
//! (what happens), `entities` (what they get), [`page`] (lists), [`error`] (refusals), [`oauth`] (tokens).
//! Deliberately not here: cookies, HTML (`web`), ActivityPub (`federation`), rules (`domain`).

pub mod access;
pub mod auth;
pub mod body;
pub mod entities;
pub mod error;
mod limits;
pub mod oauth;
pub mod page;
mod routes;

#[cfg(test)]
mod testing;

pub use access::{cors, router};
pub use error::ApiError;
