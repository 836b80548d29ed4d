//! What clients get, one file per entity of Mastodon's documentation. Pure: no query, no clock; everything was loaded before.

pub mod application;
pub mod token;
