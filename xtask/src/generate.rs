//! Writes the generated files: `config.example.toml`, from the settings structs, by the test that otherwise compares it.

use anyhow::Result;

use crate::command::{cargo, run};

/// Writes all generated files.
pub fn run_all() -> Result<()> {
    run(cargo().env("UPDATE", "1").args(["test", "--quiet", "--package", "parvis-config", "example"]))
}
