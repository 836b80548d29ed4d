//! ActivityPub in and out: how towns talk to one another and to the Fediverse.
//!
//! Neighbours: `domain` decides what happens, `server` wires the routes and jobs. Deliberately not here: SQL, HTML, the
//! client API.

pub mod activities;
pub mod client;
pub mod delivery;
pub mod fetch;
pub mod inbox;
mod notices;
pub mod objects;
pub mod outbox;
mod proofs;
pub mod serve;
pub mod signature;
mod synchrony;
#[cfg(test)]
mod synchrony_tests;
pub mod wire;
pub mod worker;
#[cfg(test)]
mod world;

pub use fetch::Federation;
pub use serve::is_activity_request;
pub use worker::Inbox;
