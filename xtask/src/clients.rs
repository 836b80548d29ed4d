//! The tests with real client programs from PyPI: `tests/clients/run.py`, which makes itself a virtual environment under `target/`.

use std::path::Path;

use anyhow::{Result, bail};

use crate::command::{program, root, target};
use crate::install;
use crate::runner::{Totals, follow, script_totals};

/// Runs the script against the built `parvis`; a script that does not say how many passed counts as one failure.
pub fn run(parvis: &Path) -> Result<Totals> {
    let script = root().join("tests/clients/run.py");
    if !script.is_file() {
        return Ok(Totals::default());
    }
    let Some(python) = install::python()? else { bail!("tests/clients/run.py needs python3 with venv") };
    let mut command = program(python);
    command.arg(&script).arg("--parvis").arg(parvis).arg("--venv").arg(target().join("clients-venv"));
    let (success, lines) = follow(&mut command)?;
    let mut totals = script_totals(&lines).unwrap_or(Totals { passed: 0, failed: 1 });
    if !success && totals.failed == 0 {
        totals.failed = 1;
    }
    Ok(totals)
}
