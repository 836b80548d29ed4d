//! All SQL of Parvis, and the only crate that knows diesel. [`Database`] runs closures in transactions; the topics have one file each,
//! named as in `model` and `domain`.
//!
//! Deliberately not here: rules (domain), federation, anything that waits for the network.

mod conn;
mod error;
mod migrate;
#[cfg(feature = "testing")]
pub mod testing;

pub mod account_words;
pub mod accounts;
pub mod announcements;
pub mod audit;
pub mod aversions;
pub mod barriers;
pub mod blocks;
pub mod crowds;
pub mod conversations;
pub mod collections;
pub mod communities;
pub mod departures;
pub mod discovery;
pub mod email_links;
pub mod endorsements;
pub mod filters;
pub mod follows;
pub mod groups;
pub mod heads;
pub mod host_blocks;
pub mod foreign_pictures;
pub mod imports;
pub mod inbound;
pub mod jobs;
pub mod keys;
pub mod lists;
pub mod logins;
pub mod markers;
pub mod measures;
pub mod media;
pub mod moves;
pub mod notification_policies;
pub mod notifications;
pub mod pages;
pub mod oauth;
pub mod outbox;
pub mod peers;
pub mod policy;
pub mod preview_cards;
pub mod push;
pub mod quotes;
pub mod polls;
pub mod profiles;
pub mod reactions;
pub mod scheduled_statuses;
pub mod reports;
pub mod roster;
mod schema;
pub mod sessions;
pub mod severances;
pub mod status_parts;
pub mod status_words;
pub mod statuses;
pub mod thread_mutes;
pub mod tag_rules;
pub mod tags;
pub mod strikes;
pub mod timelines;
pub mod upkeep;
pub mod weeks;
pub mod translations;
pub mod trends;

pub use conn::{Conn, Database, Notice, RESYNC, Settings, Tx};
pub use error::{Error, Failure};

/// What queries return.
pub type Result<T> = std::result::Result<T, Error>;
