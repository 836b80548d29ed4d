//! What can happen in a town: one file per use case, permission → rule → write → event, in one transaction. Every door (client API, inbox,
//! pages, command line, jobs) calls the same function. The only way to the database for the doors; no SQL, no HTTP, no rendering here.
//!
//! Topics in reading order: a topic imports only topics above it (`cargo xtask tidy` checks).

pub mod error;
pub mod attempts;
pub mod known_networks;
pub mod known_languages;
pub mod secrets;
pub mod keys;
pub mod outside;
pub mod passwords;
pub mod matchers;
pub mod kept;
pub mod news;
pub mod context;
pub mod turns;
pub mod events;
pub mod town;
pub mod rows;
pub mod leftovers;
pub mod policy;
pub mod staff;
pub mod audit;
pub mod barriers;
pub mod access;
pub mod addresses;
pub mod shortcodes;
pub mod accounts;
pub mod sign_in;
pub mod oauth;
pub mod polls;
pub mod filters;
pub mod views;
pub mod quotes;
pub mod groups;
pub mod statuses;
pub mod push;
pub mod scheduled_statuses;
pub mod notifications;
pub mod markers;
pub mod figures;
pub mod follows;
pub mod facilitation;
pub mod communities;
pub mod follower_digests;
pub mod blocks;
pub mod severances;
pub mod host_blocks;
pub mod endorsements;
pub mod discovery;
pub mod moderation;
pub mod collections;
pub mod outbox;
pub mod reactions;
pub mod crowd;
pub mod timelines;
pub mod lists;
pub mod streams;
pub mod tags;
pub mod conversations;
pub mod media;
pub mod foreign_pictures;
pub mod preview_cards;
pub mod translations;
pub mod trends;
pub mod emojis;
pub mod announcements;
pub mod search;
pub mod moves;
pub mod verified_links;
pub mod imports;
pub mod remote;
pub mod inbound;
pub mod actors;
pub mod jobs;

#[cfg(feature = "testing")]
pub mod testing;

pub use error::{Error, FieldProblem, Result};
pub use events::Record;
pub use parvis_store::{Conn, Database, Notice, RESYNC, Settings as DatabaseSettings, Tx};
pub use town::Town;
