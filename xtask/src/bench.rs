//! `cargo xtask bench NAME`: what operations cost, as a table. Builds the server and the bench program (`tests/bench`) in release and runs it, on
//! another core than the server's. Never part of a test run: timing decides no test.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::command::{cargo, find, program, run as run_command, target};
use crate::install;
use crate::postgres::Cluster;

/// What to measure, and where.
#[derive(clap::Args)]
pub struct Options {
    /// `client-api`: what client programs ask for.
    name: Name,
    /// Per cent of the usual town of 10,000 accounts and 1,000,000 posts.
    #[arg(long, default_value_t = 100)]
    scale: u32,
    /// The length of a step.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Only operations whose name has this in it.
    #[arg(long)]
    only: Option<String>,
    /// On PostgreSQL: a database for this alone, or a server that is started for the run and thrown away.
    #[arg(long, value_name = "URL")]
    postgres: Option<Option<String>>,
    /// Write the figures down.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Show the difference to figures that were written down.
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    ClientApi,
}

/// Builds and measures.
pub fn run(options: &Options) -> Result<()> {
    let Name::ClientApi = options.name;
    // One after the other: built together, the server would have the features that only tests ask for.
    run_command(cargo().args(["build", "--release", "--package", "parvis-server", "--bin", "parvis"]))?;
    run_command(cargo().args([
        "build",
        "--release",
        "--package",
        "system-tests",
        "--bins",
        "--features",
        "bench",
    ]))?;
    let cluster = match &options.postgres {
        Some(None) => Some(install::postgresql()?.context("PostgreSQL is missing and cannot be installed")?)
            .map(|programs| Cluster::start(&programs))
            .transpose()?,
        _ => None,
    };
    let release = target().join("release");
    let cores = std::thread::available_parallelism()?.get();
    let mut bench = if cores > 1 && find("taskset").is_some() {
        let mut bench = program("taskset");
        // The server runs on core 0.
        bench.arg("-c").arg(format!("1-{}", cores - 1)).arg(release.join("bench"));
        bench
    } else {
        program(release.join("bench"))
    };
    bench.arg("--program").arg(release.join("parvis"));
    bench.arg("--dir").arg(target().join("bench"));
    bench.args(["--scale", &options.scale.to_string(), "--seconds", &options.seconds.to_string()]);
    let url = cluster.as_ref().map(Cluster::url).or_else(|| options.postgres.clone().flatten());
    if let Some(url) = url {
        bench.args(["--postgres", &url]);
    }
    if let Some(only) = &options.only {
        bench.args(["--only", only]);
    }
    for (name, path) in [("--json", &options.json), ("--compare", &options.compare)] {
        if let Some(path) = path {
            bench.arg(name).arg(path);
        }
    }
    run_command(&mut bench)
}
