//! The queue engine: runs what transactions left to be done later. A job is a row, written in the transaction that needs it, so that it is neither
//! lost nor premature; it runs at least once, so its effect is idempotent.
//!
//! Neighbours: the rows are in `store::jobs`; concrete jobs are in the crate that does the work (`domain::jobs` and others) and listed in
//! `server::wire`. Deliberately not here: any concrete job, any rule of the town.

mod job;
mod registry;
mod runner;
#[cfg(test)]
mod tests;

pub use job::{Job, Next, Problem, enqueue};
pub use registry::Registry;
pub use runner::Runner;
