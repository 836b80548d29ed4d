//! The tests that look at towns from outside, each a Python script in `tests/` that ends with `N passed, N failed`: real client programs (`clients`, in a
//! virtual environment under `target/`), the pages in a browser (`browser`), Caddy in front (`topology`).

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{program, root, target};
use crate::install;
use crate::runner::{Totals, follow, script_totals};

/// What the scripts are given.
pub struct Surroundings<'a> {
    /// The built program.
    pub parvis: &'a Path,
    /// The same variables as for the Rust tests.
    pub variables: &'a [(&'a str, String)],
    /// Whether what is missing is an error instead of a note.
    pub strict: bool,
}

impl Surroundings<'_> {
    /// `tests/clients/run.py`: toot and Mastodon.py from PyPI.
    pub fn clients(&self) -> Result<Totals> {
        let mut script = self.script("tests/clients/run.py")?;
        run(script.arg("--venv").arg(target().join("clients-venv")))
    }

    /// `tests/browser/run.py`: every page in Chromium.
    pub fn browser(&self) -> Result<Totals> {
        let has_chromium = self.has("PARVIS_TEST_CHROMIUM");
        if !has_chromium || install::find_or_install("npm", &["nodejs", "npm"])?.is_none() {
            return self.left_out("tests/browser/run.py needs chromium, node and npm");
        }
        let mut script = self.script("tests/browser/run.py")?;
        run(script.arg("--shots").arg(target().join("screenshots")))
    }

    /// `tests/topology/run.py`: the topology of docker-compose.yml without containers.
    pub fn topology(&self) -> Result<Totals> {
        let has_postgres =
            self.has("PARVIS_TEST_POSTGRES") || std::env::var_os("PARVIS_TEST_POSTGRES").is_some();
        let caddy = install::find_or_install("caddy", &["caddy"])?;
        let openssl = install::find_or_install("openssl", &["openssl"])?;
        if !has_postgres || caddy.is_none() || openssl.is_none() {
            return self.left_out("tests/topology/run.py needs PostgreSQL, caddy and openssl");
        }
        run(&mut self.script("tests/topology/run.py")?)
    }

    fn has(&self, name: &str) -> bool {
        self.variables.iter().any(|(given, _)| *given == name)
    }

    fn left_out(&self, why: &str) -> Result<Totals> {
        if self.strict {
            bail!("{why}");
        }
        println!("note: {why}, so it is left out");
        Ok(Totals::default())
    }

    fn script(&self, path: &str) -> Result<Command> {
        let Some(python) = install::python()? else { bail!("{path} needs python3 with venv") };
        let mut command = program(python);
        command.arg(root().join(path)).arg("--parvis").arg(self.parvis);
        command.envs(self.variables.iter().map(|(name, value)| (*name, value.as_str())));
        Ok(command)
    }
}

/// Runs a script; one that does not say how many passed counts as one failure.
fn run(command: &mut Command) -> Result<Totals> {
    let (success, lines) = follow(command)?;
    let mut totals = script_totals(&lines).unwrap_or(Totals { passed: 0, failed: 1 });
    if !success && totals.failed == 0 {
        totals.failed = 1;
    }
    Ok(totals)
}
