//! `cargo xtask bench client-api`: what the routes that client programs call most cost a large town. Seeds a town once (`place`), starts the release
//! server as a process of its own (`server`), asks it from another core (`load`, `connection`) what `operations` lists, prints a table (`report`).
//!
//! What counts is the processor time of the server per operation; rates and percentiles are those of this machine at this hour. No test depends on it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to its user")]

mod connection;
mod load;
mod operations;
mod place;
mod report;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use parvis_domain::testing::crowded::Plan;
use parvis_model::time::{Clock as _, SystemClock};

use crate::load::{Load, Stop};
use crate::place::Place;
use crate::report::{Report, Row};
use crate::server::Server;

/// Whatever went wrong, in words.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Measures the client API.
#[derive(Parser)]
struct Options {
    /// The release build of `parvis`.
    #[arg(long)]
    program: PathBuf,
    /// Where seeded towns are kept.
    #[arg(long)]
    dir: PathBuf,
    /// A PostgreSQL database for this alone: empty, or seeded by an earlier run. SQLite without it.
    #[arg(long)]
    postgres: Option<String>,
    /// The length of a step.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Per cent of 10,000 accounts and 1,000,000 posts.
    #[arg(long, default_value_t = 100)]
    scale: i64,
    /// Only operations whose name has this in it.
    #[arg(long)]
    only: Option<String>,
    /// Writes the figures down.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Shows the difference to figures that were written down.
    #[arg(long)]
    compare: Option<PathBuf>,
}

/// Connections that ask as fast as they are answered; GoToSocial's figures were taken with as many.
const CONNECTIONS: usize = 8;
/// Connections that ask at fixed times: enough that none is late.
const PUNCTUAL: usize = 24;
/// Each step is measured so often, and the middle counts.
const RUNS: u32 = 3;

fn main() -> std::process::ExitCode {
    match run(&Options::parse()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Outcome<()> {
    let plan = Plan::scaled(options.scale, SystemClock.now());
    let place = Place::prepare(&options.dir, options.postgres.as_deref(), plan)?;
    let before = options.compare.as_deref().map(Report::read).transpose()?;
    let server = Server::start(&options.program, &place)?;
    let mut report = Report::begin(&place, server.rss());
    let stop = Stop::default();
    std::thread::scope(|scope| -> Outcome<()> {
        // However the measuring ends, whoever writes in the meantime must hear of it.
        let _over = stop.at_the_end();
        scope.spawn(|| load::life_goes_on(server.address(), &place.plan, &stop));
        for operation in operations::all() {
            if options.only.as_deref().is_some_and(|part| !operation.name.contains(part)) {
                continue;
            }
            eprintln!("{} …", operation.name);
            let row = measure(options, &server, &place.plan, &operation)?;
            report.add(row);
        }
        Ok(())
    })?;
    report.end(server.rss());
    server.stop()?;
    print!("{}", report.table(before.as_ref()));
    if let Some(path) = &options.json {
        std::fs::write(path, report.json())?;
    }
    Ok(())
}

fn measure(
    options: &Options,
    server: &Server,
    plan: &Plan,
    operation: &operations::Operation,
) -> Outcome<Row> {
    let load = Load::new(server.address(), plan, operation);
    let length = Duration::from_secs(options.seconds) / RUNS;
    load.as_fast_as_possible(CONNECTIONS, Duration::from_millis(1_500))?;
    let mut fast = Vec::new();
    for _ in 0..RUNS {
        let before = server.spent();
        let done = load.as_fast_as_possible(CONNECTIONS, length)?;
        let spent = server.spent().since(before);
        fast.push((done, spent));
    }
    fast.sort_by(|a, b| report::per(a.1.own, &a.0).total_cmp(&report::per(b.1.own, &b.0)));
    let (done, spent) = fast.swap_remove(fast.len() / 2);
    let mut punctual = Vec::new();
    for _ in 0..RUNS {
        punctual.push(load.at_fixed_times(PUNCTUAL, length, done.rate() / 2.0)?);
    }
    punctual.sort_by_key(load::Done::p99);
    let slow = punctual.swap_remove(punctual.len() / 2);
    Ok(Row::of(operation, &done, spent, &slow))
}
