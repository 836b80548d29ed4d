//! `cargo xtask conformance --schema FILE`: whether the client API answers in the shapes that Mastodon publishes.
//!
//! The router tests write down what they were answered ([`recording`]); each answer is compared with the schema of its row ([`schema`], [`rows`]), and
//! what parts of an entity were ever there is kept ([`seen`]). [`verdict`] judges the rows, [`report`] prints. The published document is
//! given by path and is not part of the repository; `tests/conformance/` has our own list of rows and the exceptions with their reasons.

mod recording;
mod report;
mod rows;
mod schema;
mod seen;
mod verdict;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

use crate::command::{Reported, root, target};
use crate::runner;

/// Where the published shapes are.
#[derive(clap::Args)]
pub struct Options {
    /// Mastodon's OpenAPI document (version 3.1, JSON).
    #[arg(long, value_name = "FILE")]
    schema: PathBuf,
    /// Judge what the last run wrote down instead of running the tests.
    #[arg(long)]
    again: bool,
    /// Count rows of tiers 1 and 2 that are not served as failures.
    #[arg(long)]
    whole: bool,
}

/// Runs the tests with recording, then compares.
pub fn run(options: &Options) -> Result<()> {
    let folder = target().join("conformance");
    if !options.again {
        record(&folder)?;
    }
    let ours = root().join("tests/conformance");
    let rows = rows::Rows::parse(&read(&ours.join("rows.tsv"))?)?;
    let exceptions = rows::Exceptions::parse(&read(&ours.join("exceptions.tsv"))?)?;
    let published = json(&options.schema)?;
    let Value::Object(shapes) = json(&ours.join("shapes.json"))? else { bail!("shapes.json is no object") };
    let schema = schema::Schema::new(published, &shapes, &exceptions)?;
    let recording = recording::read(&folder)?;
    let judged = verdict::judge(&rows, &exceptions, &schema, &recording)?;
    let failures = report::print(&judged, options.whole);
    if failures > 0 { Err(Reported.into()) } else { Ok(()) }
}

/// Runs the tests that speak the client API, which append to files in this folder.
fn record(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let variables = [("PARVIS_TEST_RECORD", folder.display().to_string())];
    // The whole workspace is what other commands build; another selection would build all dependencies again, with other features.
    let filter = "package(parvis-client-api) | package(system-tests)";
    let tests = ["--workspace", "-E", filter].map(ToOwned::to_owned);
    let outcome = runner::run(&tests, &variables)?;
    if outcome.totals.failed > 0 {
        bail!("{} tests failed, so their answers say nothing", outcome.totals.failed);
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn json(path: &Path) -> Result<Value> {
    serde_json::from_str(&read(path)?).with_context(|| format!("{} is no JSON", path.display()))
}

/// An object's members, or none.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
