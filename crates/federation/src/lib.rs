//! ActivityPub in and out: how towns talk to one another and to the Fediverse.
//!
//! Neighbours: `domain` decides what happens, `server` wires the routes and jobs. Deliberately not here: SQL, HTML, the
//! client API.

pub mod activities;
pub mod client;
pub mod fetch;
pub mod inbox;
pub mod objects;
pub mod outbox;
pub mod signature;
pub mod wire;
pub mod worker;
#[cfg(test)]
mod world;

pub use fetch::Fetcher;
pub use worker::Inbox;
