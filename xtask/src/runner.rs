//! Runs the Rust tests with cargo-nextest if it is installed, else with Cargo, and counts what they say.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::command::{cargo, find, shown};

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, timed out or could not be built.
    pub failed: u64,
}

impl Totals {
    /// Both together.
    pub const fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
        }
    }
}

/// What a run of the tests gave.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The totals over all packages.
    pub totals: Totals,
    /// The closing lines of the runner.
    pub closing: Vec<String>,
}

/// Runs the tests chosen by `arguments` (all when empty) with these variables in their environment.
pub fn run(arguments: &[String], variables: &[(&str, String)]) -> Result<Outcome> {
    let nextest = find("cargo-nextest").is_some();
    let mut command = cargo();
    if nextest {
        command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
    } else {
        command.args(["test", "--no-fail-fast"]);
    }
    if arguments.is_empty() {
        command.arg("--workspace");
    }
    command.args(arguments).envs(variables.iter().map(|(name, value)| (*name, value.as_str())));
    let (success, lines) = follow(&mut command)?;
    let mut outcome = if nextest { nextest_outcome(&lines) } else { cargo_outcome(&lines) };
    if !success && outcome.totals.failed == 0 {
        outcome.totals.failed = 1;
    }
    Ok(outcome)
}

/// Runs a command with both its outputs shown and kept.
pub fn follow(command: &mut Command) -> Result<(bool, Vec<String>)> {
    println!("→ {}", shown(command));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let out = child.stdout.take().context("no standard output")?;
    let err = child.stderr.take().context("no error output")?;
    let errors = std::thread::spawn(move || repeat(err, |line| eprintln!("{line}")));
    let mut lines = repeat(out, |line| println!("{line}"));
    let status = child.wait()?;
    lines.extend(errors.join().unwrap_or_default());
    Ok((status.success(), lines))
}

fn repeat(from: impl std::io::Read, show: impl Fn(&str)) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reader = BufReader::new(from);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        show(&line);
        lines.push(line);
        bytes.clear();
    }
    lines
}

/// `Summary [ 1.2s] 10 tests run: 8 passed (1 slow), 1 failed, 1 timed out, 3 skipped`
fn nextest_outcome(lines: &[String]) -> Outcome {
    let Some(line) = lines.iter().rev().find(|line| line.trim_start().starts_with("Summary [")) else {
        return Outcome::default();
    };
    let counts = line.split_once("run:").map_or("", |(_, counts)| counts);
    let mut totals = Totals::default();
    for part in counts.split(',') {
        let (number, what) = counted(part);
        if what.starts_with("passed") {
            totals.passed += number;
        } else if ["failed", "timed out", "exec failed", "aborted"].iter().any(|bad| what.starts_with(bad)) {
            totals.failed += number;
        }
    }
    Outcome { totals, closing: vec![line.trim().to_owned()] }
}

/// `test result: FAILED. 24 passed; 4 failed; 0 ignored; …`, one line per test program.
fn cargo_outcome(lines: &[String]) -> Outcome {
    let mut outcome = Outcome::default();
    for line in lines {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        else {
            continue;
        };
        for (number, what) in counts.split(';').map(counted) {
            match what {
                "passed" => outcome.totals.passed += number,
                "failed" => outcome.totals.failed += number,
                _ => {}
            }
        }
        outcome.closing = vec![line.clone()];
    }
    outcome
}

/// `8 passed (1 slow)` → 8 and `passed (1 slow)`.
fn counted(part: &str) -> (u64, &str) {
    let (number, what) = part.trim().split_once(' ').unwrap_or_default();
    (number.parse().unwrap_or_default(), what)
}

/// `N passed, N failed` as the last line of a script that tests.
pub fn script_totals(lines: &[String]) -> Option<Totals> {
    lines.iter().rev().find_map(|line| {
        let (passed, failed) = line.split_once(" passed, ")?;
        Some(Totals {
            passed: passed.trim().parse().ok()?,
            failed: failed.strip_suffix(" failed")?.parse().ok()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn the_summary_of_nextest_is_understood() {
        let said = lines(
            "   PASS [ 0.1s] a\n     Summary [   4.127s] 12 tests run: 8 passed (1 slow, 2 leaky), 3 failed, 1 timed out, 5 skipped\n  FAIL x",
        );
        assert_eq!(nextest_outcome(&said).totals, Totals { passed: 8, failed: 4 });
        let said = lines("     Summary [   0.012s] 28 tests run: 28 passed, 0 skipped");
        assert_eq!(nextest_outcome(&said).totals, Totals { passed: 28, failed: 0 });
        assert_eq!(nextest_outcome(&lines("error: could not compile")).totals, Totals::default());
    }

    #[test]
    fn the_results_of_cargo_test_are_added_up() {
        let said = lines(
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\ntest result: FAILED. 24 passed; 4 failed; 1 ignored; 0 measured",
        );
        assert_eq!(cargo_outcome(&said).totals, Totals { passed: 27, failed: 4 });
    }

    #[test]
    fn a_script_closes_with_its_totals() {
        assert_eq!(script_totals(&lines("x\n14 passed, 2 failed")), Some(Totals { passed: 14, failed: 2 }));
        assert_eq!(script_totals(&lines("Traceback")), None);
    }
}
