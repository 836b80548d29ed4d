//! Accounts of this town: how they come into being, change, are suspended and go. Remote accounts come in through `remote`.
//!
//! Neighbours: `model::{account, handle}` (rules), `store::{accounts, logins, keys}` (rows), `sign_in` (who is who), the doors.

pub(crate) mod activity;
pub mod delete;
pub mod find;
pub(crate) mod group_actor;
pub mod instance_actor;
pub mod key_pool;
pub mod letters;
pub mod links;
mod local;
pub(crate) mod names;
pub mod profile;
pub mod register;
pub mod revoke;
pub mod suspend;

pub use register::{NewAccount, SignUp, create_by_command, sign_up};

#[cfg(test)]
mod departure_tests;
