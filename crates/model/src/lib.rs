//! What things are: plain types and pure rules. No I/O, no async, no database; every other crate may import this one and it imports none.
//!
//! Neighbours: the same topic names stand in `store` (rows), `domain` (use cases) and the doors.

mod rows;

pub mod account;
pub mod barrier;
pub mod event;
pub mod filter;
pub mod follow;
pub mod group;
pub mod handle;
pub mod ids;
pub mod list;
pub mod languages;
pub mod media;
pub mod moves;
pub mod moderation;
pub mod notification;
pub mod notification_policy;
pub mod permission;
pub mod preview_card;
pub mod push;
pub mod quote;
pub mod poll;
pub mod random;
pub mod refusal;
pub mod scope;
pub mod status;
pub mod tag;
pub mod time;
pub mod trend;
pub mod urls;
pub mod visibility;
