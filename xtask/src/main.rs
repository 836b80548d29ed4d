//! Everything about Parvis that is not Parvis: tests on a fresh machine, house rules, licences, generated files. `cargo xtask --help` lists the commands.
//!
//! - [`mod@test`]: the whole test suite with its databases and browser ([`postgres`], [`install`], [`runner`], [`scripts`]).
//! - [`conformance`]: the shapes of the client API; [`mod@bench`]: what operations cost.
//! - [`ci`]: what the pipeline runs; [`tidy`]: the rules no compiler knows; [`deny`]: licences and forbidden packages; [`generate`]: generated files.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to its user")]

mod bench;
mod ci;
mod command;
mod conformance;
mod deny;
mod generate;
mod install;
mod postgres;
mod runner;
mod scripts;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Work on the Parvis source tree.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run all tests on SQLite and PostgreSQL, with a browser and with real client programs.
    Test(test::Options),
    /// Compare the answers of the client API with the shapes that Mastodon publishes.
    Conformance(conformance::Options),
    /// Measure what operations cost (release build; decides no test).
    Bench(bench::Options),
    /// Check the house rules that neither Cargo nor clippy know.
    Tidy,
    /// Check licences, sources and forbidden packages against deny.toml.
    Deny,
    /// Write generated files anew.
    Generate,
    /// Do everything the pipeline does.
    Ci,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Test(options) => test::run(&options),
        Task::Conformance(options) => conformance::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Tidy => tidy::run(),
        Task::Deny => deny::run(),
        Task::Generate => generate::run_all(),
        Task::Ci => ci::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) if problem.is::<command::Reported>() => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::FAILURE
        }
    }
}
