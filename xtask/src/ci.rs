//! `cargo xtask ci`: what the pipeline runs, in the order in which mistakes are cheapest to learn of; the tests come last so that their totals close the log.

use anyhow::Result;

use crate::command::{cargo, run as run_command};
use crate::{deny, test, tidy};

/// Runs everything, stopping at the first thing that is wrong.
pub fn run() -> Result<()> {
    run_command(cargo().args(["fmt", "--all", "--check"]))?;
    tidy::run()?;
    deny::run()?;
    run_command(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;
    run_command(cargo().env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--workspace",
        "--no-deps",
        "--locked",
    ]))?;
    test::run(&test::Options::everything())
}
