//! `cargo xtask test`: everything on a fresh machine. Installs what is missing and may be installed, starts a throw-away PostgreSQL, builds, runs the Rust
//! tests and the scripts that look at towns from outside (client programs, browser, Caddy), and says at the end what ran where.
//!
//! Tests learn of it by their environment: `PARVIS_TEST_POSTGRES` (a database they may make databases beside), `PARVIS_TEST_LEDGER` (a file in which each test
//! with a database writes `sqlite NAME` or `postgres NAME`), `PARVIS_TEST_CHROMIUM` and `PARVIS_TEST_CHROMEDRIVER`, `PARVIS_TEST_BINARY` (the built `parvis`).

use anyhow::{Result, bail};

use crate::command::{Reported, cargo, root, run as run_command, target};
use crate::install;
use crate::postgres::Cluster;
use crate::runner;
use crate::scripts::Surroundings;

/// What to test.
#[derive(clap::Args)]
pub struct Options {
    /// Leave out the scripts: client programs, browser, Caddy.
    #[arg(long)]
    no_scripts: bool,
    /// Run nothing but the scripts.
    #[arg(long, conflicts_with_all = ["no_scripts", "runner"])]
    only_scripts: bool,
    /// Arguments for the test runner instead of `--workspace`, such as `-p parvis-store`.
    #[arg(last = true)]
    runner: Vec<String>,
}

impl Options {
    /// Everything.
    pub const fn everything() -> Self {
        Self { no_scripts: false, only_scripts: false, runner: Vec::new() }
    }
}

/// Runs the tests; the last line says `N passed, N failed`.
pub fn run(options: &Options) -> Result<()> {
    let strict = std::env::var_os("CI").is_some();
    let mut variables = Vec::new();
    let cluster = cluster(strict)?;
    if let Some(cluster) = &cluster {
        variables.push(("PARVIS_TEST_POSTGRES", cluster.url()));
    }
    match install::chromium()? {
        Some((browser, driver)) => {
            variables.push(("PARVIS_TEST_CHROMIUM", browser.display().to_string()));
            variables.push(("PARVIS_TEST_CHROMEDRIVER", driver.display().to_string()));
        }
        None if strict => bail!("chromium and chromedriver are missing and cannot be installed"),
        None => println!("note: no chromium with chromedriver here, so the tests in a browser are left out"),
    }
    if install::find_or_install("ffmpeg", &["ffmpeg"])?.is_none() {
        if strict {
            bail!("ffmpeg is missing and cannot be installed");
        }
        println!("note: no ffmpeg here, so the tests of video and sound are left out (each says SKIPPED)");
    }
    let ledger = target().join("test-ledger");
    std::fs::create_dir_all(target())?;
    std::fs::write(&ledger, "")?;
    variables.push(("PARVIS_TEST_LEDGER", ledger.display().to_string()));

    run_command(cargo().args(["build", "--package", "parvis-server"]))?;
    let parvis = target().join("debug/parvis");
    variables.push(("PARVIS_TEST_BINARY", parvis.display().to_string()));

    let outcome = if options.only_scripts {
        runner::Outcome::default()
    } else {
        runner::run(&options.runner, &variables)?
    };
    let mut scripts = Vec::new();
    if !options.no_scripts && options.runner.is_empty() {
        let surroundings = Surroundings { parvis: &parvis, variables: &variables, strict };
        scripts.push(("with client programs", surroundings.clients()?));
        scripts.push(("in a browser", surroundings.browser()?));
        scripts.push(("behind Caddy", surroundings.topology()?));
    }
    drop(cluster);

    let entries = std::fs::read_to_string(&ledger)?;
    let on = |name: &str| entries.lines().filter(|line| line.split(' ').next() == Some(name)).count();
    println!();
    for (name, totals) in &scripts {
        println!("{name}: {} passed, {} failed", totals.passed, totals.failed);
    }
    println!("with a database: {} tests on SQLite, {} tests on PostgreSQL", on("sqlite"), on("postgres"));
    outcome.closing.iter().for_each(|line| println!("{line}"));
    let totals = scripts.iter().fold(outcome.totals, |sum, (_, totals)| sum.plus(*totals));
    println!("{} passed, {} failed", totals.passed, totals.failed);
    if totals.failed > 0 { Err(Reported.into()) } else { Ok(()) }
}

/// A PostgreSQL for this run, unless one is given.
fn cluster(strict: bool) -> Result<Option<Cluster>> {
    if std::env::var_os("PARVIS_TEST_POSTGRES").is_some() {
        return Ok(None);
    }
    match install::postgresql()? {
        Some(programs) => Cluster::start(&programs).map(Some),
        None if strict => bail!("PostgreSQL is missing and cannot be installed"),
        None => {
            println!("note: no PostgreSQL in {}'s reach, so tests run on SQLite only", root().display());
            Ok(None)
        }
    }
}
