//! The whole-system tests, one program for all. Each file is a topic; the harness is the library of this package.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod addresses;
mod authority;
mod backups;
mod blocks;
mod buckets;
mod clients;
mod communities;
mod conversations;
mod crowd;
mod follows;
mod killed;
mod limits;
mod people;
mod pictures;
mod privacy;
mod recordings;
mod secure;
mod signatures;
mod statements;
mod stopping;
mod streaming;
mod strangers;
