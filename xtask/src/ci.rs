//! `cargo xtask ci`: what the pipeline runs, in the order in which mistakes are cheapest to learn of; the tests come last so that their totals close the log.

use anyhow::Result;

use crate::command::{cargo, program, root, run as run_command};
use crate::{deny, install, test, tidy};

/// Runs everything, stopping at the first thing that is wrong.
pub fn run() -> Result<()> {
    run_command(cargo().args(["fmt", "--all", "--check"]))?;
    tidy::run()?;
    deny::run()?;
    deployment()?;
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

/// The files of `deploy/` and docker-compose.yml are understood by the programs that read them (no container engine is needed for that).
fn deployment() -> Result<()> {
    match install::find_or_install("docker-compose", &["docker-compose"])? {
        Some(compose) => run_command(program(compose).args(["config", "--quiet"]))?,
        None => println!("note: docker-compose is not here, so docker-compose.yml is not checked"),
    }
    match install::find_or_install("caddy", &["caddy"])? {
        Some(caddy) => {
            let mut validate = program(caddy);
            validate.args(["validate", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"]);
            run_command(validate.envs(variables("deploy/caddy.env")?))
        }
        None => {
            println!("note: caddy is not here, so deploy/Caddyfile is not checked");
            Ok(())
        }
    }
}

/// The `KEY=VALUE` lines of a file.
fn variables(path: &str) -> Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(root().join(path))?;
    let pairs = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
