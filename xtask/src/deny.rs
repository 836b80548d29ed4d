//! `cargo xtask deny`: licences, sources and forbidden packages against deny.toml, by cargo-deny. It is installed under `target/tools` when it is missing, as a debug
//! build, which takes under two minutes instead of many. Known vulnerabilities are checked too where the advisory database can be reached.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::command::{cargo, find, output, program, run as run_command, target};

/// The version that was tried with our deny.toml.
const VERSION: &str = "0.20.2";

/// Checks everything that can be checked from here.
pub fn run() -> Result<()> {
    let tool = tool()?;
    let deny = || {
        let mut command = program(tool.clone());
        command.args(["--log-level", "error"]);
        command
    };
    run_command(deny().args(["--locked", "check", "bans", "licenses", "sources"]))?;
    match output(deny().args(["fetch", "db"])) {
        Ok(_) => run_command(deny().args(["--locked", "check", "--disable-fetch", "advisories"])),
        Err(_) => {
            println!("advisories: skipped, the advisory database is out of reach");
            Ok(())
        }
    }
}

fn tool() -> Result<PathBuf> {
    let tools = target().join("tools");
    let ours = tools.join("bin/cargo-deny");
    if let Some(found) = find("cargo-deny").or_else(|| Some(ours.clone()).filter(|file| file.is_file())) {
        return Ok(found);
    }
    let building = tools.join("build");
    let mut install = cargo();
    install
        .args(["install", "--debug", "--locked", "--version", VERSION, "cargo-deny", "--root"])
        .arg(&tools);
    run_command(install.arg("--target-dir").arg(&building)).context("cargo-deny could not be installed")?;
    std::fs::remove_dir_all(&building)?;
    Ok(ours)
}
